import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Row } from '../row.ts';
import { median, rowAtMost } from '../row.ts';

const OBSERVER = join(import.meta.dirname, '../../../client/observer-go');
const SAMPLES = 5;
const TARGET = 0.5;

/** What `go test -json` says of a benchmark: lines of its output, which may come in pieces. */
interface Event {
  readonly Output?: string;
}

function run(command: string, words: readonly string[]): string {
  return execFileSync(command, words, { cwd: OBSERVER, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/**
 * Row `verify/go` (DESIGN §5): milliseconds of processor time that the second verifier takes for a ballot of `ballot-8`, from the
 * line of the record to its proof, on however many cores. Other work on the machine counts only as far as it shares them.
 */
export function rows(): Promise<Row[]> {
  const go = run('bash', ['go.sh']).trim();
  const words = [
    'test',
    './check',
    '-run',
    '^$',
    '-bench',
    '^BenchmarkBallot$',
    '-benchtime',
    '3x',
    '-count',
    `${SAMPLES}`,
    '-json',
  ];
  const output = run(go, words)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as Event).Output ?? '')
    .join('');
  const found = [...output.matchAll(/([0-9.]+) cpu-ms\/ballot/gu)].map(([, number]) => Number(number));
  if (found.length !== SAMPLES) throw new Error(`the benchmark of client/observer-go measured nothing: ${output}`);
  return Promise.resolve([rowAtMost('verify/go', median(found), 'ms a ballot and core', TARGET, null, SAMPLES)]);
}
