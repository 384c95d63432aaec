import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { cancelObject } from '../../../protocol/acts/objects.ts';
import { actDigest, actKind, stepDigest, stepKind } from '../../../protocol/acts/typed-data.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import { deployCompiled, read } from '../deploy-compiled.ts';
import type { SignedAct } from '../fixture/acts.ts';
import { LATER, officersAct, signExactly } from '../fixture/acts.ts';
import { OFFICERS } from '../fixture/config.ts';
import { testKey } from '../fixture/keys.ts';
import { approval, approve } from '../fixture/stages.ts';
import type { World } from '../fixture/world.ts';
import { REASON, deployWorld, domainOf, refusal, send, undone, refusalThroughContract } from '../fixture/world.ts';

let chain: EmbeddedChain;
let world: World;
let object: bigint;
beforeAll(async () => {
  chain = await startTestChain();
  world = await deployWorld(chain);
  object = await approval(world);
});
afterAll(() => chain.stop());

/** Signatures of act 0 `approve` by exactly these officers, in ascending order of address unless told. */
function approvedBy(
  indices: readonly number[],
  change: { expiry?: bigint; number?: bigint; object?: bigint } = {},
): SignedAct {
  const act = { name: 'approve', number: 0n, object, expiry: LATER, ...change } as const;
  return [
    act.expiry,
    signExactly(
      world,
      act,
      indices.map((i) => OFFICERS[i]!),
    ),
  ];
}
const ascending = [0, 1, 2].sort((a, b) => (OFFICERS[a]!.address < OFFICERS[b]!.address ? -1 : 1));
const pair = ascending.slice(0, 2);
const tryApprove = (act: SignedAct): Promise<readonly [string, readonly unknown[]] | undefined> =>
  refusal(world, world.election, 'approve', act);

