import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { cancelObject } from '../../../protocol/acts/objects.ts';
import { G, add, multiplyPublic } from '../../../protocol/math/curve.ts';
import { l, r } from '../../../protocol/math/field.ts';
import { encodeDecryption } from '../../../protocol/tally/decryption.ts';
import { read } from '../deploy-compiled.ts';
import { officersAct } from '../fixture/acts.ts';
import type { Call } from '../fixture/ceremony.ts';
import { CeremonyRun } from '../fixture/ceremony.ts';
import { TRUSTEES } from '../fixture/config.ts';
import { keepChain, preparedBy, undoneEach } from '../fixture/prepared.ts';
import { toSettled } from '../fixture/stages.ts';
import { ballotsFor, decryptUnit, decryptionCall, holdBallots, postDecryption } from '../fixture/tally.ts';
import type { World } from '../fixture/world.ts';
import { REASON, deployWorld, refusal, send } from '../fixture/world.ts';

/** Three of five, eight options; unit 3 holds polls 3 to 5. */
const UNIT = 3;
const COUNTS = [11n, 0n, 7n, 1n, 0n, 2n, 0n, 30n];
let chain: EmbeddedChain;
let world: World;
let run: CeremonyRun;
beforeAll(async () => {
  chain = await startTestChain();
  world = await deployWorld(chain);
  run = new CeremonyRun(world);
  await toSettled(world, () => run.complete());
  await holdBallots(world, run, 3, ballotsFor([0, 10], [2, 7]));
  await holdBallots(world, run, 4, ballotsFor([0, 1], [7, 30]));
  await holdBallots(world, run, 5, ballotsFor([3, 1], [5, 2]));
  await holdBallots(world, run, 0, ballotsFor([0, 9], [1, 9]));
  await send(world, world.tally, 'aggregate', [1n]);
});
afterAll(() => chain.stop());
const keep = keepChain(() => chain);
undoneEach(keep);

type Refusal = readonly [string, readonly unknown[]] | undefined;
const tried = ([name, args]: Call): Promise<Refusal> => refusal(world, world.tally, name, args);
const honest = async (trustee: number): Promise<bigint[]> =>
  encodeDecryption(await decryptUnit(world, run, UNIT, trustee));
const posted = (trustee: number, words: readonly bigint[]): Promise<Refusal> =>
  tried(decryptionCall(world, run, UNIT, trustee, words));
const tryCounts = (counts: readonly bigint[]): Promise<Refusal> =>
  refusal(world, world.tally, 'submitCounts', [BigInt(UNIT), counts]);

