const { replacedPrimes } = require('../bundling/replace-primes.cjs');

/** Jest's way of finding modules, but for the one that bundles replace too. */
module.exports = (request, options) =>
  replacedPrimes(request, options.basedir) ?? options.defaultResolver(request, options);
