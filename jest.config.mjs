/** One config; suites are sorted into fast and slow by file name: `*.test.ts` and `*.slow.test.ts`. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/build/', '<rootDir>/.cache/'],
  // Its Poseidon alone, as in bundles: the package's entry loads a whole Ethereum library, 0.3 s for each suite.
  moduleNameMapper: { '^circomlibjs$': '<rootDir>/node_modules/circomlibjs/src/poseidon_wasm.js' },
  testTimeout: 120_000,
  // One more than the two cores: suites on real chains spend much of their time waiting for blocks.
  maxWorkers: 3,
  testSequencer: '<rootDir>/test/longest-first.mjs',
};
