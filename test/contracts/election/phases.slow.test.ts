import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { cancelObject } from '../../../protocol/acts/objects.ts';
import { read } from '../deploy-compiled.ts';
import { officersAct } from '../fixture/acts.ts';
import { CeremonyRun } from '../fixture/ceremony.ts';
import { oneTrusteeOneLane } from '../fixture/config.ts';
import { approve, buildRoll, certifyAct, extend, extendAct, sealCredentials, sealRoll } from '../fixture/stages.ts';
import type { World } from '../fixture/world.ts';
import { REASON, deployWorld, refusal, send, undone } from '../fixture/world.ts';

const PHASES = ['defined', 'registering', 'challenge', 'ready', 'open', 'closed', 'counted', 'certified', 'cancelled'];

let chain: EmbeddedChain;
let world: World;
let t: { opens: number; closes: number; grace: number; settled: number };
beforeAll(async () => {
  chain = await startTestChain();
  // One trustee, one lane: the ceremony is not what is tried here.
  world = await deployWorld(chain, oneTrusteeOneLane);
  const { opensAt, closesAt, graceSeconds, settleSeconds } = world.config.times;
  const grace = Number(closesAt + graceSeconds);
  t = { opens: Number(opensAt), closes: Number(closesAt), grace, settled: grace + Number(settleSeconds) };
});
afterAll(() => chain.stop());

const phase = async (): Promise<string> => PHASES[await read<number>(chain, world.election, 'phase')]!;
const round = (): Promise<[bigint, bigint, bigint]> => read(chain, world.election, 'currentRound');
const words = (...numbers: number[]): bigint[] => numbers.map(BigInt);

/** Roll sealed, keys made, before the polls open. */
async function toReady(): Promise<void> {
  await approve(world);
  await sealCredentials(world, [3, 0, 2]);
  await new CeremonyRun(world).complete();
  await chain.advanceTo(Number(world.config.times.registrationCloses));
  await buildRoll(world, [[1n, 2n], [], [7n]]);
  await chain.advance(Number(world.config.times.challengeSeconds));
  await sealRoll(world);
}

async function cancel(): Promise<void> {
  const act = await officersAct(world, 'cancel', cancelObject(BigInt(REASON)));
  await send(world, world.election, 'cancel', [REASON, ...act]);
}

const tryCancel = async (): Promise<readonly [string, readonly unknown[]] | undefined> => {
  const act = await officersAct(world, 'cancel', cancelObject(BigInt(REASON)));
  return refusal(world, world.election, 'cancel', [REASON, ...act]);
};
const tryExtend = async (to: number): Promise<readonly [string, readonly unknown[]] | undefined> =>
  refusal(world, world.election, 'extend', [BigInt(to), REASON, ...(await extendAct(world, BigInt(to)))]);

