import { describe, expect, it } from '@jest/globals';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { cancelObject } from '../../../protocol/acts/objects.ts';
import { transcriptHash } from '../../../protocol/ceremony/state.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { pointWords } from '../../../protocol/math/curve.ts';
import { read } from '../deploy-compiled.ts';
import { officersAct } from '../fixture/acts.ts';
import type { CeremonyRun } from '../fixture/ceremony.ts';
import { signStep } from '../fixture/ceremony.ts';
import { TRUSTEES } from '../fixture/config.ts';
import { preparedBy } from '../fixture/prepared.ts';
import { approve } from '../fixture/stages.ts';
import { ceremonyOnChain, ceremonySuite, expectTwins, tried } from '../fixture/suite.ts';
import type { World } from '../fixture/world.ts';
import { REASON, refusal, send } from '../fixture/world.ts';

let chain: EmbeddedChain;
let world: World;
let run: CeremonyRun;
const keep = ceremonySuite(3, (begun) => {
  [run, world, chain] = [begun, begun.world, begun.world.chain];
});

const pastDeadline = async (): Promise<void> => chain.advanceTo((await ceremonyOnChain(world)).deadline + 1);

describe('KeyCeremony', () => {
  it('takes nothing before the election is approved', async () => {
    expect(await tried(run, run.call(run.commitBody(1)))).toEqual(['NotInForce', []]);
  });

  it('starts the first attempt’s clock when registration opens, whoever was early', async () => {
    const { registrationOpens, challengeSeconds } = world.config.times;
    expect((await ceremonyOnChain(world)).deadline).toBe(Number(registrationOpens + challengeSeconds));
    await approve(world);
    await run.post(run.commitBody(1));
    expect((await ceremonyOnChain(world)).deadline).toBe(Number(registrationOpens + challengeSeconds));
    await expectTwins(run);
  });

  it('takes nothing of a cancelled election', async () => {
    await approve(world);
    const act = await officersAct(world, 'cancel', cancelObject(BigInt(REASON)));
    await send(world, world.election, 'cancel', [REASON, ...act]);
    expect(await tried(run, run.call(run.commitBody(1)))).toEqual(['NotInForce', []]);
    await pastDeadline();
    expect(await refusal(world, world.ceremony, 'timeout')).toEqual(['NotInForce', []]);
  });
});

describe('commit', () => {
  preparedBy(keep, () => approve(world));

  it('takes one commitment of each trustee, and the last opens the next stage', async () => {
    await run.post(run.commitBody(1));
    expect(await tried(run, run.call(run.commitBody(1)))).toEqual(['AlreadyPosted', [1n]]);
    expect(await tried(run, run.call(run.revealBody(1)))).toEqual(['WrongStage', [0]]);
    await run.post(run.commitBody(3));
    await run.post(run.commitBody(2));
    await expectTwins(run);
    expect(run.state.stage).toBe('reveal');
    expect(await tried(run, run.call(run.commitBody(2)))).toEqual(['WrongStage', [1]]);
  });

  it('refuses a stranger, another trustee’s signature, another attempt and another step', async () => {
    const [name, [trustee, commitment]] = run.call(run.commitBody(1)) as [string, [bigint, `0x${string}`]];
    const object = run.commitBody(1);
    const hash = BigInt(commitment);
    const attempts = [
      signStep(world, 'commit', 1, 1, hash, TRUSTEES[4]!),
      signStep(world, 'commit', 1, 1, hash, TRUSTEES[1]!),
      signStep(world, 'commit', 2, 1, hash),
      signStep(world, 'confirm', 1, 1, hash),
      signStep({ chain, election: world.roll }, 'commit', 1, 1, hash),
      signStep({ chain: { chain: { id: 1 } } as never, election: world.election }, 'commit', 1, 1, hash),
    ];
    expect(object.kind).toBe('commit');
    for (const signature of attempts) {
      expect((await tried(run, [name, [trustee, commitment, signature]]))![0]).toBe('NotTheTrustee');
    }
  });

  it('refuses indices there are none of, and an empty commitment', async () => {
    const [, [, commitment, signature]] = run.call(run.commitBody(1)) as [string, unknown[]];
    for (const index of [0n, 4n, 33n, 2n ** 255n]) {
      expect(await tried(run, ['commit', [index, commitment, signature]])).toEqual(['NotActive', [index]]);
    }
    expect(await tried(run, ['commit', [1n, wordHex(0n), signature]])).toEqual(['EmptyCommitment', []]);
  });

  it('is over at the deadline, when who is missing is named', async () => {
    await run.post(run.commitBody(1));
    await run.post(run.commitBody(2));
    const { deadline } = await ceremonyOnChain(world);
    await chain.advanceTo(deadline);
    expect(await refusal(world, world.ceremony, 'timeout')).toEqual([
      'DeadlineAhead',
      [BigInt(deadline), BigInt(deadline)],
    ]);
    await chain.advanceTo(deadline + 1);
    expect(await tried(run, run.call(run.commitBody(3)))).toEqual(['Late', [BigInt(deadline + 1), BigInt(deadline)]]);
    await run.timeout();
    await expectTwins(run);
    expect(run.state.active).toEqual([1, 2]);
    expect(run.state.attempt).toBe(2);
    // What was posted and signed in attempt 1 is worth nothing in attempt 2.
    expect((await tried(run, run.call(run.commitBody(1), 1)))![0]).toBe('NotTheTrustee');
    expect(await tried(run, run.call(run.commitBody(3)))).toEqual(['NotActive', [3n]]);
  });

  it('aborts with fewer than the threshold, and for good', async () => {
    await run.post(run.commitBody(1));
    await pastDeadline();
    await run.timeout();
    await expectTwins(run);
    expect(run.state.stage).toBe('aborted');
    expect(await refusal(world, world.ceremony, 'timeout')).toEqual(['WrongStage', [5]]);
    expect(await tried(run, run.call(run.commitBody(1)))).toEqual(['WrongStage', [5]]);
    expect(await refusal(world, world.ceremony, 'finish', [[]])).toEqual(['WrongStage', [5]]);
  });
});