describe('officers’ acts', () => {
  it('take a quorum in ascending order', async () => {
    expect(await tryApprove(approvedBy(pair))).toBeUndefined();
    expect(await tryApprove(approvedBy(ascending))).toBeUndefined();
  });

  it('are refused with too few signatures', async () => {
    expect(await tryApprove(approvedBy(pair.slice(0, 1)))).toEqual(['TooFewSignatures', [1n, 2n]]);
    expect(await tryApprove(approvedBy([]))).toEqual(['TooFewSignatures', [0n, 2n]]);
  });

  it('are refused with one signer twice', async () => {
    const [name] = (await tryApprove(approvedBy([pair[0]!, pair[0]!])))!;
    expect(name).toBe('SignersOutOfOrder');
  });

  it('are refused in the wrong order', async () => {
    const [name] = (await tryApprove(approvedBy([...pair].reverse())))!;
    expect(name).toBe('SignersOutOfOrder');
  });

  it('are refused with a stranger’s signature among them', async () => {
    const act = { name: 'approve', number: 0n, object, expiry: LATER } as const;
    const signatures = signExactly(world, act, [OFFICERS[0]!, testKey('stranger')]);
    const [name] = (await tryApprove([LATER, signatures]))!;
    expect(name).toBe('NotAnOfficer');
  });

  it('are refused after their expiry, and taken at it', async () => {
    const now = BigInt(await chain.now());
    expect((await tryApprove(approvedBy(pair, { expiry: now - 1n })))![0]).toBe('ActExpired');
    await undone(world, async () => {
      await chain.setNextTime(Number(now + 50n));
      await send(world, world.election, 'approve', approvedBy(pair, { expiry: now + 50n }));
    });
  });

  it('are refused with an expiry that no record could hold, whoever signed it', async () => {
    const most = 2n ** 53n - 1n;
    expect(await tryApprove(approvedBy(pair, { expiry: most }))).toBeUndefined();
    expect(await tryApprove(approvedBy(pair, { expiry: most + 1n }))).toEqual(['NoSuchTime', [most + 1n]]);
  });

  it('are refused when signed for another number, object, kind, chain or election', async () => {
    const refused = async (act: SignedAct): Promise<void> => {
      expect((await tryApprove(act))![0]).toBe('NotAnOfficer');
    };
    await refused(approvedBy(pair, { number: 1n }));
    await refused(approvedBy(pair, { object: object + 1n }));
    const keys = pair.map((i) => OFFICERS[i]!);
    const act = { number: 0n, object, expiry: LATER } as const;
    await refused([LATER, signExactly(world, { ...act, name: 'cancel' }, keys)]);
    const elsewhere = { chain: { chain: { id: 1 } }, election: world.election } as never;
    await refused([LATER, signExactly(elsewhere, { ...act, name: 'approve' }, keys)]);
    const other = { chain, election: world.roll };
    await refused([LATER, signExactly(other, { ...act, name: 'approve' }, keys)]);
    // The signed expiry binds: a later one in the call is another digest.
    await refused([LATER + 1n, approvedBy(pair)[1]]);
  });

  it('are refused with a malleable, short, long or zero signature', async () => {
    const [, [first, second]] = approvedBy(pair);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = BigInt(`0x${second!.slice(66, 130)}`);
    const flipped = second!.endsWith('1b') ? '1c' : '1b';
    const malleable = `${second!.slice(0, 66)}${wordHex(order - s).slice(2)}${flipped}`;
    const bad = [malleable, second!.slice(0, -2), `${second!}00`, `0x${'00'.repeat(65)}`, `${second!.slice(0, -2)}1d`];
    for (const signature of bad) {
      expect(await refusal(world, world.election, 'approve', [LATER, [first, signature]])).toEqual([
        'MalformedSignature',
        [],
      ]);
    }
  });

  it('are refused through a contract, where the record would not find them', async () => {
    const passedOn = await refusalThroughContract(world, world.election, 'approve', approvedBy(pair));
    expect(passedOn.refusal).toEqual(['NotDirect', [passedOn.forwarder]]);
  });

  it('happen once: an old signature serves nothing', async () => {
    await undone(world, async () => {
      const act = approvedBy(pair);
      await send(world, world.election, 'approve', act);
      expect(await tryApprove(act)).toEqual(['AlreadyApproved', []]);
      expect(await read(chain, world.election, 'actCount')).toBe(1n);
      // Signed as act 0 before the approval became act 0.
      const keys = pair.map((i) => OFFICERS[i]!);
      const early = { name: 'cancel', number: 0n, object: cancelObject(BigInt(REASON)), expiry: LATER } as const;
      const stale = [REASON, LATER, signExactly(world, early, keys)];
      expect((await refusal(world, world.election, 'cancel', stale))![0]).toBe('NotAnOfficer');
    });
  });

  it('have the digests of the protocol', async () => {
    const domain = domainOf(world);
    const act = { name: 'seal', number: 7n, object: 5n, expiry: 9n } as const;
    const onChain = await read(chain, world.election, 'actDigest', [7n, wordHex(actKind('seal')), wordHex(5n), 9n]);
    expect(onChain).toBe(encodeHex(actDigest(domain, act)));
    const step = { name: 'deal', attempt: 3n, trustee: 2n, object: 5n } as const;
    const digest = await read(chain, world.election, 'stepDigest', [3n, 2n, wordHex(stepKind('deal')), wordHex(5n)]);
    expect(digest).toBe(encodeHex(stepDigest(domain, step)));
  });
});

describe('approve', () => {
  it('is refused once registration should have opened', async () => {
    await undone(world, async () => {
      const opens = world.config.times.registrationOpens;
      await chain.advanceTo(Number(opens));
      expect(await tryApprove(approvedBy(pair))).toEqual(['TooLate', [opens, opens]]);
    });
  });

  it('is refused while a part belongs to another election', async () => {
    const other = await deployWorld(chain);
    const parts = [other.roll, world.ceremony, world.ballots, world.tally].map(({ address }) => address);
    const { address } = await deployCompiled(chain, 'Election', [world.config, ...parts]);
    const mixed = { ...world, election: { address, abi: world.election.abi } };
    expect(await refusal(mixed, mixed.election, 'approve', approvedBy(pair))).toEqual([
      'ForeignPart',
      [other.roll.address, other.election.address],
    ]);
  });
});

describe('consumeAct', () => {
  it('is nobody’s but the roll’s', async () => {
    await undone(world, async () => {
      await approve(world);
      const act = await officersAct(world, 'seal', 1n);
      const args = [wordHex(actKind('seal')), wordHex(1n), ...act];
      expect(await refusal(world, world.election, 'consumeAct', args)).toEqual([
        'NotAPart',
        [chain.account(0).address.toLowerCase()],
      ]);
    });
  });
});
