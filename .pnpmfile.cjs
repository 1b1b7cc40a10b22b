/** pnpm writes a package's dependencies in the order in which it happened to read them: sorted, two packs are the same bytes. */
function beforePacking(manifest) {
  for (const field of [
    'dependencies',
    'devDependencies',
    'optionalDependencies',
    'peerDependencies',
  ])
    if (manifest[field])
      manifest[field] = Object.fromEntries(
        Object.entries(manifest[field]).sort(([a], [b]) => (a < b ? -1 : 1)),
      );
  return manifest;
}

module.exports = { hooks: { beforePacking } };