describe('postDecryption', () => {
  it('takes an honest one, once', async () => {
    const words = await honest(2);
    expect(await posted(2, words)).toBeUndefined();
    await postDecryption(world, run, UNIT, 2);
    expect(await posted(2, words)).toEqual(['AlreadyPosted', [3n, 2n]]);
    expect(await read(chain, world.tally, 'decryptionsOf', [3n])).toBe(2n);
    const points = await read<bigint[]>(chain, world.tally, 'decryption', [3n, 2n]);
    const [qx, qy] = words as [bigint, bigint];
    const d = multiplyPublic({ x: qx, y: qy }, 8n);
    expect(points.slice(0, 2)).toEqual([d.x, d.y]);
  });

  it('refuses a wrong point in any lane, and errors that cancel over lanes', async () => {
    const words = await honest(2);
    for (const lane of [0, 1, 2, 3]) {
      const moved = add({ x: words[2 * lane]!, y: words[2 * lane + 1]! }, G);
      const wrong = [...words];
      [wrong[2 * lane], wrong[2 * lane + 1]] = [moved.x, moved.y];
      expect(await posted(2, wrong)).toEqual(['BadProof', [3n, 2n]]);
    }
    const plus = add({ x: words[0]!, y: words[1]! }, G);
    const minus = add({ x: words[2]!, y: words[3]! }, { x: r - G.x, y: G.y });
    expect(await posted(2, [plus.x, plus.y, minus.x, minus.y, ...words.slice(4)])).toEqual(['BadProof', [3n, 2n]]);
  });

  it('refuses another trustee’s, signed as one’s own', async () => {
    expect(await posted(3, await honest(2))).toEqual(['BadProof', [3n, 3n]]);
  });

  it('refuses two lanes exchanged', async () => {
    const words = await honest(2);
    const exchanged = [...words.slice(2, 4), ...words.slice(0, 2), ...words.slice(4)];
    expect(await posted(2, exchanged)).toEqual(['BadProof', [3n, 2n]]);
  });

  it('refuses points off the curve, coordinates not below r and responses not below l', async () => {
    const words = await honest(2);
    const changed = (at: number, value: bigint): bigint[] => words.map((word, i) => (i === at ? value : word));
    expect(await posted(2, changed(0, words[0]! + r))).toEqual(['BadPoint', [0n]]);
    expect(await posted(2, changed(7, 3n))).toEqual(['BadPoint', [3n]]);
    expect(await posted(2, changed(8, 3n))).toEqual(['BadPoint', [4n]]);
    expect(await posted(2, changed(11, words[11]! + r))).toEqual(['BadPoint', [5n]]);
    expect(await posted(2, changed(12, words[12]! + l))).toEqual(['BadResponse', [words[12]! + l]]);
    expect(await posted(2, changed(12, (words[12]! + 1n) % l))).toEqual(['BadProof', [3n, 2n]]);
  });

  it('refuses too few and too many lanes', async () => {
    const words = await honest(2);
    expect(await posted(2, words.slice(2))).toEqual(['WrongLength', [6n, 8n]]);
    expect(await posted(2, [0n, 1n, ...words])).toEqual(['WrongLength', [10n, 8n]]);
  });

  it('refuses a stranger, another attempt, another unit’s and an index there is none of', async () => {
    const words = await honest(2);
    const name = async (call: Call): Promise<string> => (await tried(call))![0];
    expect(await name(decryptionCall(world, run, UNIT, 2, words, TRUSTEES[2]))).toBe('NotTheTrustee');
    expect(await name(decryptionCall(world, run, UNIT, 2, words, undefined, 2))).toBe('NotTheTrustee');
    const [, args] = decryptionCall(world, run, 0, 2, words);
    expect(await name(['postDecryption', [3n, ...args.slice(1)]])).toBe('NotTheTrustee');
    for (const index of [0, 6]) {
      const [, call] = decryptionCall(world, run, UNIT, index, words, TRUSTEES[1]);
      expect(await name(['postDecryption', call])).toBe('NotTheTrustee');
    }
  });

  it('refuses units that are not, not yet or no longer to be decrypted', async () => {
    const words = await honest(2);
    expect(await tried(decryptionCall(world, run, 0, 2, words))).toEqual(['NotDecryptable', [0n, 0]]);
    expect(await tried(decryptionCall(world, run, 9, 2, words))).toEqual(['NotDecryptable', [9n, 0]]);
    await send(world, world.tally, 'aggregate', [0n]);
    expect(await tried(decryptionCall(world, run, 1, 2, words))).toEqual(['NotDecryptable', [1n, 1]]);
    for (const trustee of [1, 2, 3]) await postDecryption(world, run, UNIT, trustee);
    await send(world, world.tally, 'submitCounts', [3n, COUNTS]);
    expect(await posted(4, await honest(4))).toEqual(['AlreadyCounted', [3n]]);
  });

  it('makes cancelling impossible, and is impossible once cancelled', async () => {
    const words = await honest(2);
    const cancel = async (): Promise<unknown[]> => [
      REASON,
      ...(await officersAct(world, 'cancel', cancelObject(BigInt(REASON)))),
    ];
    expect(await refusal(world, world.election, 'cancel', await cancel())).toBeUndefined();
    const early = await cancel();
    await postDecryption(world, run, UNIT, 1);
    expect(await refusal(world, world.election, 'cancel', early)).toEqual(['DecryptionsBegun', []]);
    expect(await posted(2, words)).toBeUndefined();
  });

  it('is refused in a cancelled election', async () => {
    const act = await officersAct(world, 'cancel', cancelObject(BigInt(REASON)));
    await send(world, world.election, 'cancel', [REASON, ...act]);
    expect(await posted(2, await honest(2))).toEqual(['NotInForce', []]);
    expect(await tryCounts(COUNTS)).toEqual(['NotInForce', []]);
  });
});

