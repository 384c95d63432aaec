import { describe, expect, it } from '@jest/globals';
import { toFunctionSelector } from 'viem';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { cancelObject, sealObject, versionObject } from '../../../protocol/acts/objects.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { hashWords } from '../../../protocol/hash.ts';
import { r, toField } from '../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { buildTree, treeRoot } from '../../../protocol/roll/lean-imt.ts';
import { streamOf } from '../../protocol/stream.ts';
import { deployCompiled, read } from '../deploy-compiled.ts';
import { officersAct } from '../fixture/acts.ts';
import { preparedBy } from '../fixture/prepared.ts';
import { REGISTRATIONS, buildRoll, sealAct, sealCredentials, sealRoll } from '../fixture/stages.ts';
import type { Refusal } from '../fixture/suite.ts';
import { approvedSuite } from '../fixture/suite.ts';
import type { World } from '../fixture/world.ts';
import { REASON, REGISTRAR, refusal, send, undone, refusalThroughContract } from '../fixture/world.ts';

let chain: EmbeddedChain;
let world: World;
const keep = approvedSuite((begun) => {
  [world, chain] = [begun, begun.chain];
});
const tryRegistrar = (name: string, ...args: unknown[]): Promise<Refusal> =>
  refusal(world, world.roll, name, args, REGISTRAR);
const begin = (): Promise<Refusal> => tryRegistrar('beginVersion', REGISTRATIONS, REASON, 0n, []);
const toChallenge = (): Promise<void> => chain.advanceTo(Number(world.config.times.registrationCloses));

describe('beginVersion', () => {
  it('waits until registration has closed, and for sealed credentials', async () => {
    expect(await begin()).toEqual(['CredentialsNotSealed', []]);
    await sealCredentials(world, [1, 1, 1]);
    await chain.advanceTo(Number(world.config.times.registrationCloses) - 1);
    expect(await begin()).toEqual(['WrongPhase', [1]]);
    await toChallenge();
    expect(await begin()).toBeUndefined();
  });

  it('is the registrar’s', async () => {
    await sealCredentials(world, [1, 1, 1]);
    await toChallenge();
    expect(await refusal(world, world.roll, 'beginVersion', [REGISTRATIONS, REASON, 0n, []])).toEqual([
      'NotTheRegistrar',
      [chain.account(0).address.toLowerCase()],
    ]);
  });

  it('takes no act for the first version, and one for each later version', async () => {
    await sealCredentials(world, [1, 1, 1]);
    await toChallenge();
    expect(await tryRegistrar('beginVersion', REGISTRATIONS, REASON, 1n, [])).toEqual(['UnexpectedAct', []]);
    expect(await tryRegistrar('beginVersion', REGISTRATIONS, REASON, 0n, ['0x'])).toEqual(['UnexpectedAct', []]);
    await buildRoll(world, [[5n], [6n], []]);
    expect((await begin())![0]).toBe('ActExpired');
    const act = (version: bigint): ReturnType<typeof officersAct> =>
      officersAct(world, 'version', versionObject(version, BigInt(REGISTRATIONS), BigInt(REASON)));
    const wrong = await tryRegistrar('beginVersion', REGISTRATIONS, REASON, ...(await act(3n)));
    expect(wrong![0]).toBe('NotAnOfficer');
    await send(world, world.roll, 'beginVersion', [REGISTRATIONS, REASON, ...(await act(2n))], REGISTRAR);
    expect(await read(chain, world.roll, 'currentVersion')).toBe(2n);
  });

  it('is over once a version is sealed', async () => {
    await sealCredentials(world, [1, 1, 1]);
    await toChallenge();
    await buildRoll(world, [[5n], [6n], []]);
    await chain.advance(600);
    await sealRoll(world);
    expect(await begin()).toEqual(['AlreadySealed', []]);
  });

  it('begins nothing in a cancelled election', async () => {
    await sealCredentials(world, [1, 1, 1]);
    await toChallenge();
    const act = await officersAct(world, 'cancel', cancelObject(BigInt(REASON)));
    await send(world, world.election, 'cancel', [REASON, ...act]);
    expect(await begin()).toEqual(['WrongPhase', [8]]);
  });
});