describe('phase', () => {
  it('stays defined without an approval, and nothing can be done', async () => {
    await undone(world, async () => {
      await chain.advanceTo(t.opens);
      expect(await phase()).toBe('defined');
      expect(await tryExtend(t.closes + 1)).toEqual(['NotInForce', []]);
      expect(await tryCancel()).toEqual(['NotInForce', []]);
      expect(await refusal(world, world.election, 'currentRound')).toEqual(['NotInForce', []]);
    });
  });

  it('follows block time and what the parts hold, to the second', async () => {
    await undone(world, async () => {
      const { registrationOpens, registrationCloses, challengeSeconds } = world.config.times;
      expect(await phase()).toBe('defined');
      await approve(world);
      await sealCredentials(world, [3, 0, 2]);
      await new CeremonyRun(world).complete();
      await chain.advanceTo(Number(registrationOpens) - 1);
      expect(await phase()).toBe('defined');
      await chain.advanceTo(Number(registrationOpens));
      expect(await phase()).toBe('registering');
      await chain.advanceTo(Number(registrationCloses) - 1);
      expect(await phase()).toBe('registering');
      await chain.advanceTo(Number(registrationCloses));
      expect(await phase()).toBe('challenge');
      await buildRoll(world, [[1n], [], []]);
      await chain.advance(Number(challengeSeconds));
      expect(await phase()).toBe('challenge');
      await sealRoll(world);
      expect(await phase()).toBe('ready');
      await chain.advanceTo(t.opens - 1);
      expect(await phase()).toBe('ready');
      await chain.advanceTo(t.opens);
      expect(await phase()).toBe('open');
      await chain.advanceTo(t.grace - 1);
      expect(await phase()).toBe('open');
      await chain.advanceTo(t.grace);
      expect(await phase()).toBe('closed');
    });
  });

  it('does not open without keys, and keys come too late once the polls have closed', async () => {
    await undone(world, async () => {
      await approve(world);
      await sealCredentials(world, [3, 0, 2]);
      const run = new CeremonyRun(world);
      await run.begin();
      await run.commitAll();
      await run.revealAll();
      await run.dealAll();
      await run.confirmAll();
      await chain.advanceTo(Number(world.config.times.registrationCloses));
      await buildRoll(world, [[1n], [], []]);
      await chain.advance(Number(world.config.times.challengeSeconds));
      await sealRoll(world);
      await chain.advanceTo(t.opens);
      expect(await phase()).toBe('challenge');
      await chain.advanceTo(t.closes);
      expect(await phase()).toBe('challenge');
      expect(await refusal(world, world.ceremony, 'finish', [run.finishWords()])).toEqual([
        'TooLate',
        words(t.closes, t.closes),
      ]);
    });
  });
});

describe('currentRound', () => {
  const roundAt = async (time: number): Promise<bigint[]> => {
    await chain.advanceTo(time);
    return round();
  };

  it('cuts voting time into equal parts and a last one', async () => {
    await undone(world, async () => {
      await approve(world);
      const middle = (t.opens + t.closes) / 2;
      await chain.advanceTo(t.opens - 1);
      expect(await refusal(world, world.election, 'currentRound')).toEqual(['OutsideRounds', words(t.opens - 1)]);
      expect(await roundAt(t.opens)).toEqual(words(0, t.opens, middle));
      expect(await roundAt(middle - 1)).toEqual(words(0, t.opens, middle));
      expect(await roundAt(middle)).toEqual(words(1, middle, t.closes));
      expect(await roundAt(t.closes - 1)).toEqual(words(1, middle, t.closes));
      expect(await roundAt(t.closes)).toEqual(words(2, t.closes, t.grace));
      expect(await roundAt(t.grace - 1)).toEqual(words(2, t.closes, t.grace));
      await chain.advanceTo(t.grace);
      expect(await refusal(world, world.election, 'currentRound')).toEqual(['OutsideRounds', words(t.grace)]);
    });
  });

  it('keeps earlier boundaries and adds one round an extension', async () => {
    await undone(world, async () => {
      await approve(world);
      await extend(world, BigInt(t.closes + 1_000));
      await extend(world, BigInt(t.closes + 5_000));
      expect((await roundAt(t.closes - 1))[0]).toBe(1n);
      expect(await roundAt(t.closes)).toEqual(words(2, t.closes, t.closes + 1_000));
      expect(await roundAt(t.closes + 1_000)).toEqual(words(3, t.closes + 1_000, t.closes + 5_000));
      expect(await roundAt(t.closes + 5_000)).toEqual(words(4, t.closes + 5_000, t.grace + 5_000));
    });
  });

  it('has boundaries opensAt + ⌊i·length/rounds⌋ where parts are uneven', async () => {
    const uneven = await deployWorld(chain, (config) => {
      config.maskRounds = 7n;
      config.times.closesAt = config.times.opensAt + 31n;
    });
    await undone(uneven, async () => {
      await approve(uneven);
      const opens = Number(uneven.config.times.opensAt);
      const boundary = (i: number): number => opens + Math.floor((i * 31) / 7);
      for (let i = 0; i < 7; i++) {
        for (const time of [boundary(i), boundary(i + 1) - 1]) {
          if (time > (await chain.now())) await chain.advanceTo(time);
          expect(await read(chain, uneven.election, 'currentRound')).toEqual(words(i, boundary(i), boundary(i + 1)));
        }
      }
    });
  });
});

