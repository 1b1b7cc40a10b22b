/** A rules.yaml that must not load: what is wrong with it, its bytes, and a pattern of the `line:column` to be named. */
export type Broken = readonly [what: string, content: string | Buffer, place: string];

const rules = (text: string) => `version: 1\nrules:\n  - id: a\n    effect: forbid\n${text}`;
const requiring = (text: string) => `version: 1\nrules:\n  - id: a\n    effect: require\n${text}`;
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');
const bomb = lines(10, (index) =>
  index === 0 ? 'k0: &k0 [x]\n' : `k${index}: &k${index} [${`*k${index - 1},`.repeat(9)}]\n`,
);

/** What is no YAML, or more YAML than a rules file may be. */
export const noYaml: readonly Broken[] = [
  ['is 0 bytes', '', '1:1'],
  ['is white space', ' \n\n', '1:1'],
  ['is only a document marker', '---\n', '1:4'],
  ['is UTF-16 with the low byte first', Buffer.from('\ufeffversion: 1\n', 'utf16le'), '1:1'],
  [
    'is UTF-16 with the high byte first',
    Buffer.from('\ufeffversion: 1\n', 'utf16le').swap16(),
    '1:1',
  ],
  ['is UTF-16 without a mark', Buffer.from('version: 1\n', 'utf16le'), '1:2'],
  ['is Latin-1', Buffer.from('version: 1\n# f\u00fcr\n', 'latin1'), '2:4'],
  ['ends in half a character', Buffer.from('version: 1\n# \u00fc', 'utf8').subarray(0, -1), '2:3'],
  ['has a NUL', 'version: 1\nrules: []\0\n', '2:10'],
  ['holds two documents', 'version: 1\n---\nversion: 1\n', '2:1'],
  ['is indented with tabs', 'version: 1\ndefault:\n\twrite: permit\n', '3:1'],
  ['leaves a list open', 'version: 1\nrules: [{id: a\n', '3:1'],
  ['leaves a text open', 'version: 1\nrules: "\n', '3:1'],
  ['leaves a list of lists open', 'version: 1\nrules: [[\n', '3:1'],
  ['has a key twice', 'version: 1\nversion: 1\n', '2:1'],
  ['has a key twice, written differently', 'version: 1\n"versio\\x6e": 1\n', '2:1'],
  ['has a key twice deep inside', rules('    when: {rate: {max: 1, per: 1h, max: 9}}\n'), '5:36'],
  ['is an alias bomb', `version: 1\n${bomb}`, '3:10'],
  [
    'uses an anchor once',
    rules('    tools: &t [x]\n  - {id: b, effect: permit, tools: *t}\n'),
    '6:36',
  ],
  ['merges a key', 'version: 1\ndefault: {<<: {write: permit}}\n', '2:11'],
  ['has a tag that makes code', 'version: !!js/function "return 1"\n', '1:10'],
  ['has a tag of its own', 'version: 1\ndefault: !safe {write: permit}\n', '2:10'],
  ['is nested 20,000 levels deep', `version: 1\nrules: ${'['.repeat(20_000)}`, '2:\\d+'],
  ['is nested 17 levels deep', `version: 1\nrules: ${'['.repeat(17)}${']'.repeat(17)}\n`, '2:24'],
  ['has 25,000 keys', `version: 1\n${lines(25_000, (index) => `k${index}:\n`)}`, '2:1'],
  ['has a number of 10,000 digits', `version: 1\nrules: ${'9'.repeat(10_000)}\n`, '2:8'],
  ['has a list for a key', 'version: 1\n? [a]\n: b\n', '1:1'],
];

/** What is YAML, and says something that no rules file says. */
export const noRules: readonly Broken[] = [
  ['has a key of null', 'version: 1\n~: permit\n', '1:1'],
  ['has a key of a boolean', 'version: 1\ndefault: {true: permit}\n', '2:10'],
  ['has the key no', 'version: 1\ndefault: {no: permit}\n', '2:11'],
  [
    'has an octal number where text is meant',
    'version: 1\nrules:\n  - {id: 0600, effect: forbid}\n',
    '3:10',
  ],
  [
    'has a clock without quotes that is a number',
    rules('    when: {window: {from: 2200, to: 2300}}\n'),
    '5:27',
  ],
  ['has a clock of one digit', rules('    when: {window: {from: 9:00, to: "10:00"}}\n'), '5:27'],
  ['says yes where a consent is meant', 'version: 1\ndefault: {consent: {low: yes}}\n', '2:26'],
  ['says no where a default is meant', 'version: 1\ndefault: {write: no}\n', '2:18'],
  ['says on where a flag is meant', requiring('    obligations: {dry_run_first: on}\n'), '5:34'],
  ['has a version that is text', 'version: "1"\n', '1:10'],
  ['has a version of the future', 'version: 2\n', '1:10'],
  ['has rules that are a map', 'version: 1\nrules: {a: forbid}\n', '2:8'],
  ['has an effect in capitals', 'version: 1\nrules:\n  - {id: a, effect: Forbid}\n', '3:21'],
  ['has an infinite limit', rules('    when: {blast_radius: {max: .inf}}\n'), '5:32'],
  ['has a limit that is no number', rules('    when: {args: {n: {max: .nan}}}\n'), '5:28'],
  ['does not know a key of the file', 'version: 1\nrulez: []\n', '2:1'],
  ['does not know a key of default', 'version: 1\ndefault: {reads: permit}\n', '2:11'],
  ['does not know a key of consent', 'version: 1\ndefault: {consent: {severe: seal}}\n', '2:21'],
  [
    'does not know a key of a role',
    'version: 1\nroles: {a: {user: [b], level: read_only}}\n',
    '2:13',
  ],
  ['does not know a key of a rule', rules('    tool: [x]\n'), '5:5'],
  ['does not know a key of targets', rules('    targets: {environment: [prod]}\n'), '5:15'],
  ['does not know a key of risk', rules('    risk: {minimum: low}\n'), '5:12'],
  ['does not know a key of when', rules('    when: {arg: {a: {max: 1}}}\n'), '5:12'],
  ['does not know a key of unless', rules('    unless: {ticket: true}\n'), '5:14'],
  ['does not know a key of an argument', rules('    when: {args: {a: {regex: x}}}\n'), '5:23'],
  ['does not know a key of a window', rules('    when: {window: {day: [sat]}}\n'), '5:21'],
  [
    'does not know a key of a rate',
    rules('    when: {rate: {max: 1, per: 1h, every: 1h}}\n'),
    '5:36',
  ],
  ['does not know a key of a size', rules('    when: {blast_radius: {most: 1}}\n'), '5:27'],
  ['does not know a key of obligations', requiring('    obligations: {approve: 1}\n'), '5:19'],
  [
    'does not know a key of a test',
    'version: 1\ntests:\n  - {call: a, expect: forbid, expects: x}\n',
    '3:31',
  ],
  ['gives prototypes keys', 'version: 1\n__proto__: {default: {write: permit}}\n', '2:1'],
];