describe('submitCounts', () => {
  it('refuses counts with fewer than t trustees', async () => {
    expect(await tryCounts(COUNTS)).toEqual(['TooFewDecryptions', [0n, 3n]]);
    await postDecryption(world, run, UNIT, 5);
    await postDecryption(world, run, UNIT, 4);
    expect(await tryCounts(COUNTS)).toEqual(['TooFewDecryptions', [2n, 3n]]);
  });

  describe('with three trustees', () => {
    preparedBy(keep, async () => {
      for (const trustee of [5, 2, 4]) await postDecryption(world, run, UNIT, trustee);
    });
    const changed = (at: number, value: bigint): bigint[] => COUNTS.map((count, i) => (i === at ? value : count));

    it('takes the counts the ciphertexts hold, and no others', async () => {
      expect(await tryCounts(changed(0, 12n))).toEqual(['WrongCounts', [0n]]);
      expect(await tryCounts(changed(7, 29n))).toEqual(['WrongCounts', [3n]]);
      const exchanged = [COUNTS[2]!, COUNTS[3]!, COUNTS[0]!, COUNTS[1]!, ...COUNTS.slice(4)];
      expect(await tryCounts(exchanged)).toEqual(['WrongCounts', [0n]]);
      expect(await tryCounts(COUNTS.slice(2))).toEqual(['WrongLength', [6n, 8n]]);
      expect(await tryCounts([...COUNTS, 0n])).toEqual(['WrongLength', [9n, 8n]]);
      await send(world, world.tally, 'submitCounts', [3n, COUNTS]);
      expect(await read(chain, world.tally, 'unitResult', [3n])).toEqual([4, true, 51n, COUNTS]);
      expect(await tryCounts(COUNTS)).toEqual(['AlreadyCounted', [3n]]);
    });

    it('refuses counts shifted by 2^32, the same point', async () => {
      const shifted = changed(2, COUNTS[2]! + (1n << 32n));
      shifted[3] = COUNTS[3]! - 1n;
      expect(await tryCounts(shifted)).toEqual(['CountTooLarge', [2n, COUNTS[2]! + (1n << 32n), 51n]]);
    });

    it('refuses counts above what the ballots can hold, up to the largest word', async () => {
      expect(await tryCounts(changed(0, 52n))).toEqual(['CountTooLarge', [0n, 52n, 51n]]);
      const largest = (1n << 256n) - 1n;
      expect(await tryCounts(changed(6, largest))).toEqual(['CountTooLarge', [6n, largest, 51n]]);
    });

    it('counts the first three however many follow', async () => {
      await postDecryption(world, run, UNIT, 1);
      await send(world, world.tally, 'submitCounts', [3n, COUNTS]);
      expect(await read(chain, world.tally, 'decryptionCount')).toBe(4n);
    });
  });

  it('comes to the same with any three trustees', async () => {
    for (const trustees of [
      [1, 2, 3],
      [1, 3, 5],
      [3, 4, 5],
    ]) {
      const back = await keep();
      for (const trustee of trustees) await postDecryption(world, run, UNIT, trustee);
      expect(await tryCounts(COUNTS)).toBeUndefined();
      await back();
    }
  });
});

describe('aggregate', () => {
  it('waits until the election is settled', async () => {
    const other = await deployWorld(chain, (config) => {
      config.trustees = [TRUSTEES[0]!.address];
      config.threshold = 1n;
    });
    const settled = other.config.times;
    const at = Number(settled.closesAt + settled.graceSeconds + settled.settleSeconds);
    await toSettled({ ...other, config: { ...other.config, times: { ...settled, settleSeconds: -1n } } }, () =>
      new CeremonyRun(other).complete(),
    );
    expect(await refusal(other, other.tally, 'aggregate', [0n])).toEqual(['WrongPhase', [4]]);
    await chain.advanceTo(at - 1);
    expect(await refusal(other, other.tally, 'aggregate', [0n])).toEqual(['NotSettled', [BigInt(at - 1), BigInt(at)]]);
    await chain.advanceTo(at);
    expect(await refusal(other, other.tally, 'aggregate', [0n])).toBeUndefined();
  });
});
