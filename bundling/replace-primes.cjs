// Where wasmcurves' list of number functions is replaced: in bundles for Node (build.mjs), in pages (client/web/bundle) and in tests (test/resolver.cjs).
const { join } = require('node:path');

/** The module instead of `request`; undefined if what `importer` asks for is any other module. @param importer - its file or folder */
exports.replacedPrimes = (request, importer) =>
  request === './bigint.js' && /[/\\]wasmcurves[/\\]src(?:[/\\]|$)/.test(importer)
    ? join(__dirname, 'known-primes.cjs')
    : undefined;
