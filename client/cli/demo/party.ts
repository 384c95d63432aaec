import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomBytes } from '../../../protocol/node/random.ts';
import { encodeHex } from '../../../protocol/encoding.ts';

const URNA = fileURLToPath(new URL('../../../bin/urna.mjs', import.meta.url));

/** Somebody with a folder of their own: nothing but the chain and the files handed over passes between parties. */
export interface Party {
  readonly name: string;
  readonly folder: string;
}

/** What `--json` answers. */
export interface Answer {
  readonly ok: boolean;
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Makes a party: an empty folder with a passphrase file that only its owner can read. */
export function createParty(root: string, name: string): Party {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'passphrase'), `${encodeHex(randomBytes(12))}\n`, { mode: 0o600 });
  configure({ name, folder }, {});
  return { name, folder };
}

/** Writes the party's `urna.config.json`; the passphrase file is always in it. */
export function configure({ folder }: Party, settings: Readonly<Record<string, string>>): void {
  const config = { passphraseFile: 'passphrase', ...settings };
  writeFileSync(join(folder, 'urna.config.json'), `${JSON.stringify(config, null, 2)}\n`);
}

/** Hands copies of files or folders of one party to another. @param names - paths in the giver's folder @param into - folder of the receiver's */
export function hand(from: Party, to: Party, names: readonly string[], into = ''): void {
  mkdirSync(join(to.folder, into), { recursive: true });
  for (const name of names) cpSync(join(from.folder, name), join(to.folder, into, basename(name)), { recursive: true });
}

/** Runs `urna` as this party, in its folder, as a process of its own. @throws Error with the command's sentence unless it exits with 0 */
export async function urna(party: Party, ...words: readonly string[]): Promise<Answer['data']> {
  const { answer, status } = await urnaStatus(party, ...words);
  if (status !== 0)
    throw new Error(`${party.name}: urna ${words.join(' ')}: exit ${status}, ${JSON.stringify(answer)}`);
  return answer.data;
}

/** The same, whatever the exit status is. */
export async function urnaStatus(
  party: Party,
  ...words: readonly string[]
): Promise<{ answer: Answer; status: number }> {
  const { stdout, stderr, status } = await run(party, [...words, '--json']);
  try {
    return { answer: JSON.parse(stdout) as Answer, status };
  } catch {
    throw new Error(`${party.name}: urna ${words.join(' ')} answered no JSON: ${stdout}${stderr}`);
  }
}

/** What the command shows to people. @throws Error unless it exits with 0 */
export async function urnaText(party: Party, ...words: readonly string[]): Promise<string> {
  const { stdout, stderr, status } = await run(party, words);
  if (status !== 0) throw new Error(`${party.name}: urna ${words.join(' ')}: exit ${status}, ${stderr}`);
  return stdout;
}

function run({ folder }: Party, words: readonly string[]): Promise<{ stdout: string; stderr: string; status: number }> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const child = spawn(process.execPath, ['--no-warnings', URNA, ...words], { cwd: folder, env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ stdout, stderr, status: status ?? 70 }));
  });
}
