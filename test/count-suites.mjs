// Reads jest's report and fails where a suite or test was left out: a skipped test is a test that cannot fail.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const [report, leftOut, ...folders] = process.argv.slice(2);
const ignored = leftOut === '' ? undefined : new RegExp(leftOut);
const result = JSON.parse(readFileSync(report, 'utf8'));
const expected = readdirSync('test', { recursive: true })
  .map((file) => `test/${file}`)
  .filter((file) => file.endsWith('.test.ts') && ignored?.test(resolve(file)) !== true)
  .filter((file) => folders.length === 0 || folders.some((folder) => file.includes(folder)));
const ran = new Set(result.testResults.map(({ name }) => name.slice(name.indexOf('/test/') + 1)));
const missing = expected.filter((file) => ![...ran].some((name) => name.endsWith(file)));
const skipped = result.numPendingTests + result.numTodoTests;

console.log(`${result.numPassedTests} passed, ${result.numFailedTests} failed, ${skipped} skipped`);
for (const file of missing) console.error(`did not run: ${file}`);
if (missing.length > 0 || skipped > 0 || result.numTotalTests === 0) process.exit(1);
