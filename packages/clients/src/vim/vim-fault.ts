import type { FaultFields } from './types.js';

/** A fault a VIM server answered with, as it came. `explain` in faults.ts makes it readable. */
export class VimFault extends Error {
  override readonly name = 'VimFault';
  /** `InvalidPowerState`, or `MethodFault` when the server did not say. */
  readonly type: string;
  readonly fields: FaultFields;

  constructor(fields: FaultFields, message: string) {
    super(message);
    this.type = fields.$type ?? 'MethodFault';
    this.fields = fields;
  }
}
