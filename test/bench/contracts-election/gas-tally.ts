import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { CeremonyRun } from '../../contracts/fixture/ceremony.ts';
import { certifyAct, toSettled } from '../../contracts/fixture/stages.ts';
import { ballotsFor, holdBallots, postDecryption } from '../../contracts/fixture/tally.ts';
import { deployWorld, send } from '../../contracts/fixture/world.ts';
import type { Row } from '../row.ts';
import { rowAtMost } from '../row.ts';

const TARGET = 2_500_000;

/** Gas of a whole count, step by step: three districts' sums, 3 of 5 trustees, eight options, the officers' certificate. */
export async function gasOfTally(): Promise<
  Readonly<Record<'aggregate' | 'decryptions' | 'counts' | 'certify', number>>
> {
  const chain = await startEmbeddedChain();
  try {
    // One contest, one unit of three districts.
    const world = await deployWorld(chain, (config) => {
      config.contests = config.contests.slice(1);
      config.units = [{ contest: 0, mergeInto: 0 }];
      config.polls = [0, 1, 2].map((district) => ({ contest: 0, district, unit: 0 }));
    });
    const run = new CeremonyRun(world);
    await toSettled(world, () => run.complete());
    await holdBallots(world, run, 0, ballotsFor([0, 60], [3, 7]));
    await holdBallots(world, run, 1, ballotsFor([1, 30], [7, 2]));
    await holdBallots(world, run, 2, ballotsFor([0, 50], [4, 9]));
    const aggregate = (await send(world, world.tally, 'aggregate', [0n])).gasUsed;
    let decryptions = 0n;
    for (const trustee of [1, 3, 5]) decryptions += await postDecryption(world, run, 0, trustee);
    const counts = [110n, 30n, 0n, 7n, 9n, 0n, 0n, 2n];
    const submitted = (await send(world, world.tally, 'submitCounts', [0n, counts])).gasUsed;
    const certified = (await send(world, world.election, 'certify', await certifyAct(world))).gasUsed;
    return {
      aggregate: Number(aggregate),
      decryptions: Number(decryptions),
      counts: Number(submitted),
      certify: Number(certified),
    };
  } finally {
    await chain.stop();
  }
}

/** Rows `gas-tally` (DESIGN §5: the whole count, everything posted) and its parts. */
export async function rows(): Promise<Row[]> {
  const parts = await gasOfTally();
  const total = Object.values(parts).reduce((sum, gas) => sum + gas, 0);
  const reported = Object.entries(parts).map(([name, value]): Row => ({
    name: `gas-tally/${name}`,
    value,
    unit: 'gas',
    reference: null,
    ratio: null,
    target: 'reported',
    met: null,
    samples: 1,
  }));
  return [rowAtMost('gas-tally', total, 'gas', TARGET), ...reported];
}
