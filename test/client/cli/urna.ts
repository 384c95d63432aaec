import { afterAll } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = join(import.meta.dirname, '../../../bin/urna.mjs');

/** What the real command answered. */
export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON object on stdout, undefined where there is none. */
  readonly answer:
    { readonly ok: boolean; readonly code: string; readonly data: Readonly<Record<string, unknown>> } | undefined;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder of its own, which goes when the file's tests are over. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'urna-'));
  folders.push(folder);
  return folder;
}

/** Runs the built command as a process in `folder`. */
export function urna(
  folder: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const child = spawn(process.execPath, [BINARY, ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      resolve({ status: status ?? -1, stdout, stderr, answer: parse(stdout) });
    });
  });
}

function parse(stdout: string): Run['answer'] {
  try {
    return JSON.parse(stdout) as Run['answer'];
  } catch {
    return undefined;
  }
}

/** `{exit, code}` of a call with `--json`. */
export async function verdict(
  folder: string,
  ...words: readonly string[]
): Promise<{ exit: number; code: string | undefined }> {
  const { status, answer } = await urna(folder, [...words, '--json']);
  return { exit: status, code: answer?.code };
}

/** Writes a file and returns its path. */
export function put(folder: string, name: string, content: string | Uint8Array, mode = 0o644): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode });
  return path;
}
