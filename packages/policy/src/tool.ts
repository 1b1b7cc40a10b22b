import * as z from 'zod';
import type { Approval, Progress } from './call.js';

/** What a tool does to the target: looks, changes, or destroys something that was there. */
export type Effect = 'read' | 'write' | 'destroy';
export type Risk = 'low' | 'medium' | 'high' | 'critical';

/** Permission levels, lowest first. Each includes the ones before it. */
export const levels = [
  'read_only',
  'power_ops',
  'vm_lifecycle',
  'host_admin',
  'full_admin',
] as const;
export type Level = (typeof levels)[number];

/** What one change touches. `total` may exceed `objects.length`: names are a sample, the count is not. */
export interface BlastRadius {
  readonly total: number;
  readonly objects: readonly {
    readonly type: string;
    readonly id: string;
    readonly name: string;
  }[];
  /** Whether a later call can put things back as they were. */
  readonly reversible: boolean;
}

/**
 * How a later call puts a change back: the tool and its input, and what a read must still say of the object for
 * that to be right. `state` is a part of the read's output; see `differs`.
 */
export interface Inverse {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expects: {
    readonly tool: string;
    readonly input: Readonly<Record<string, unknown>>;
    readonly state: Readonly<Record<string, unknown>>;
  };
}

/** What a change would do, said before it is done. */
export interface Plan {
  /** One sentence a person can agree to, built from what the target reported. */
  readonly summary: string;
  readonly changes: readonly string[];
  /** The changing requests, in order, exactly as they will be sent: `PowerOffVM_Task VirtualMachine:vm-12`. */
  readonly requests: readonly string[];
  readonly blast_radius: BlastRadius;
  /** Reasons why the change cannot go ahead now. Any entry refuses it. */
  readonly blockers: readonly string[];
  /** What could not be found out. Any entry refuses the change: unknown means no. */
  readonly unmeasured: readonly string[];
  /** A person, or one who is not the requester, has to agree to this, whatever the rules ask for. */
  readonly consent?: 'human' | 'second_person';
  /** This plan destroys something, though its tool seldom does: it needs what a destroy needs. */
  readonly destroys?: true;
  /** How `vmware-audit undo` takes it back. Every reversible plan has one. */
  readonly undo?: Inverse;
}

/** What a body may use besides its input and clients. */
export interface Context<P extends Plan | undefined = Plan | undefined> {
  readonly signal: AbortSignal;
  readonly progress: (step: Progress) => void;
  /** The plan that was agreed to. A run does what it says and nothing else. */
  readonly plan: P;
  /** Whoever agreed with `vmware-audit approve`. */
  readonly approved: readonly Approval[];
}

/** Everything about a tool except how to run it. */
export interface Card<
  In extends z.ZodObject = z.ZodObject,
  Out extends z.ZodObject = z.ZodObject,
  E extends Effect = Effect,
> {
  /** MCP name, verb first. The file has the same name in kebab-case. */
  readonly name: string;
  /** CLI usage. Words in angle brackets are inputs; the other inputs become flags. */
  readonly usage: string;
  /** One sentence. A model reads it on every turn, so every word costs. */
  readonly summary: string;
  readonly effect: E;
  readonly risk: Risk;
  /** Permission level a caller needs. */
  readonly level: Level;
  /** Privileges the target's account needs, as the target names them. */
  readonly privileges?: readonly string[];
  /** Milliseconds a call may take, the person's time not counted. */
  readonly timeout?: number;
  /** Some plans of this write destroy something, and say so with `destroys`. */
  readonly mayDestroy?: boolean;
  /** Repeating the call with the same input changes nothing more. */
  readonly idempotent?: boolean;
  /** Columns of the compact form and of tables; the first six fields of an item otherwise. */
  readonly columns?: readonly string[];
  /** What the command prints when `-o` does not say: `table` otherwise. */
  readonly format?: 'table' | 'json' | 'jsonl' | 'yaml' | 'text';
  /** Command-line flags that are not named as their inputs, or have a letter too: `{ name: 'n, display-name' }`. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Inputs that take the target's place: a call that has all of them reads files and asks no target. */
  readonly offline?: readonly string[];
  /** Older names that still answer, never listed. */
  readonly aliases?: readonly string[];
  /** Command lines for `--help`, without the program's name. */
  readonly examples?: readonly string[];
  /** Acts on our own records on this machine: it has no target. */
  readonly local?: boolean;
  /** Reads our own records to find out what is wrong: local, allowed without rules, leaves no row. */
  readonly diagnostic?: boolean;
  /** For people at a command line: never offered over MCP. */
  readonly cliOnly?: boolean;
  /** `--follow` repeats the call, with this input set to what this field of the last answer says. */
  readonly follows?: { readonly input: string; readonly field: string };
  /** The exit code of a command by what a field of its output says: `{ field: 'verdict', codes: { tampered: 1 } }`. */
  readonly exits?: {
    readonly field: string;
    readonly codes: Readonly<Record<string, number>>;
  };
  readonly input: In;
  readonly output: Out;
}