describe('append', () => {
  const append = (commitments: bigint[], version = 1n, district = 0n): Promise<Refusal> =>
    tryRegistrar('append', version, district, commitments);
  preparedBy(keep, async () => {
    await sealCredentials(world, [5, 0, 2]);
    await toChallenge();
    await send(world, world.roll, 'beginVersion', [REGISTRATIONS, REASON, 0n, []], REGISTRAR);
    await send(world, world.roll, 'append', [1n, 0n, [10n, 20n]], REGISTRAR);
  });

  it('refuses commitment 0', async () => {
    expect(await append([0n])).toEqual(['OutOfOrder', [0n, 0n]]);
    expect(await append([0n, 1n], 1n, 2n)).toEqual(['OutOfOrder', [0n, 0n]]);
  });

  it('refuses a commitment twice, within a batch and across batches', async () => {
    expect(await append([30n, 30n])).toEqual(['OutOfOrder', [1n, 30n]]);
    expect(await append([20n])).toEqual(['OutOfOrder', [0n, 20n]]);
  });

  it('refuses commitments out of order', async () => {
    expect(await append([15n])).toEqual(['OutOfOrder', [0n, 15n]]);
    expect(await append([40n, 30n])).toEqual(['OutOfOrder', [1n, 30n]]);
  });

  it('refuses commitments not below r', async () => {
    expect(await append([30n, r])).toEqual(['NotInField', [r]]);
    expect(await append([r, r + 1n])).toEqual(['NotInField', [r + 1n]]);
    expect(await append([30n, r - 1n])).toBeUndefined();
  });

  it('refuses more members than sealed credentials', async () => {
    expect(await append([30n, 40n, 50n, 60n])).toEqual(['RollFull', [0n, 6n, 5n]]);
    expect(await append([30n, 40n, 50n])).toBeUndefined();
    expect(await append([1n], 1n, 1n)).toEqual(['RollFull', [1n, 1n, 0n]]);
  });

  it('refuses an empty batch, an unknown district and another version', async () => {
    expect(await append([])).toEqual(['EmptyBatch', []]);
    expect(await append([30n], 1n, 3n)).toEqual(['NoSuchDistrict', [3n]]);
    expect(await append([30n], 0n)).toEqual(['WrongVersion', [0n, 1n]]);
    expect(await append([30n], 2n)).toEqual(['WrongVersion', [2n, 1n]]);
  });

  it('is the registrar’s, by a direct call', async () => {
    expect(await refusal(world, world.roll, 'append', [1n, 0n, [30n]])).toEqual([
      'NotTheRegistrar',
      [chain.account(0).address.toLowerCase()],
    ]);
    const passedOn = await refusalThroughContract(world, world.roll, 'append', [1n, 0n, [30n]], REGISTRAR);
    expect(passedOn.refusal).toEqual(['NotDirect', [passedOn.forwarder]]);
  });

  it('is over for a closed district, and for a complete version', async () => {
    expect(await tryRegistrar('closeDistricts', 1n, 4n)).toEqual(['NoSuchDistrict', [4n]]);
    await send(world, world.roll, 'closeDistricts', [1n, 1n], REGISTRAR);
    expect(await append([30n])).toEqual(['DistrictClosed', [0n]]);
    expect(await append([30n], 1n, 2n)).toBeUndefined();
    await send(world, world.roll, 'completeVersion', [1n], REGISTRAR);
    expect(await append([30n], 1n, 2n)).toEqual(['VersionComplete', [1n]]);
    expect(await tryRegistrar('completeVersion', 1n)).toEqual(['VersionComplete', [1n]]);
  });
});

describe('completeVersion', () => {
  it('has Semaphore’s roots for every number of members, however they were batched', async () => {
    const poseidon = await loadPoseidon();
    const bytes = streamOf('members');
    const members = Array.from({ length: 40 }, () => BigInt(`0x${Buffer.from(bytes(31)).toString('hex')}`)).sort(
      (a, b) => (a < b ? -1 : 1),
    );
    await sealCredentials(world, [40, 0, 17]);
    await toChallenge();
    for (const [n, batch] of [
      [40, 7],
      [33, 33],
      [16, 5],
      [1, 1],
    ] as const) {
      await undone(world, async () => {
        await send(world, world.roll, 'beginVersion', [REGISTRATIONS, REASON, 0n, []], REGISTRAR);
        for (let i = 0; i < n; i += batch) {
          await send(world, world.roll, 'append', [1n, 0n, members.slice(i, Math.min(n, i + batch))], REGISTRAR);
        }
        await send(world, world.roll, 'append', [1n, 2n, members.slice(0, 17)], REGISTRAR);
        await send(world, world.roll, 'completeVersion', [1n], REGISTRAR);
        const roots = [n, 0, 17].map((size) => treeRoot(buildTree(poseidon, members.slice(0, size).map(toField))));
        const state = await read<[bigint, bigint, bigint]>(chain, world.roll, 'districtState', [1n, 0n]);
        expect(state).toEqual([BigInt(n), roots[0], members[n - 1]]);
        const [, , rootsHash] = await read<[Hex, bigint, Hex]>(chain, world.roll, 'versionState', [1n]);
        expect(BigInt(rootsHash)).toBe(hashWords('roots', roots));
      });
    }
  });
});

