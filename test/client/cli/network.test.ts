import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { qbftExtraData } from '../../../contracts/network/besu/extra-data.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { newFolder, urna, verdict } from './urna.ts';

const BINARY = join(import.meta.dirname, '../../../bin/urna.mjs');
const folder = newFolder();
const chain = spawn(process.execPath, [BINARY, 'network', 'embedded'], {
  cwd: folder,
  env: { PATH: process.env['PATH'] },
});
const address = `0x${'12'.repeat(20)}`;
let rpc = '';

beforeAll(async () => {
  let said = '';
  for await (const chunk of chain.stderr.setEncoding('utf8') as AsyncIterable<string>) {
    said += chunk;
    if (said.includes('\n')) break;
  }
  rpc = (JSON.parse(said.split('\n')[0] ?? '') as { rpc: string }).rpc;
}, 60_000);

afterAll(async () => {
  const ended = once(chain, 'exit');
  chain.kill('SIGINT');
  expect((await ended)[0]).toBe(0);
});

describe('urna network', () => {
  it('funds accounts and refuses what is not an address', async () => {
    expect(await verdict(folder, 'network', 'fund', address, '--rpc', rpc)).toEqual({ exit: 0, code: 'ok' });
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getBalance', params: [address, 'latest'] });
    const response = await fetch(rpc, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(((await response.json()) as { result: string }).result).toBe(`0x${(10n ** 20n).toString(16)}`);
    expect(await verdict(folder, 'network', 'fund', '0x12', '--rpc', rpc)).toEqual({ exit: 3, code: 'encoding/hex' });
  });

  it('moves block time forward, never back', async () => {
    const to = Math.floor(Date.now() / 1000) + 86_400;
    expect(await verdict(folder, 'network', 'advance', '--to', String(to), '--rpc', rpc)).toEqual({
      exit: 0,
      code: 'ok',
    });
    const again = await urna(folder, ['network', 'advance', '--to', String(to - 1), '--rpc', rpc, '--json']);
    expect({ exit: again.status, code: again.answer?.code }).toEqual({ exit: 4, code: 'state/time' });
    expect(await verdict(folder, 'network', 'advance', '--to', 'tomorrow', '--rpc', rpc)).toEqual({
      exit: 2,
      code: 'usage/time',
    });
  });

  it('says that an election is not there, and that a node does not answer', async () => {
    const { smallDefinition, DEPLOYED } = await import('./definition.ts');
    const { put } = await import('./urna.ts');
    put(folder, 'election.json', smallDefinition().bytes);
    const words = ['election', 'status', '--definition', 'election.json', '--election', DEPLOYED, '--rpc', rpc];
    expect(await verdict(folder, ...words)).toEqual({ exit: 4, code: 'chain/not-an-election' });
    const dead = await verdict(folder, 'network', 'fund', address, '--rpc', 'http://127.0.0.1:9');
    expect(dead).toEqual({ exit: 5, code: 'chain/unreachable' });
  });

  it('writes the files of a Besu network, tells no key of it, and says what is missing or makes no sense', async () => {
    const besu = ['network', 'init', '--engine', 'besu-qbft'];
    const made = await urna(folder, [...besu, '--account', address, '--network', 'besu', '--chain-id', '77', '--json']);
    expect([made.status, made.answer]).toMatchObject([
      0,
      { data: { engine: 'besu-qbft', chainId: 77, accounts: [address], validators: [{}, {}, {}, {}] } },
    ]);
    const { chain: named } = made.answer?.data as { readonly chain: { readonly validators: Hex[] } };
    expect(named).toEqual({ id: 77, profile: 'besu-qbft', validators: [...named.validators].sort() });
    const genesis = JSON.parse(readFileSync(join(folder, 'besu', 'genesis.json'), 'utf8')) as {
      readonly extraData: Hex;
    };
    expect(genesis.extraData).toBe(qbftExtraData(named.validators));
    for (const node of ['validator-1', 'rpc']) {
      const key = readFileSync(join(folder, 'besu', node, 'data', 'key'), 'utf8').slice(2);
      expect(made.stdout + made.stderr).not.toContain(key);
    }
    const refusals = [
      { words: besu, exit: 2, code: 'usage/option' },
      { words: [...besu, '--account', address, '--fund', address], exit: 2, code: 'usage/option' },
      { words: [...besu, '--account', address, '--validators', '3'], exit: 2, code: 'usage/number' },
      { words: [...besu, '--account', address, '--validator', '12@10.0.0.1'], exit: 3, code: 'network/key' },
      { words: [...besu, '--account', address, '--network', 'besu'], exit: 3, code: 'file/exists' },
      { words: ['network', 'init', '--engine', 'geth'], exit: 2, code: 'usage/option' },
      { words: ['network', 'init', '--account', address], exit: 2, code: 'usage/option' },
      { words: ['network', 'start', '--network', 'besu'], exit: 3, code: 'network/folder' },
    ];
    const verdicts = await Promise.all(refusals.map(({ words }) => verdict(folder, ...words)));
    expect(verdicts).toEqual(refusals.map(({ exit, code }) => ({ exit, code })));
    expect(existsSync(join(folder, 'network'))).toBe(false);
  });
});
