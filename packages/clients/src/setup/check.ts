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

/** Somebody to ask, and a place to say things. */
export interface Terminal {
  readonly isInteractive: boolean;
  ask(question: string): Promise<string>;
  askHidden(question: string): Promise<string>;
  talk(text: string): void;
}
