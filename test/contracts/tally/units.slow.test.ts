import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { cancelObject } from '../../../protocol/acts/objects.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { O, pointWords } from '../../../protocol/math/curve.ts';
import { resultHash } from '../../../protocol/tally/combine.ts';
import type { EncryptedSums } from '../../../protocol/tally/units.ts';
import { aggregateUnits } from '../../../protocol/tally/units.ts';
import { read } from '../deploy-compiled.ts';
import { officersAct } from '../fixture/acts.ts';
import { CeremonyRun } from '../fixture/ceremony.ts';
import { oneTrusteeOneLane } from '../fixture/config.ts';
import { keepChain, undoneEach } from '../fixture/prepared.ts';
import { certifyAct, toSettled } from '../fixture/stages.ts';
import { ballotsFor, holdBallots, postDecryption } from '../fixture/tally.ts';
import type { World } from '../fixture/world.ts';
import { REASON, deployWorld, refusal, send } from '../fixture/world.ts';

let chain: EmbeddedChain;
let world: World;
let run: CeremonyRun;
beforeAll(async () => {
  chain = await startTestChain();
  // One trustee, one lane; contest 0: unit 1 merges into unit 0, unit 2 stands alone, small ones are withheld; at least five.
  world = await deployWorld(chain, oneTrusteeOneLane);
  run = new CeremonyRun(world);
  await toSettled(world, () => run.complete());
});
afterAll(() => chain.stop());
undoneEach(keepChain(() => chain));

const MERGED = 1;
const EMPTY = 2;
const WITHHELD = 3;
const OPEN = 4;

const hold = (poll: number, yes: number, no: number): Promise<void> =>
  holdBallots(world, run, poll, ballotsFor([0, yes], [1, no]));
const states = async (): Promise<[number, bigint][]> => {
  const answers: [number, bigint][] = [];
  for (const unit of [0n, 1n, 2n]) {
    const [state, , nonEmpty] = await read<[number, boolean, bigint]>(chain, world.tally, 'unitResult', [unit]);
    answers.push([state, nonEmpty]);
  }
  return answers;
};
const sumsOf = async (poll: number): Promise<EncryptedSums> => {
  const nonEmpty = Number(await read<bigint>(chain, world.ballots, 'nonEmpty', [BigInt(poll)]));
  if (nonEmpty === 0) return { nonEmpty, R: O, C: [O] };
  const [rx, ry, cx, cy] = await read<bigint[]>(chain, world.ballots, 'sums', [BigInt(poll)]);
  return { nonEmpty, R: { x: rx!, y: ry! }, C: [{ x: cx!, y: cy! }] };
};

