import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { resultHash } from '../../../protocol/tally/combine.ts';
import { read } from '../deploy-compiled.ts';
import { CeremonyRun } from '../fixture/ceremony.ts';
import { TRUSTEES, singleChoice } from '../fixture/config.ts';
import { certifyAct, toSettled } from '../fixture/stages.ts';
import type { World } from '../fixture/world.ts';
import { deployWorld, send } from '../fixture/world.ts';

const UNITS = 160;
/** Below what later forks of Ethereum allow a transaction. */
const TRANSACTION_GAS = 16_700_000n;

let chain: EmbeddedChain;
let world: World;
beforeAll(async () => {
  chain = await startTestChain();
  // A city: one contest of eight options, every district a unit of its own.
  world = await deployWorld(chain, (config) => {
    const numbers = Array.from({ length: UNITS }, (_, i) => i);
    config.trustees = [TRUSTEES[0]!.address];
    config.threshold = 1n;
    config.voters = numbers.map(() => 1_000n);
    config.contests = [singleChoice(4, 8)];
    config.units = numbers.map(() => ({ contest: 0, mergeInto: 0 }));
    config.polls = numbers.map((i) => ({ contest: 0, district: i, unit: i }));
  });
  await toSettled(world, () => new CeremonyRun(world).complete());
});
afterAll(() => chain.stop());

describe('an election of 160 units', () => {
  it('is aggregated in pieces, counted and certified, each within a transaction', async () => {
    for (let first = 0; first < UNITS; first += 20) {
      const { gasUsed } = await send(world, world.tally, 'aggregateUnits', [BigInt(first), 20n]);
      expect(gasUsed).toBeLessThan(TRANSACTION_GAS);
    }
    const empty = { state: 'empty', nonEmpty: 0, counts: [0, 0, 0, 0, 0, 0, 0, 0] } as const;
    const expected = resultHash(Array.from({ length: UNITS }, () => empty));
    expect(BigInt(await read<Hex>(chain, world.tally, 'resultHash'))).toBe(expected);
    const { gasUsed } = await send(world, world.election, 'certify', await certifyAct(world));
    expect(gasUsed).toBeLessThan(2_000_000n);
  });
});
