import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '../../../contracts/client/connection.ts';
import { cliqueExtraData } from '../../../contracts/network/clique/genesis.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { depthOf } from '../../../protocol/seals/clique.ts';

const signers = (count: number): Hex[] =>
  Array.from({ length: count }, (_, i) => `0x${String(i + 10).repeat(20)}` as const);
/** What the node answers, by method; a method that is not here it does not know. */
let answers: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {};
/** The part of a node that a connection asks. */
const node = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params?: readonly unknown[] };
    const answer = answers[method];
    const said =
      answer === undefined ? { error: { code: -32601, message: 'unknown' } } : { result: answer(params ?? []) };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, ...said }));
  });
});
let url = '';

beforeAll(async () => {
  await once(node.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
});
afterAll(() => void node.close());

const connected = async (name: string): Promise<number> =>
  (await connect(url, chainProfile(name))).profile.confirmations;
const eth_chainId = () => '0x7';

describe('depthOf', () => {
  it('is more than the blocks that a minority can make alone, which are its number, and no more than a majority makes, but for the least, three', () => {
    for (let count = 1; count <= 40; count++) {
      const minority = Math.ceil(count / 2) - 1;
      expect(depthOf(count)).toBeGreaterThan(minority);
      expect(depthOf(count)).toBeLessThanOrEqual(Math.max(3, count));
    }
  });
});

describe('connect', () => {
  it('waits on Clique for as many blocks as the chain’s signers make necessary, and for three at least', async () => {
    for (const [count, confirmations] of [
      [1, 3],
      [5, 3],
      [6, 4],
      [7, 4],
      [21, 11],
    ] as const) {
      answers = { eth_chainId, clique_getSigners: () => signers(count) };
      expect(await connected('clique')).toBe(confirmations);
    }
  });

  it('takes the newest list in the chain where the node does not offer its signers', async () => {
    answers = {
      ...{ eth_chainId, eth_blockNumber: () => '0x9c3f' },
      eth_getBlockByNumber: ([block]) => ({
        number: block,
        extraData: cliqueExtraData(signers(block === '0x7530' ? 9 : 3)),
      }),
    };
    expect(await connected('clique')).toBe(5);
  });

  it('refuses a node that tells no signers, and asks nothing of the kind on other chains', async () => {
    answers = { eth_chainId, clique_getSigners: () => [] };
    await expect(connected('clique')).rejects.toMatchObject({ code: 'chain/signers' });
    answers = { ...{ eth_chainId, eth_blockNumber: () => '0x1' }, eth_getBlockByNumber: () => ({ extraData: '0x00' }) };
    await expect(connected('clique')).rejects.toMatchObject({ code: 'chain/signers' });
    answers = { eth_chainId };
    await expect(connected('clique')).rejects.toMatchObject({ code: 'chain/node' });
    expect([await connected('besu-qbft'), await connected('embedded')]).toEqual([0, 0]);
  });
});
