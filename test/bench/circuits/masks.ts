import { availableParallelism } from 'node:os';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import { contextBase } from '../../../protocol/ballot/slot.ts';
import { ProvingPool } from '../../../protocol/node/proving-pool.ts';
import type { MaskJob } from '../../../protocol/ballot/prove-mask.ts';
import type { Row } from '../row.ts';
import { median } from '../row.ts';
import { after, id, openPoll } from '../../circuits/fixture.ts';
import { ballot } from './prove.ts';

/** Masks that a thread makes before its circuit is prepared, and more: not timed. */
const WARM_UP = 12;
const MASKS = 20;
const SAMPLES = 3;
/** An election of the size that Urna is for, with the rounds that a definition has by default: two, and the grace. */
const SLOTS = 1_500_000;
const ROUNDS = 3;
const DAY_MS = 86_400_000;

/** Row `masks` (DESIGN §5): masks a core and day by processor time, for each circuit, and what the whole city would need. */
export async function rows(): Promise<Row[]> {
  const measured: Row[] = [];
  for (const name of ['ballot-2', 'ballot-8', 'ballot-16']) measured.push(...(await circuitRows(name)));
  return measured;
}

async function circuitRows(name: string): Promise<Row[]> {
  const circuit = await ballot(name);
  const lanes = Number(name.slice('ballot-'.length)) / 2;
  const poll = await openPoll(ruleOf('approval', {}, 2 * lanes));
  const cast = poll.vote(
    0,
    poll.constants.rule.max.map(() => 0n),
  );
  const job: MaskJob = {
    constants: poll.constants,
    contextBase: contextBase(id),
    slot: cast.update.nullifier,
    state: after(cast),
  };
  const threads = availableParallelism();
  const pool = new ProvingPool(new Map([[lanes, circuit]]), threads);
  const make = (count: number): Promise<unknown> => Promise.all(Array.from({ length: count }, () => pool.prove(job)));
  try {
    await make(threads * WARM_UP);
    const times: number[] = [];
    for (let i = 0; i < SAMPLES; i++) {
      const before = process.cpuUsage();
      await make(MASKS);
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000 / MASKS);
    }
    const perDay = DAY_MS / median(times);
    const reported = { reference: null, ratio: null, target: 'reported', met: null, samples: SAMPLES };
    const cores = (SLOTS * ROUNDS) / perDay;
    return [
      { name: `masks/${name}`, value: perDay, unit: 'masks a core and day', ...reported },
      { name: `masks/${name}/city`, value: cores, unit: 'core days, 1.5M slots × 3 rounds', ...reported },
    ];
  } finally {
    await pool.close();
  }
}
