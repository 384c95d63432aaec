import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Address } from 'viem';
import { toFunctionSelector } from 'viem';
import { circuitKeyCreation } from '../../../contracts/ballots/circuit-key.ts';
import { constantSignals, updateSignals } from '../../../protocol/ballot/statement.ts';
import { foldG1 } from '../../../protocol/math/bn254.ts';
import { r } from '../../../protocol/math/field.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';
import { deployBytes, deployCompiled, read } from '../deploy-compiled.ts';
import type { BallotsFixture } from './fixture.ts';
import { DISTRICTS, POLLS, startBallots } from './fixture.ts';

let fixture: BallotsFixture;
beforeAll(async () => {
  fixture = await startBallots();
});
afterAll(() => fixture.chain.stop());

const deployKey = async (lanes: number): Promise<Address> =>
  (await deployBytes(fixture.chain, circuitKeyCreation(makeTrapdoor(14 + 12 * lanes).key))).contractAddress!;

describe('preparePoll', () => {
  it('computes K_poll = IC_0 + Σ constant·IC as the TypeScript core does', async () => {
    for (const [poll, { lanes, district }] of POLLS.entries()) {
      const [start, ...ic] = fixture.trapdoors.get(lanes)!.key.ic;
      const constants = constantSignals(fixture.constants(poll));
      const terms = constants.map((scalar, i) => ({ scalar, point: ic[i]! }));
      const { x, y } = foldG1(start!, terms);
      expect(await fixture.view('pollKey', poll)).toEqual([x, y]);
      expect(await fixture.view('members', poll)).toBe(DISTRICTS[district].members);
    }
  });
  it('is done once, for polls there are', async () => {
    const prepare = (poll: number): Promise<unknown> =>
      fixture.chain.publicClient.simulateContract({ ...fixture.ballots, functionName: 'preparePoll', args: [poll] });
    await expect(prepare(0)).rejects.toThrow('AlreadyPrepared');
    await expect(prepare(POLLS.length)).rejects.toThrow('NoSuchPoll');
  });
  it('waits for roll and keys, and refuses updates until then', async () => {
    const ballots = await deployCompiled(fixture.chain, 'Ballots', [fixture.election.address, [await deployKey(4)]]);
    const call = (functionName: string, args: unknown[]): Promise<unknown> =>
      fixture.chain.publicClient.simulateContract({ ...ballots, functionName, args });
    await expect(call('update', [0n, [], []])).rejects.toThrow('NotPrepared');
    await expect(read(fixture.chain, ballots, 'sums', [0n])).rejects.toThrow('NotPrepared');
    await expect(call('preparePoll', [1n])).rejects.toThrow(/NoCircuit[\s\S]*\(1\)/);
    const { abi, address } = fixture.election;
    const setReady = async (ready: boolean): Promise<void> => {
      const hash = await fixture.chain
        .wallet(0)
        .writeContract({ abi, address, functionName: 'setReady', args: [ready] });
      await fixture.chain.publicClient.waitForTransactionReceipt({ hash });
    };
    await setReady(false);
    await expect(call('preparePoll', [0n])).rejects.toThrow('NotReady');
    await setReady(true);
    await call('preparePoll', [0n]);
  });
});

describe('constructor', () => {
  it('takes one key a circuit, and nothing that is no key', async () => {
    const deploy = (keys: readonly Address[]): Promise<unknown> =>
      deployCompiled(fixture.chain, 'Ballots', [fixture.election.address, keys]);
    const key = await deployKey(1);
    await expect(deploy([key, await deployKey(1)])).rejects.toThrow(toFunctionSelector('TwoKeysForLanes(uint256)'));
    await expect(deploy([fixture.election.address])).rejects.toThrow(
      toFunctionSelector('NotACircuitKey(address,uint256)'),
    );
    await expect(deploy([fixture.chain.account(5).address])).rejects.toThrow(
      toFunctionSelector('NotACircuitKey(address,uint256)'),
    );
    expect(await fixture.view('circuitKey', 16n)).toBe('0x0000000000000000000000000000000000000000');
  });
});

describe('verifyUpdate', () => {
  it('tells a proof that holds from one that does not, whatever the slot’s state', async () => {
    const { update, proof } = fixture.updateOf(0, 77n);
    const signals = updateSignals(update);
    const verify = (poll: number, list: readonly bigint[], words = proof): Promise<boolean> =>
      fixture.view('verifyUpdate', BigInt(poll), list, words);
    expect(await verify(0, signals)).toBe(true);
    expect(await verify(3, signals)).toBe(false);
    for (const i of signals.keys()) expect(await verify(0, signals.with(i, (signals[i]! + 1n) % r))).toBe(false);
    for (const i of proof.keys()) expect(await verify(0, signals, proof.with(i, proof[i]! + 1n))).toBe(false);
    await expect(verify(0, signals.with(4, signals[4]! + r))).rejects.toThrow('SignalTooLarge');
    await expect(verify(0, signals.slice(1))).rejects.toThrow('WrongLength');
  });
});
