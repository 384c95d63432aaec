import { join } from 'node:path';
import config from '../../../jest.config.mjs';

/** Only the records of `prepare.ts`. */
export default {
  ...config,
  rootDir: join(import.meta.dirname, '../../..'),
  roots: ['<rootDir>/test/tampered/mutation'],
  testMatch: ['**/*.mutation.ts'],
  maxWorkers: 1,
};
