import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { pathsOf, readNetwork, validatorOf } from '../../../contracts/network/clique/folder.ts';
import type { CliqueNetwork } from '../../../contracts/network/clique/folder.ts';
import { cliqueExtraData, cliqueGenesis } from '../../../contracts/network/clique/genesis.ts';
import { gethArguments } from '../../../contracts/network/clique/node.ts';
import type { ValidatorStatus } from '../../../contracts/network/clique/status.ts';
import { progressOf } from '../../../contracts/network/clique/status.ts';
import { EVM_VERSION, chainProfile } from '../../../contracts/network/profiles.ts';
import type { Hex } from '../../../protocol/encoding.ts';

const [A, B, C] = [`0x${'0a'.repeat(20)}`, `0x${'b0'.repeat(20)}`, `0x${'0c'.repeat(20)}`] as const;
const folder = mkdtempSync(join(tmpdir(), 'urna-network-'));
afterAll(() => rmSync(folder, { recursive: true }));

const node = {
  ...{ number: 1, address: A, rpc: 'http://127.0.0.1:1', enode: 'enode://00@127.0.0.1:2?discport=0' },
  ports: { rpc: 1, p2p: 2, engine: 3 },
};
const network: CliqueNetwork = {
  ...{ engine: 'clique', chainId: 7325, period: 1, gasLimit: '80000000', treasury: A, validators: [node] },
};

describe('cliqueExtraData', () => {
  it('holds the signers in increasing order between 32 and 65 bytes of zeros (EIP-225)', () => {
    const signers = [A, C, B].map((each) => each.slice(2)).join('');
    expect(cliqueExtraData([B, A, C])).toBe(`0x${'00'.repeat(32)}${signers}${'00'.repeat(65)}`);
  });

  it('refuses no signers, and one twice, however it is written', () => {
    for (const signers of [[], [A, A], [B, B.toUpperCase().replace('0X', '0x') as Hex]]) {
      expect(() => cliqueExtraData(signers)).toThrow(expect.objectContaining({ code: 'network/signers' }));
    }
  });
});

describe('cliqueGenesis', () => {
  it('is of London’s rules, has no merge, and gives money to the accounts named', () => {
    const genesis = cliqueGenesis({ chainId: 7, signers: [A], period: 2, gasLimit: 80_000_000n, funded: [B] });
    expect(genesis).toMatchObject({
      config: { chainId: 7, berlinBlock: 0, londonBlock: 0, clique: { period: 2, epoch: 30_000 } },
      ...{ difficulty: '0x1', gasLimit: '0x4c4b400', baseFeePerGas: '0x7' },
      alloc: { [B.slice(2)]: { balance: `0x1${'0'.repeat(50)}` } },
    });
    expect(JSON.stringify(genesis)).not.toMatch(/terminal|shanghai|merge/iu);
  });
});

describe('gethArguments', () => {
  it('keep a node to this machine, and no secret in what other users can see', () => {
    const words = gethArguments(folder, network, node);
    const of = (flag: string) => words[words.indexOf(`--${flag}`) + 1];
    expect([of('http.addr'), of('authrpc.addr'), of('netrestrict')]).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.0/8']);
    for (const flag of ['--unlock', '--password']) expect(words).not.toContain(flag);
    expect(of('http.api')?.split(',')).not.toEqual(expect.arrayContaining(['admin']));
    for (const api of ['admin', 'personal', 'debug', 'miner']) expect(of('http.api')).not.toContain(api);
  });
});

describe('readNetwork', () => {
  it('refuses a folder that holds none, and a validator that is none', () => {
    expect(() => readNetwork(folder)).toThrow(expect.objectContaining({ code: 'file/missing' }));
    for (const text of ['', '{"engine":"besu-qbft"}', '{"engine":"clique","validators":[]}']) {
      writeFileSync(pathsOf(folder).network, text);
      expect(() => readNetwork(folder)).toThrow(expect.objectContaining({ code: 'network/folder' }));
    }
    writeFileSync(pathsOf(folder).network, JSON.stringify(network));
    expect(validatorOf(readNetwork(folder), 1)).toEqual(node);
    expect(() => validatorOf(network, 2)).toThrow(expect.objectContaining({ code: 'network/validator' }));
  });
});