describe('once ready', () => {
  beforeAll(toReady);

  describe('phase', () => {
    it('without ballots is counted, certified, and never cancelled after', async () => {
      await undone(world, async () => {
        await chain.advanceTo(t.settled);
        expect((await refusal(world, world.election, 'certify', [0n, []]))![0]).toBe('WrongPhase');
        await send(world, world.tally, 'aggregate', [0n]);
        expect(await phase()).toBe('closed');
        await send(world, world.tally, 'aggregate', [1n]);
        expect(await phase()).toBe('counted');
        expect(await tryCancel()).toEqual(['WrongPhase', [6]]);
        await send(world, world.election, 'certify', await certifyAct(world));
        expect(await phase()).toBe('certified');
        expect(await tryCancel()).toEqual(['WrongPhase', [7]]);
      });
    });
    it('once cancelled is cancelled for good', async () => {
      await undone(world, async () => {
        await chain.advanceTo(t.opens);
        await cancel();
        expect(await phase()).toBe('cancelled');
        expect(await tryExtend(t.closes + 1)).toEqual(['NotInForce', []]);
        expect(await tryCancel()).toEqual(['NotInForce', []]);
        expect(await refusal(world, world.election, 'currentRound')).toEqual(['NotInForce', []]);
        await chain.advanceTo(t.settled);
        expect(await refusal(world, world.tally, 'aggregate', [0n])).toEqual(['WrongPhase', [8]]);
        expect(await phase()).toBe('cancelled');
      });
    });
  });

  describe('extend', () => {
    it('refuses to shorten, to stay, to end in the past and to exceed the definition’s bound', async () => {
      await undone(world, async () => {
        expect(await tryExtend(t.closes - 1)).toEqual(['ExtensionTooShort', words(t.closes - 1, t.closes)]);
        expect(await tryExtend(t.closes)).toEqual(['ExtensionTooShort', words(t.closes, t.closes)]);
        const limit = t.closes + Number(world.config.times.maxExtensionSeconds);
        expect(await tryExtend(limit + 1)).toEqual(['ExtensionTooLong', words(limit + 1, limit)]);
        expect(await tryExtend(limit)).toBeUndefined();
        await chain.advanceTo(t.closes + 500);
        expect(await tryExtend(t.closes + 500)).toEqual(['ExtensionTooShort', words(t.closes + 500, t.closes + 500)]);
      });
    });

    it('bounds all extensions together', async () => {
      await undone(world, async () => {
        await extend(world, BigInt(t.closes + 20_000));
        const limit = t.closes + 30_000;
        expect(await tryExtend(limit + 1)).toEqual(['ExtensionTooLong', words(limit + 1, limit)]);
        expect(await tryExtend(t.closes + 19_999)).toEqual([
          'ExtensionTooShort',
          words(t.closes + 19_999, t.closes + 20_000),
        ]);
      });
    });

    it('is refused from the second on at which decryptions are accepted', async () => {
      await undone(world, async () => {
        await chain.advanceTo(t.settled - 1);
        expect(await tryExtend(t.settled + 100)).toBeUndefined();
        await chain.advanceTo(t.settled);
        expect(await tryExtend(t.settled + 100)).toEqual(['TooLate', words(t.settled, t.settled)]);
      });
    });

    it('reopens a closed election before it is settled', async () => {
      await undone(world, async () => {
        await chain.advanceTo(t.settled - 100);
        await extend(world, BigInt(t.settled + 100));
        expect(await phase()).toBe('open');
        const [number, from, to] = await round();
        expect([number, from, to]).toEqual(words(2, t.closes, t.settled + 100));
        expect(await read(chain, world.election, 'closesAt')).toBe(BigInt(t.settled + 100));
      });
    });
  });
});
