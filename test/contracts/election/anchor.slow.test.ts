import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseEventLogs } from 'viem';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { anchorObject, cancelObject, certifyObject } from '../../../protocol/acts/objects.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { read } from '../deploy-compiled.ts';
import type { SignedAct } from '../fixture/acts.ts';
import { officersAct } from '../fixture/acts.ts';
import { CeremonyRun } from '../fixture/ceremony.ts';
import { OFFICERS, oneTrusteeOneLane } from '../fixture/config.ts';
import { testKey } from '../fixture/keys.ts';
import { anchorAct, approve, certifyAct, extend, toSettled } from '../fixture/stages.ts';
import type { World } from '../fixture/world.ts';
import { REASON, deployWorld, refusal, send, undone, refusalThroughContract } from '../fixture/world.ts';

const ENTRIES = 25n;
const HASH: Hex = wordHex(0xabcdn);
const MOST = 2n ** 53n - 1n;

let chain: EmbeddedChain;
let world: World;
let graceEnds: number;
beforeAll(async () => {
  chain = await startTestChain();
  // One trustee, one lane: the ceremony is not what is tried here.
  world = await deployWorld(chain, oneTrusteeOneLane);
  const { closesAt, graceSeconds } = world.config.times;
  graceEnds = Number(closesAt + graceSeconds);
});
afterAll(() => chain.stop());

type Refusal = readonly [string, readonly unknown[]] | undefined;

const tryAnchor = (act: SignedAct, entries = ENTRIES, hash = HASH): Promise<Refusal> =>
  refusal(world, world.election, 'anchor', [entries, hash, ...act]);
const trySigned = async (entries = ENTRIES): Promise<Refusal> =>
  tryAnchor(await anchorAct(world, entries, HASH), entries);

/** What an anchor's transaction says. */
async function anchored(entries: bigint, hash: Hex): Promise<unknown> {
  const act = await anchorAct(world, entries, hash);
  const { logs } = await send(world, world.election, 'anchor', [entries, hash, ...act]);
  return parseEventLogs({ abi: world.election.abi, logs }).map((log) => {
    const { eventName, args } = log as unknown as { eventName: string; args: object };
    return [eventName, args];
  });
}

describe('anchor', () => {
  it('is refused before the approval, before the end of the grace, and taken from that second on', async () => {
    await undone(world, async () => {
      expect(await trySigned()).toEqual(['NotInForce', []]);
      await approve(world);
      expect((await trySigned())?.[0]).toBe('TooEarly');
      await chain.advanceTo(graceEnds - 1);
      expect(await trySigned()).toEqual(['TooEarly', [BigInt(graceEnds - 1), BigInt(graceEnds)]]);
      await chain.advanceTo(graceEnds);
      expect(await trySigned()).toBeUndefined();
    });
  });

  it('waits for the grace of an extension', async () => {
    await undone(world, async () => {
      await approve(world);
      await extend(world, world.config.times.closesAt + 100n);
      await chain.advanceTo(graceEnds);
      expect(await trySigned()).toEqual(['TooEarly', [BigInt(graceEnds), BigInt(graceEnds + 100)]]);
      await chain.advanceTo(graceEnds + 100);
      expect(await trySigned()).toBeUndefined();
    });
  });

  it('is refused once the election is cancelled', async () => {
    await undone(world, async () => {
      await approve(world);
      await chain.advanceTo(graceEnds);
      const act = await officersAct(world, 'cancel', cancelObject(BigInt(REASON)));
      await send(world, world.election, 'cancel', [REASON, ...act]);
      expect(await trySigned()).toEqual(['NotInForce', []]);
    });
  });

  it('is refused for no entries and for more than a record can number, whoever signed', async () => {
    await undone(world, async () => {
      await approve(world);
      await chain.advanceTo(graceEnds);
      expect(await trySigned(0n)).toEqual(['NoSuchRecord', [0n]]);
      expect(await trySigned(MOST + 1n)).toEqual(['NoSuchRecord', [MOST + 1n]]);
      expect(await trySigned(MOST)).toBeUndefined();
    });
  });

  it('is refused for another hash or number of entries than was signed, and for an act of another kind', async () => {
    await undone(world, async () => {
      await approve(world);
      await chain.advanceTo(graceEnds);
      const act = await anchorAct(world, ENTRIES, HASH);
      expect((await tryAnchor(act, ENTRIES + 1n))?.[0]).toBe('NotAnOfficer');
      expect((await tryAnchor(act, ENTRIES, wordHex(1n)))?.[0]).toBe('NotAnOfficer');
      const certify = await officersAct(world, 'certify', certifyObject(BigInt(HASH)));
      expect((await tryAnchor(certify))?.[0]).toBe('NotAnOfficer');
      const cancel = await officersAct(world, 'cancel', anchorObject(ENTRIES, BigInt(HASH)));
      expect((await tryAnchor(cancel))?.[0]).toBe('NotAnOfficer');
    });
  });

  it('is refused without a quorum, with one officer twice, and with a stranger', async () => {
    await undone(world, async () => {
      await approve(world);
      await chain.advanceTo(graceEnds);
      const object = anchorObject(ENTRIES, BigInt(HASH));
      const one = await officersAct(world, 'anchor', object, OFFICERS.slice(0, 1));
      expect(await tryAnchor(one)).toEqual(['TooFewSignatures', [1n, 2n]]);
      const twice: SignedAct = [one[0], [one[1][0]!, one[1][0]!]];
      expect((await tryAnchor(twice))?.[0]).toBe('SignersOutOfOrder');
      const stranger = await officersAct(world, 'anchor', object, [OFFICERS[0]!, testKey('stranger')]);
      expect((await tryAnchor(stranger))?.[0]).toBe('NotAnOfficer');
    });
  });

  it('is refused through a contract, where the record would not find its signatures', async () => {
    await undone(world, async () => {
      await approve(world);
      await chain.advanceTo(graceEnds);
      const args = [ENTRIES, HASH, ...(await anchorAct(world, ENTRIES, HASH))];
      const passedOn = await refusalThroughContract(world, world.election, 'anchor', args);
      expect(passedOn.refusal).toEqual(['NotDirect', [passedOn.forwarder]]);
    });
  });

  it('happens any number of times, says what was signed, never twice by the same signatures, also once certified', async () => {
    await undone(world, async () => {
      await toSettled(world, () => new CeremonyRun(world).complete());
      const before = await read<bigint>(chain, world.election, 'actCount');
      const old = await anchorAct(world, ENTRIES, HASH);
      expect(await anchored(ENTRIES, HASH)).toMatchObject([
        ['ActExecuted', { number: before }],
        ['Anchored', { entries: ENTRIES, hash: HASH }],
      ]);
      expect((await tryAnchor(old))?.[0]).toBe('NotAnOfficer');
      for (const contest of [0n, 1n]) await send(world, world.tally, 'aggregate', [contest]);
      await send(world, world.election, 'certify', await certifyAct(world));
      expect(await anchored(MOST, wordHex(7n))).toMatchObject([
        ['ActExecuted', { number: before + 2n }],
        ['Anchored', { entries: MOST, hash: wordHex(7n) }],
      ]);
      expect(await read<number>(chain, world.election, 'phase')).toBe(7);
    });
  });
});
