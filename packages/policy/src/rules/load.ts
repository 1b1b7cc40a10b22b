import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type * as z from 'zod';
import { baseline, baselineText } from './baseline.js';
import { type Cached, readCache, writeCache } from './cache.js';
import type { Conditions } from './conditions.js';
import { loadRegexCompiler, type RegexCompiler } from './match.js';
import { type Parsed, parseYaml } from './parse.js';
import { type Fault, RulesUnavailable } from './problem.js';
import { fromFamily, fromVersionOne, type Place, type RuleSet } from './rule-set.js';
import { type FamilyForm, family, type VersionOneForm, versionOne } from './schema.js';

export const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** The set that holds without a file. */
export const packagedRules: RuleSet = fromVersionOne(baseline, {
  file: 'packaged baseline',
  digest: digestOf(Buffer.from(baselineText)),
  placeOf: () => ({ line: 1, column: 1 }),
});

/**
 * Makes a rule set of a file's bytes. `file` is the name explanations use; with `cacheIn`, the path of the
 * cache, an unchanged file is not parsed again. Throws RulesUnavailable with every fault found.
 */
export async function loadRules(
  bytes: Uint8Array,
  { file = 'rules.yaml', cacheIn }: { file?: string; cacheIn?: string } = {},
): Promise<RuleSet> {
  const digest = digestOf(bytes);
  const cached = cacheIn === undefined ? undefined : await readCache(cacheIn, digest);
  const kept = cached && validate(cached.value);
  if (cached && kept?.form) return understand(kept.form, file, digest, cached.places, undefined);

  const parsed = await parseYaml(bytes);
  if (parsed.faults.length > 0) throw new RulesUnavailable(file, parsed.faults);
  const { form, issues } = validate(parsed.value);
  if (!form)
    throw new RulesUnavailable(
      file,
      issues.map((issue) => locate(issue, parsed)),
    );
  const places = topPlaces(parsed);
  const set = await understand(form, file, digest, places, parsed);
  if (cacheIn !== undefined) await writeCache(cacheIn, digest, { value: parsed.value, places });
  return set;
}

/** Path of the cache beside a rules file. */
export const cachePath = (rules: string): string => join(dirname(rules), 'rules.cache.json');

type Form = { version: 1; is: VersionOneForm } | { version: 'family'; is: FamilyForm };

function validate(value: unknown): { form?: Form; issues: readonly z.core.$ZodIssue[] } {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'version')) {
    const { data, error } = versionOne.safeParse(value);
    return data ? { form: { version: 1, is: data }, issues: [] } : { issues: error.issues };
  }
  const { data, error } = family.safeParse(value);
  return data ? { form: { version: 'family', is: data }, issues: [] } : { issues: error.issues };
}

async function understand(
  form: Form,
  file: string,
  digest: string,
  places: Cached['places'],
  parsed: Parsed | undefined,
): Promise<RuleSet> {
  const placeOf = (path: string): Place => places[path] ?? { line: 1, column: 1 };
  if (form.version === 'family') return fromFamily(form.is, { file, digest, placeOf });
  const regex = await regexFor(form.is, file, parsed);
  return fromVersionOne(form.is, { file, digest, placeOf, regex });
}

/** A compiler when some rule has an `re:`, after every pattern was tried. */
async function regexFor(
  form: VersionOneForm,
  file: string,
  parsed: Parsed | undefined,
): Promise<RegexCompiler | undefined> {
  const patterns = (form.rules ?? []).flatMap((rule, index) =>
    (['when', 'unless'] as const).flatMap((part) =>
      regexesIn(rule[part]).map(([name, re]) => ({
        path: `rules/${index}/${part}/args/${name}/re`,
        re,
      })),
    ),
  );
  if (patterns.length === 0) return undefined;
  const compile = await loadRegexCompiler();
  const faults = patterns.flatMap(({ path, re }): Fault[] => {
    try {
      compile(re);
      return [];
    } catch {
      return [
        { message: 'is no regular expression RE2 understands', place: parsed?.values.get(path) },
      ];
    }
  });
  if (faults.length > 0) throw new RulesUnavailable(file, faults);
  return compile;
}

const regexesIn = (conditions: Conditions | undefined): [string, string][] =>
  Object.entries(conditions?.args ?? {}).flatMap(([name, { re }]) =>
    re === undefined ? [] : [[name, re] as [string, string]],
  );

/** Places of the entries a decision may name. The rest is only needed while the file is wrong. */
const topPlaces = ({ values, keys }: Parsed): Cached['places'] =>
  Object.fromEntries(
    [...values].flatMap(([path, place]) =>
      path.split('/').length <= 2 ? [[path, keys.get(path) ?? place]] : [],
    ),
  );

/** A schema issue in words, at the value it is about, or at the key nobody knows. */
function locate(issue: z.core.$ZodIssue, { keys, values }: Parsed): Fault {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return {
      message: `${inWords(path)}does not know ${first(issue.keys)}`,
      place: keys.get([...path, key].join('/')),
    };
  }
  const places = issue.code === 'invalid_key' ? keys : values;
  let place: Place | undefined;
  for (let length = path.length; length >= 0 && !place; length--)
    place = places.get(path.slice(0, length).join('/'));
  return { message: `${inWords(path)}${textOf(issue)}`, place };
}

/** What is wrong with a key is said inside: the issue itself only says that it is invalid. */
const textOf = (issue: z.core.$ZodIssue): string =>
  (issue.code === 'invalid_key' && issue.issues[0]?.message) || issue.message;

/** A file may have thousands of keys nobody knows. */
const first = (keys: readonly string[], most = 5): string =>
  keys.length > most
    ? `${keys.slice(0, most).join(', ')} and ${keys.length - most} more`
    : keys.join(', ');

const inWords = (path: readonly string[]) => (path.length === 0 ? '' : `${path.join('.')}: `);
