import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { CeremonyRun } from '../../contracts/fixture/ceremony.ts';
import { approve } from '../../contracts/fixture/stages.ts';
import { deployWorld } from '../../contracts/fixture/world.ts';
import type { Row } from '../row.ts';
import { median, rowAtMost } from '../row.ts';

const TARGET = 450_000;

/** Gas of each step of a ceremony: 3 of 5 trustees, 4 lanes. */
export async function gasOfCeremony(): Promise<
  Readonly<Record<'commit' | 'reveal' | 'deal' | 'confirm', number[]>> & { finish: number }
> {
  const chain = await startEmbeddedChain();
  try {
    const world = await deployWorld(chain);
    await approve(world);
    const run = new CeremonyRun(world);
    await run.begin();
    const gas = {
      commit: [] as number[],
      reveal: [] as number[],
      deal: [] as number[],
      confirm: [] as number[],
      finish: 0,
    };
    const { active } = run.state;
    for (const trustee of active) gas.commit.push(Number(await run.post(run.commitBody(trustee))));
    for (const trustee of active) gas.reveal.push(Number(await run.post(run.revealBody(trustee))));
    const deals = [];
    for (const trustee of active) deals.push(await run.dealBody(trustee));
    for (const deal of deals) gas.deal.push(Number(await run.post(deal)));
    for (const trustee of active) gas.confirm.push(Number(await run.post(run.confirmBody(trustee))));
    gas.finish = Number(await run.finish());
    return gas;
  } finally {
    await chain.stop();
  }
}

/** Rows `gas-ceremony/…` (DESIGN §5): the dearest reveal has a target, the other steps are reported. */
export async function rows(): Promise<Row[]> {
  const gas = await gasOfCeremony();
  const reported = (name: string, value: number, samples: number): Row => ({
    name: `gas-ceremony/${name}`,
    value,
    unit: 'gas',
    reference: null,
    ratio: null,
    target: 'reported',
    met: null,
    samples,
  });
  const { commit, reveal, deal, confirm, finish } = gas;
  return [
    rowAtMost('gas-ceremony/reveal', Math.max(...reveal), 'gas', TARGET, null, reveal.length),
    reported('commit', median(commit), commit.length),
    reported('deal', median(deal), deal.length),
    reported('confirm', median(confirm), confirm.length),
    reported('finish', finish, 1),
  ];
}
