import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../client/observer-go');

/** What the second verifier answered: exit status, code, and the report, or why there is none. */
export interface GoAnswer {
  readonly status: number;
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Builds the verifier in Go. @returns its path */
export function buildGoObserver(): string {
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  return execFileSync('bash', ['build.sh'], { cwd: FOLDER, encoding: 'utf8', stdio }).trim();
}

/** `urna-observe run`. @param build - `build.json` of whoever verifies, never the record's own */
export function observeInGo(observer: string, record: string, build: string): Promise<GoAnswer> {
  const words = ['run', '--record', join(record, 'record.json'), '--build', build, '--json'];
  return new Promise((resolve, reject) => {
    const child = execFile(observer, words, { maxBuffer: 2 ** 24 }, (_, stdout, stderr) => {
      try {
        const { code, data } = JSON.parse(stdout) as Omit<GoAnswer, 'status'>;
        resolve({ status: child.exitCode ?? -1, code, data });
      } catch {
        reject(new Error(`${record}: no answer: ${stderr}`));
      }
    });
  });
}