describe('seal', () => {
  const trySeal = async (version: bigint): Promise<Refusal> =>
    refusal(world, world.roll, 'seal', [version, ...(await sealAct(world, version))]);
  preparedBy(keep, async () => {
    await sealCredentials(world, [5, 0, 2]);
    await toChallenge();
  });

  it('freezes what was challenged long enough, and answers with its roots', async () => {
    await buildRoll(world, [[5n, 6n], [], [7n]]);
    expect(await read(chain, world.roll, 'isSealed')).toBe(false);
    expect(await refusal(world, world.roll, 'sealedRootsHash')).toEqual(['NotSealed', []]);
    const completed = BigInt(await chain.now());
    await chain.advance(599);
    expect(await trySeal(1n)).toEqual(['TooEarly', [completed + 599n, completed + 600n]]);
    await chain.advance(1);
    await sealRoll(world);
    expect(await read(chain, world.roll, 'isSealed')).toBe(true);
    const poseidon = await loadPoseidon();
    const root = poseidon([5n, 6n]);
    expect(await read(chain, world.roll, 'sealedRoll', [0n])).toEqual([root, 2n]);
    expect(await read(chain, world.roll, 'sealedRoll', [1n])).toEqual([0n, 0n]);
    expect(await read(chain, world.roll, 'sealedRoll', [2n])).toEqual([7n, 1n]);
    expect(BigInt(await read<Hex>(chain, world.roll, 'sealedRootsHash'))).toBe(hashWords('roots', [root, 0n, 7n]));
    expect(await trySeal(1n)).toEqual(['AlreadySealed', []]);
  });

  it('refuses what does not exist or is not complete', async () => {
    expect(await trySeal(0n)).toEqual(['WrongVersion', [0n, 0n]]);
    expect(await trySeal(1n)).toEqual(['WrongVersion', [1n, 0n]]);
    await send(world, world.roll, 'beginVersion', [REGISTRATIONS, REASON, 0n, []], REGISTRAR);
    expect(await trySeal(1n)).toEqual(['VersionIncomplete', [1n]]);
  });

  it('refuses an old version, and an old signature cannot seal an old roll', async () => {
    await buildRoll(world, [[5n, 6n], [], [7n]]);
    await chain.advance(600);
    const old = await sealAct(world, 1n);
    const object = versionObject(2n, BigInt(REGISTRATIONS), BigInt(REASON));
    const act = await officersAct(world, 'version', object);
    await send(world, world.roll, 'beginVersion', [REGISTRATIONS, REASON, ...act], REGISTRAR);
    expect(await refusal(world, world.roll, 'seal', [1n, ...old])).toEqual(['WrongVersion', [1n, 2n]]);
    await send(world, world.roll, 'append', [2n, 0n, [5n]], REGISTRAR);
    await send(world, world.roll, 'completeVersion', [2n], REGISTRAR);
    await chain.advance(600);
    expect((await refusal(world, world.roll, 'seal', [2n, ...old]))![0]).toBe('NotAnOfficer');
    // Even the signature for this very content, had it been given before the act `version`, is too old.
    const [registrationsRoot, , rootsHash] = await read<[Hex, bigint, Hex]>(chain, world.roll, 'versionState', [2n]);
    const fresh = await officersAct(world, 'seal', sealObject(2n, BigInt(registrationsRoot), BigInt(rootsHash)));
    expect(await refusal(world, world.roll, 'seal', [2n, ...fresh])).toBeUndefined();
    await sealRoll(world, 2n);
    expect(await read(chain, world.roll, 'sealedRoll', [0n])).toEqual([5n, 1n]);
  });

  it('comes too late once the polls have closed', async () => {
    await buildRoll(world, [[5n, 6n], [], [7n]]);
    const closes = world.config.times.closesAt;
    await chain.advanceTo(Number(closes));
    expect(await trySeal(1n)).toEqual(['TooLate', [closes, closes]]);
  });
});

describe('Roll constructor', () => {
  it('refuses a hasher with any other code', async () => {
    const stranger = world.election.address;
    await expect(deployCompiled(chain, 'Roll', [stranger, stranger])).rejects.toThrow(
      toFunctionSelector('NotTheHasher(address)'),
    );
  });
});
