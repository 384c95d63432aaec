import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Row } from '../row.ts';
import { rowAtMost } from '../row.ts';
import type { CityMeasure } from './city-run.ts';
import type { ViewMeasure } from './city-view.ts';
import type { RecordMeasure } from './record-run.ts';

const VOTERS = 1_500_000;
/** Voters of three districts, who all register; only the last one's signatures are true. */
const DISTRICTS = [800_000, 696_000, 4_000] as const;
const SIGNED = 2;

/** In a process of its own, so that its memory is that of what it measures and nothing else. @returns what it sends, undefined if it sends nothing */
function inProcess(script: string, ...words: readonly (string | number)[]): Promise<unknown> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), words.map(String));
  return new Promise((resolve, reject) => {
    let sent: unknown;
    child.once('message', (message) => (sent = message));
    child.once('exit', (status) =>
      status === 0 ? resolve(sent) : reject(new Error(`the record bench ended with ${status}`)),
    );
  });
}

function reported(name: string, value: number, unit: string): Row {
  return { name, value, unit, reference: null, ratio: null, target: 'reported', met: null, samples: 1 };
}

async function measureCity(): Promise<readonly [CityMeasure, ViewMeasure]> {
  const folder = mkdtempSync(join(tmpdir(), 'urna-city-'));
  try {
    const record = join(folder, 'record');
    await inProcess('city-make.ts', record, DISTRICTS.join(), SIGNED);
    const view = (await inProcess('city-view.ts', record, VOTERS)) as ViewMeasure;
    return [(await inProcess('city-run.ts', record, VOTERS, SIGNED)) as CityMeasure, view];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Rows `record` (DESIGN §5). Writing and verifying the updates of 1.5M voters is extrapolated from a thousand with simulated proofs, four
 * lanes; CPU time of one core. The voters of these updates are on no roll, so that other checks than that of the proofs fail: the work is
 * the same. The roll of 1.5M members and its 1.5M registrations are verified as a whole, but for the signatures, of which four thousand
 * are and the time of the others is extrapolated. Memory is the most that this process ever held, with a table of 1.5M slots beside it:
 * what a trustee who decrypts and an officer who seals, anchors or certifies need, too. A voter's view is that of a voter in this city
 * with 1.5M first casts.
 */
export async function rows(): Promise<Row[]> {
  const { updates, exportSeconds, verifySeconds, diskBytes } = (await inProcess('record-run.ts')) as RecordMeasure;
  const all = VOTERS / updates;
  const [city, view] = await measureCity();
  if (city.slots !== VOTERS || city.registrations !== VOTERS) throw new Error('the city is not a city');
  return [
    reported('record/export, CPU', exportSeconds * all, 's'),
    reported('record/verify, CPU', verifySeconds * all, 's'),
    reported('record/verify roll, CPU', city.seconds + city.secondsASignature * VOTERS, 's'),
    reported('record/signature, CPU', city.secondsASignature * 1e6, 'µs'),
    reported('record/size', (diskBytes * all) / 2 ** 30, 'GiB'),
    rowAtMost('record/memory', city.peakBytes / 2 ** 20, 'MiB', 1024),
    reported('record/memory, a voter’s view', view.peakBytes / 2 ** 20, 'MiB'),
    reported('record/a voter’s view, CPU', view.seconds, 's'),
  ];
}
