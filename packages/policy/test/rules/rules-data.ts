/** A rules file of version 1 as plain data, before anybody has checked it. */
export interface FileForm {
  readonly version: 1;
  readonly default: {
    readonly read: 'permit' | 'forbid';
    readonly write: 'permit' | 'forbid';
    readonly consent?: Readonly<Record<string, string>>;
  };
  readonly roles: Readonly<Record<string, { readonly users: string[]; readonly level: string }>>;
  readonly rules: readonly RuleData[];
}

export interface RuleData {
  readonly id: string;
  readonly effect: 'forbid' | 'permit' | 'require';
  readonly tools?: string[];
  readonly effects?: string[];
  readonly risk?: { readonly min?: string; readonly max?: string };
  readonly targets?: { readonly names?: string[]; readonly environments?: string[] };
  readonly roles?: string[];
  readonly when?: ConditionData;
  readonly unless?: ConditionData;
  readonly obligations?: { readonly consent?: string; readonly dry_run_first?: true };
}

export type Scalar = string | number | boolean | null;

export interface ArgumentData {
  readonly glob?: string;
  readonly equals?: Scalar;
  readonly in?: Scalar[];
  readonly min?: number;
  readonly max?: number;
}

export interface WindowData {
  readonly days?: string[];
  readonly from?: string;
  readonly to?: string;
}

export interface ConditionData {
  readonly args?: Readonly<Record<string, ArgumentData>>;
  readonly window?: WindowData;
  readonly rate?: { readonly max: number; readonly per: string };
  readonly blast_radius?: { readonly min?: number; readonly max?: number };
}