describe('progressOf', () => {
  /** A validator that runs, connected to two others, whose head is old and its own. */
  const still = (number: number, change: Partial<ValidatorStatus> = {}): ValidatorStatus => ({
    ...{ number, address: A, rpc: '', pid: number, answers: true, head: 9, hash: `0x0${number}`, age: 60 },
    ...{ peers: 2, signs: true, maySeal: false, ...change },
  });
  const dead = (number: number): ValidatorStatus => ({ number, address: A, rpc: '', pid: null, answers: false });
  const verdict = (...all: readonly ValidatorStatus[]) => progressOf(network, all);

  it('says that a chain goes on while more than half of its validators have a new block, which two periods more than ten seconds is not', () => {
    const fresh = { age: 11 };
    expect(verdict(still(1, fresh), still(2, fresh), dead(3))).toBe('goes-on');
    expect(verdict(still(1, fresh), still(2, { age: 12 }), dead(3))).not.toBe('goes-on');
    expect(progressOf({ ...network, period: 15 }, [still(1, { age: 39 }), still(2, { age: 39 }), dead(3)])).toBe(
      'goes-on',
    );
    expect(verdict(still(1, fresh), still(2, fresh), dead(3), dead(4))).toBe('too-few');
  });

  it('tells validators that are tied from too few, and from those that may still find each other', () => {
    const others = [dead(4), dead(5)];
    expect(verdict(still(1), still(2), still(3), ...others)).toBe('tied');
    expect(verdict(still(1), still(2, { hash: '0x01' }), still(3), ...others)).toBe('tied');
    expect(verdict(still(1), still(2), dead(3), ...others)).toBe('too-few');
    for (const change of [{ maySeal: true }, { peers: 1 }])
      expect([change, verdict(still(1), still(2), still(3, change), ...others)]).toEqual([change, 'waiting']);
    const same = { hash: '0x01' } as const;
    expect(verdict(still(1, same), still(2, same), still(3, same), ...others)).toBe('waiting');
  });
});

describe('chainProfile', () => {
  it('waits on Clique for more blocks than a minority of five validators can make, and moves no time outside the embedded chain', () => {
    expect(chainProfile('clique').confirmations).toBeGreaterThan(Math.floor(5 / 2));
    expect(['embedded', 'clique', 'besu-qbft'].map((name) => chainProfile(name).canMoveTime)).toEqual([
      true,
      false,
      false,
    ]);
    expect(() => chainProfile('ethash')).toThrow(expect.objectContaining({ code: 'chain/profile' }));
  });

  it('says all that a new chain gets, the same id and gas of a block on every engine of `urna network init`, and one build for all', () => {
    const all = ['embedded', 'clique', 'besu-qbft'].map(chainProfile);
    expect(all.map(({ newChain }) => [newChain.chainId, newChain.period])).toEqual([
      [31_337, 0],
      [7_325, 1],
      [7_325, 2],
    ]);
    expect(chainProfile('clique').newChain.gasLimit).toBe(chainProfile('besu-qbft').newChain.gasLimit);
    // A block holds what a transaction may use; on Clique, the half that does not raise the base fee does.
    for (const { gasLimit, newChain } of all) expect(newChain.gasLimit).toBeGreaterThan(gasLimit);
    expect(chainProfile('clique').newChain.gasLimit / 2n).toBeGreaterThan(chainProfile('clique').gasLimit);
    // What contracts/compile.ts asks the compiler for.
    expect(new Set(all.map(({ evmVersion }) => evmVersion))).toEqual(new Set([EVM_VERSION]));
    expect(EVM_VERSION).toBe('paris');
  });
});