describe('aggregate', () => {
  it('leaves large units alone', async () => {
    await hold(0, 4, 2);
    await hold(1, 1, 4);
    await hold(2, 9, 0);
    await send(world, world.tally, 'aggregate', [0n]);
    expect(await states()).toEqual([
      [OPEN, 6n],
      [OPEN, 5n],
      [OPEN, 9n],
    ]);
  });

  it('adds a unit too small to the one its definition names', async () => {
    await hold(0, 4, 0);
    await hold(1, 1, 3);
    await hold(2, 5, 0);
    await send(world, world.tally, 'aggregate', [0n]);
    expect(await states()).toEqual([
      [OPEN, 8n],
      [MERGED, 4n],
      [OPEN, 5n],
    ]);
    const units = [
      { unit: 0, mergeInto: null, polls: [await sumsOf(0)] },
      { unit: 1, mergeInto: 0, polls: [await sumsOf(1)] },
      { unit: 2, mergeInto: null, polls: [await sumsOf(2)] },
    ];
    const rule = { minAnonymitySet: 5, onSmall: 'withhold', lanes: 1 } as const;
    for (const { unit, R, C } of aggregateUnits(units, rule)) {
      const words = await read<bigint[]>(chain, world.tally, 'unitSums', [BigInt(unit)]);
      expect(words).toEqual(pointWords(R, ...C));
    }
  });

  it('withholds what is too small before and after merging, as the contest announced', async () => {
    await hold(0, 2, 0);
    await hold(1, 1, 1);
    await hold(2, 4, 0);
    await send(world, world.tally, 'aggregate', [0n]);
    expect(await states()).toEqual([
      [WITHHELD, 4n],
      [MERGED, 2n],
      [WITHHELD, 4n],
    ]);
    for (const unit of [0n, 1n, 2n]) {
      const [name] = (await refusal(world, world.tally, 'submitCounts', [unit, [1n, 1n]]))!;
      expect(name).toBe('NotDecryptable');
    }
  });

  it('decrypts small units where the contest announced that', async () => {
    await hold(4, 1, 0);
    await send(world, world.tally, 'aggregate', [1n]);
    const [state, counted, nonEmpty] = await read<[number, boolean, bigint]>(chain, world.tally, 'unitResult', [3n]);
    expect([state, counted, nonEmpty]).toEqual([OPEN, false, 1n]);
  });

  it('counts zero where nobody voted, an empty merged unit included', async () => {
    await send(world, world.tally, 'aggregate', [0n]);
    expect(await states()).toEqual([
      [EMPTY, 0n],
      [MERGED, 0n],
      [EMPTY, 0n],
    ]);
    expect(await read(chain, world.tally, 'unitResult', [2n])).toEqual([EMPTY, true, 0n, [0n, 0n]]);
  });

  it('comes to the same in any order of units', async () => {
    await hold(0, 4, 0);
    await hold(1, 1, 3);
    await send(world, world.tally, 'aggregateUnits', [1n, 2n]);
    await send(world, world.tally, 'aggregate', [0n]);
    expect(await states()).toEqual([
      [OPEN, 8n],
      [MERGED, 4n],
      [EMPTY, 0n],
    ]);
  });

  it('happens once', async () => {
    await send(world, world.tally, 'aggregate', [0n]);
    expect(await refusal(world, world.tally, 'aggregate', [0n])).toEqual(['NothingToAggregate', [0n]]);
    expect(await refusal(world, world.tally, 'aggregateUnits', [2n, 1n])).toEqual(['AlreadyAggregated', [2n]]);
    expect(await refusal(world, world.tally, 'aggregateUnits', [3n, 2n])).toEqual(['NoSuchUnit', [4n]]);
  });

  it('is refused in a cancelled election', async () => {
    const act = await officersAct(world, 'cancel', cancelObject(BigInt(REASON)));
    await send(world, world.election, 'cancel', [REASON, ...act]);
    expect(await refusal(world, world.tally, 'aggregate', [0n])).toEqual(['WrongPhase', [8]]);
  });
});

describe('certify', () => {
  it('is taken once all units are final, for this result', async () => {
    await hold(0, 2, 0);
    await hold(5, 4, 3);
    await send(world, world.tally, 'aggregate', [0n]);
    await send(world, world.tally, 'aggregate', [1n]);
    expect(await refusal(world, world.tally, 'resultHash')).toEqual(['NotCounted', []]);
    expect(await refusal(world, world.election, 'certify', [0n, []])).toEqual(['WrongPhase', [5]]);
    await postDecryption(world, run, 3, 1);
    await send(world, world.tally, 'submitCounts', [3n, [4n, 3n]]);
    const expected = resultHash([
      { state: 'withheld', nonEmpty: 2, counts: [0, 0] },
      { state: 'merged', nonEmpty: 0, counts: [0, 0] },
      { state: 'empty', nonEmpty: 0, counts: [0, 0] },
      { state: 'open', nonEmpty: 7, counts: [4, 3] },
    ]);
    expect(BigInt(await read<Hex>(chain, world.tally, 'resultHash'))).toBe(expected);
    const [expiry, signatures] = await certifyAct(world);
    const [other] = await officersAct(world, 'certify', expected + 1n);
    expect(other).toBe(expiry);
    const wrong = (await officersAct(world, 'certify', expected + 1n))[1];
    expect((await refusal(world, world.election, 'certify', [expiry, wrong]))![0]).toBe('NotAnOfficer');
    await send(world, world.election, 'certify', [expiry, signatures]);
    expect(await read(chain, world.election, 'phase')).toBe(7);
    expect(await refusal(world, world.election, 'certify', [expiry, signatures])).toEqual(['WrongPhase', [7]]);
  });
});