describe('deal', () => {
  preparedBy(keep, async () => {
    await approve(world);
    await run.commitAll();
    await run.revealAll();
  });

  it('refuses a deal that is not 80 bytes for every other trustee and lane', async () => {
    const body = await run.dealBody(1);
    for (const cut of [0, 80, 159]) {
      const short = await run.dealBody(1, (deal) => deal.subarray(0, cut));
      expect(await tried(run, run.call(short))).toEqual(['WrongLength', [BigInt(cut), 160n]]);
    }
    const long = await run.dealBody(1, (deal) => Uint8Array.from([...deal, 0]));
    expect(await tried(run, run.call(long))).toEqual(['WrongLength', [161n, 160n]]);
    expect(await tried(run, run.call(body))).toBeUndefined();
  });

  it('names who does not deal, and the next attempt starts afresh', async () => {
    await run.post(await run.dealBody(2));
    await run.post(await run.dealBody(3));
    await pastDeadline();
    await run.timeout();
    await expectTwins(run);
    expect(run.state.active).toEqual([2, 3]);
    expect(await read(chain, world.ceremony, 'revealHash', [2n])).toBe(wordHex(0n));
    await run.complete();
    await expectTwins(run);
    expect(run.state.stage).toBe('done');
    // The excluded index stays unused.
    expect((await refusal(world, world.ceremony, 'verificationKeys', [1n, 1n]))![0]).toBe('NotActive');
    const keys = await read(chain, world.ceremony, 'verificationKeys', [3n, 1n]);
    expect(keys).toEqual(pointWords(...run.state.keys!.verificationKeys.get(3)!));
  });
});

describe('confirm and finish', () => {
  preparedBy(keep, async () => {
    await approve(world);
    await run.commitAll();
    await run.revealAll();
    await run.dealAll();
  });

  it('confirm this transcript and no other', async () => {
    expect(await read(chain, world.ceremony, 'transcriptHash')).toBe(wordHex(transcriptHash(run.state)));
    const other = run.call({ kind: 'confirm', trustee: 1, transcript: transcriptHash(run.state) + 1n });
    expect((await tried(run, other))![0]).toBe('NotTheTrustee');
  });

  it('make the protocol’s keys, once all have confirmed', async () => {
    await run.post(run.confirmBody(1));
    await run.post(run.confirmBody(2));
    const words = run.finishWords();
    expect(await refusal(world, world.ceremony, 'finish', [words])).toEqual(['Unfinished', [3n, 7n]]);
    expect(await refusal(world, world.ceremony, 'publicKeys', [1n])).toEqual(['NoKeys', []]);
    await run.post(run.confirmBody(3));
    expect(await refusal(world, world.ceremony, 'finish', [words.slice(1)])).toEqual([
      'WrongLength',
      [BigInt(words.length - 1), BigInt(words.length)],
    ]);
    const forged = [...words];
    forged[0] = 0n;
    expect((await refusal(world, world.ceremony, 'finish', [forged]))![0]).toBe('NotRevealed');
    // Confirmed by all: a deadline that passes names nobody.
    await pastDeadline();
    expect(await refusal(world, world.ceremony, 'timeout')).toEqual(['NothingMissing', []]);
    await run.finish();
    await expectTwins(run);
    const { publicKeys, doubledKeys, verificationKeys } = keysOf(run);
    expect(await read(chain, world.ceremony, 'publicKeys', [1n])).toEqual([...publicKeys, ...doubledKeys]);
    for (const m of [1, 2, 3]) {
      expect(await read(chain, world.ceremony, 'verificationKeys', [BigInt(m), 1n])).toEqual(verificationKeys(m));
    }
    expect(await read(chain, world.ceremony, 'isDone')).toBe(true);
    expect(await refusal(world, world.ceremony, 'finish', [words])).toEqual(['WrongStage', [4]]);
    expect((await refusal(world, world.ceremony, 'publicKeys', [2n]))![0]).toBe('WrongLength');
  });

  it('name who says nothing', async () => {
    await run.post(run.confirmBody(1));
    await run.post(run.confirmBody(3));
    await pastDeadline();
    await run.timeout();
    await expectTwins(run);
    expect(run.state.active).toEqual([1, 3]);
  });
});

/** Words of the keys in the protocol's state. */
function keysOf({ state }: CeremonyRun): {
  publicKeys: bigint[];
  doubledKeys: bigint[];
  verificationKeys: (m: number) => bigint[];
} {
  const keys = state.keys!;
  return {
    publicKeys: pointWords(...keys.publicKeys),
    doubledKeys: pointWords(...keys.shiftedKeys),
    verificationKeys: (m) => pointWords(...keys.verificationKeys.get(m)!),
  };
}
