import type { Terminal } from './terminal.js';

/** What a check found. `warn` is worth knowing and stops nothing. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** The command or edit that mends it. */
  readonly remedy?: string;
}

export interface Check {
  readonly name: string;
  run(): Promise<Finding>;
}

export interface Context {
  readonly name: string;
  readonly environment: string;
  readonly host: string;
  readonly current: boolean;
}

export interface InitOptions {
  /** Replace a target that has the name. */
  readonly force: boolean;
  /** Write the target without trying its login. */
  readonly skipTest: boolean;
}

/** What a package can do on this machine, besides its tools. Loaded only by the commands that need it. */
export interface Local {
  /** Checks for `doctor`, after policy's own, in the order in which they depend on each other. */
  checks(target: string | undefined, skipAuth: boolean): Promise<readonly Check[]>;
  /** Every login that calls will need, tried one after the other. */
  preflight?(target: string | undefined): Promise<readonly Check[]>;
  contexts(): Promise<readonly Context[]>;
  /** Makes a target the default one. Throws an error with a remedy for a name that is not configured. */
  use(name: string): Promise<void>;
  /** Forgets that a login was refused, so that the next call tries again. */
  resetLogin(target: string): Promise<void>;
  /** The wizard: asks for a target, shows its certificate, stores the password, tests the login. */
  init(terminal: Terminal, options: InitOptions): Promise<void>;
}
