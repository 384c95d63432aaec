import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { folderFiles } from '../../protocol/node/record-folder.ts';
import type { Evidence } from '../../protocol/checks/replay/evidence.ts';
import type { Report, RunOptions } from '../../protocol/checks/run.ts';
import { openRecord, verifyRecord } from '../../protocol/checks/verify-record.ts';
import { UrnaError } from '../../protocol/errors.ts';

/** Folder of the verifier in Go. */
export const OBSERVER = join(import.meta.dirname, '../../client/observer-go');

/** What the two verifiers must agree on; the sentences are each one's own. */
export interface Verdict {
  readonly checks: readonly {
    readonly number: number;
    readonly title: string;
    readonly items: number;
    readonly ok: boolean;
  }[];
  readonly ok: boolean;
  readonly complete: boolean;
  readonly assurance?: string | null | undefined;
  readonly entries: number;
  readonly sealed: boolean;
  readonly rounds: Report['rounds'];
}

/** The verdict, or the code with which a record that is not whole is refused. */
export type Answer = Verdict | string;

/** An answer, the sentence of a refusal, and the exit status of DESIGN §4. */
export interface Told {
  readonly answer: Answer;
  readonly message: string;
  readonly status: number;
}

/** What a command prints. */
export function run(command: string, words: readonly string[]): string {
  return execFileSync(command, words, { cwd: OBSERVER, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function verdict({ checks, ok, complete, assurance, sealed, entries, rounds }: Verdict): Verdict {
  const answers = checks.map(({ number, title, items, ok: fine }) => ({ number, title, items, ok: fine }));
  return { checks: answers, ok, complete, assurance: assurance ?? null, sealed, entries, rounds };
}

/** Our own answer about the record in a folder. */
export async function ours(folder: string, build: Evidence['build'], options: RunOptions = {}): Promise<Told> {
  const files = folderFiles(folder);
  try {
    const answer = verdict(await verifyRecord(files, await openRecord(files), build, options));
    return { answer, message: '', status: !answer.ok ? 1 : answer.complete ? 0 : 6 };
  } catch (error) {
    if (error instanceof UrnaError) return { answer: error.code, message: error.message, status: 3 };
    throw error;
  }
}

/** The answer of the Go program `observer`. @param build - path of the published build */
export function theirs(observer: string, folder: string, build: string): Promise<Told> {
  const words = ['run', '--record', join(folder, 'record.json'), '--build', build, '--json'];
  return new Promise((resolve, reject) => {
    const child = execFile(observer, words, (_, stdout, stderr) => {
      try {
        const { code, data } = JSON.parse(stdout) as { code: string; data: Verdict | { message: string } };
        const status = child.exitCode ?? -1;
        if ('checks' in data) resolve({ answer: verdict(data), message: '', status });
        else resolve({ answer: code, message: data.message, status });
      } catch {
        reject(new Error(`${folder}: no answer: ${stderr}`));
      }
    });
  });
}

/** The place that a refusal names: file; of a segment also line and entry. */
export function placeOf({ message }: Told): string {
  const [place = ''] =
    /record\.json|segments\/\d{6}\.jsonl\.gz(?:, line \d+ \(entry \d+\))?|files\/[\w./-]+/u.exec(message) ?? [];
  return place;
}