declare const needs: unique symbol;

/** A finished tool is its card. Its body is out of reach: only the pipeline runs it. */
export interface Tool<
  Clients = never,
  In extends z.ZodObject = z.ZodObject,
  Out extends z.ZodObject = z.ZodObject,
> extends Card<In, Out> {
  readonly [needs]?: (clients: Clients) => void;
}

/** What is left to say of a tool whose input is settled: how to run it. */
export interface Runs<
  In extends z.ZodObject,
  Out extends z.ZodObject,
  Clients,
  P extends Plan | undefined,
> {
  run(
    body: (input: z.output<In>, clients: Clients, context: Context<P>) => Promise<z.input<Out>>,
  ): Tool<Clients, In, Out>;
}

/** What a change has to say first: what it would do. */
export interface Plans<In extends z.ZodObject, Out extends z.ZodObject, Clients> {
  plan(
    describe: (input: z.output<In>, clients: Clients, context: Context<undefined>) => Promise<Plan>,
  ): Runs<In, Out, Clients, Plan>;
}

/** A read runs. A change says what it would change, and only then runs. */
type Draft<
  In extends z.ZodObject,
  Out extends z.ZodObject,
  E extends Effect,
  Clients,
> = E extends 'read' ? Runs<In, Out, Clients, undefined> : Plans<In, Out, Clients>;

interface Body {
  plan?(input: unknown, clients: unknown, context: Context<undefined>): Promise<Plan>;
  run(input: unknown, clients: unknown, context: Context): Promise<Record<string, unknown>>;
}

const bodies = new WeakMap<object, Body>();

/** Binds a package's clients once: `export const defineTool = toolsFor<VsphereClients>()`. */
export const toolsFor =
  <Clients>() =>
  <In extends z.ZodObject, Out extends z.ZodObject, E extends Effect>(
    card: Card<In, Out, E>,
  ): Draft<In, Out, E, Clients> => {
    const finish = (body: Body) => {
      const tool = Object.freeze({ ...card });
      bodies.set(tool, body);
      return tool;
    };
    const draft = {
      plan: (plan: NonNullable<Body['plan']>) => ({
        run: (run: Body['run']) => finish({ plan, run }),
      }),
      run: (run: Body['run']) => finish({ run }),
    };
    return draft as unknown as Draft<In, Out, E, Clients>;
  };

/** Not exported from the package: there is no way to a body around the pipeline. */
export function bodyOf(tool: Card): Body {
  const body = bodies.get(tool);
  if (!body) throw new TypeError(`${tool.name} was not made by defineTool`);
  return body;
}

/** An input that is never written down: `password: secret()`. */
export const secret = () => z.string().meta({ writeOnly: true });

/** An output string that may be long: a description or an annotation. Cut at 1,000 code points, not 500. */
export const longText = () => z.string().meta({ long: true });

/** An output string that lets its holder in: a kubeconfig. Handed over whole, and recorded as its SHA-256 only. */
export const credential = () => z.string().meta({ credential: true });

export const isLocal = ({
  local = false,
  diagnostic = false,
}: Pick<Card, 'local' | 'diagnostic'>) => local || diagnostic;

/** Whether going through with a plan destroys something. */
export const isDestructive = ({ effect }: Pick<Card, 'effect'>, plan: Plan | undefined): boolean =>
  effect === 'destroy' || plan?.destroys === true;
