// wasmcurves asks of each modulus whether it is prime, whenever a curve is made: 176 rounds of Miller and Rabin, a third of all the work. Those of
// BN254 are (test/protocol/math/known-primes); of any other number it is asked.
const bigint = require('../node_modules/wasmcurves/src/bigint.js');

const PRIMES = new Set([
  0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n,
  0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n,
]);

module.exports = { ...bigint, isPrime: (number) => PRIMES.has(number) || bigint.isPrime(number) };
