// Runs the benchmarks named on the command line, or all of them. A bench resolves to findings: ratios with a target,
// or facts without one. Exits with 1 when a target is missed.
const benches = ['startup', 'mcp-start', 'call', 'rules', 'append', 'verify', 'inventory', 'dfw'];
const wanted = process.argv.slice(2).filter((word) => word !== '--');
const unknown = wanted.find((name) => !benches.includes(name));
if (unknown !== undefined) {
  console.error(`There is no bench named ${unknown}. Use: npm run bench -- ${benches.join('|')}`);
  process.exit(2);
}

let missed = 0;
for (const name of benches) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { bench } = await import(`./${name}.mjs`);
  console.log(`\n${name}`);
  for (const { what, ratio, target, detail } of await bench()) {
    const isMissed = target !== undefined && ratio > target;
    if (isMissed) missed += 1;
    const verdict = target === undefined ? '    ' : isMissed ? 'MISS' : 'ok  ';
    const figure = ratio === undefined ? ''.padStart(6) : `${ratio.toFixed(2)}x`.padStart(6);
    const limit = target === undefined ? ''.padEnd(14) : `(at most ${target}x)`.padEnd(14);
    console.log(`  ${verdict} ${figure} ${limit} ${what}${detail ? `; ${detail}` : ''}`);
  }
}
if (missed > 0) console.log(`\n${missed} missed`);
process.exitCode = missed > 0 ? 1 : 0;
