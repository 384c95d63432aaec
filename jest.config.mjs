import { POSEIDON } from './bundling/poseidon.mjs';

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
  // Of circomlibjs what bundles hold of it: all of it takes a second of processor time in each suite.
  moduleNameMapper: {
    '^circomlibjs$': POSEIDON,
    '/poseidon_constants_opt\\.js$': '<rootDir>/bundling/poseidon.mjs',
  },
  resolver: '<rootDir>/test/resolver.cjs',
  testTimeout: 120_000,
  // One more than the two cores: suites on real chains spend much of their time waiting for blocks.
  maxWorkers: 3,
  testSequencer: '<rootDir>/test/longest-first.mjs',
};
