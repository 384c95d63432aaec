import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../../protocol/canonical-json.ts';
import type { EligibilitySettings } from '../../../server/eligibility/settings.ts';

const PROGRAM = join(import.meta.dirname, '../../../dist/eligibility.mjs');
/** Throws when the process is sent a message: an error of ours that nobody catches. */
const FAILING = 'data:text/javascript,process.on("message",()=>{throw new Error("inside")})';

/** How a program ended, and all that it said. */
export interface Ended {
  readonly status: number;
  readonly said: string;
}

/** Exit status and code of a program that failed. */
export function verdictOf({ status, said }: Ended): [number, string] {
  return [status, /\[(\S+)\]\n$/u.exec(said)?.[1] ?? said];
}

/** The registrar's program with these words, as its operators run it. */
export async function operate(
  folder: string,
  settings: EligibilitySettings,
  words: readonly string[],
  change: Readonly<Record<string, Json>> = {},
): Promise<Ended> {
  return ended(folder, { ...settings, ...change }, [PROGRAM, ...words]);
}

/** The same program as a service, in which an error that nobody catches is thrown as soon as it listens. */
export function failOnceListening(folder: string, settings: EligibilitySettings): Promise<Ended> {
  return ended(folder, { ...settings }, ['--import', FAILING, PROGRAM]);
}

async function ended(folder: string, settings: object, args: readonly string[]): Promise<Ended> {
  const config = join(folder, 'operator.json');
  const given = Object.entries(settings).filter(([, value]) => value !== '');
  writeFileSync(config, JSON.stringify(Object.fromEntries(given)));
  const child = spawn(process.execPath, ['--no-warnings', ...args, '--config', config], {
    ...{ env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const before = said;
      said += text;
      if (args.includes(FAILING) && !before.includes('listening') && said.includes('listening')) child.send('fail');
    });
  }
  const [status] = (await once(child, 'close')) as [number];
  return { status, said };
}
