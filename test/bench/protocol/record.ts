import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Row } from '../row.ts';
import { rowAtMost } from '../row.ts';
import type { RecordMeasure } from './record-run.ts';

const UPDATES = 1_500_000;

/** In a process of its own, so that the memory is that of the record and nothing else. */
function measured(): Promise<RecordMeasure> {
  const child = fork(fileURLToPath(new URL('record-run.ts', import.meta.url)));
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as RecordMeasure));
    child.once('exit', (status) => reject(new Error(`the record bench ended with ${status}`)));
  });
}

function reported(name: string, value: number, unit: string): Row {
  return { name, value, unit, reference: null, ratio: null, target: 'reported', met: null, samples: 1 };
}

/**
 * Rows `record` (DESIGN §5): writing and verifying the updates of 1.5M voters, extrapolated from a thousand with simulated proofs, four
 * lanes; CPU time of one core. Memory is the most that the process ever held, with 1.5M slots in its table. The voters of these updates are
 * on no roll, so that other checks than that of the proofs fail: the work is the same.
 */
export async function rows(): Promise<Row[]> {
  const { updates, slots, exportSeconds, verifySeconds, diskBytes, peakBytes } = await measured();
  const all = UPDATES / updates;
  if (slots !== UPDATES) throw new Error('the table does not hold the slots');
  return [
    reported('record/export, CPU', exportSeconds * all, 's'),
    reported('record/verify, CPU', verifySeconds * all, 's'),
    reported('record/size', (diskBytes * all) / 2 ** 30, 'GiB'),
    rowAtMost('record/memory', peakBytes / 2 ** 20, 'MiB', 1024),
  ];
}
