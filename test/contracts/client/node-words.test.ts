import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '../../../contracts/client/connection.ts';
import { broadcast } from '../../../contracts/client/signed-transaction.ts';
import { fees, pay, senderOfKey } from '../../../contracts/client/transact.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { exitOf } from '../../../protocol/node/exit-codes.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Hex } from '../../../protocol/encoding.ts';

/** Besu's numbers and sentences as its source has them (RpcErrorType.java), and what they come to here. */
const BESU: readonly (readonly [number: number, said: string, code: string, exit: number])[] = [
  [-32000, 'Known transaction', 'chain/nonce', 5],
  [-32000, 'Replacement transaction underpriced', 'chain/nonce', 5],
  [-32001, 'Nonce too low', 'chain/nonce', 5],
  [-32000, 'Transaction nonce is too distant from current sender nonce', 'chain/pool-full', 5],
  [-32008, 'Initial sync is still in progress', 'chain/syncing', 5],
  [
    -32002,
    'Transaction pool not enabled. (Either txpool explicitly disabled, or node not yet in sync).',
    'chain/syncing',
    5,
  ],
  [-32007, 'Sender account not authorized to send transactions', 'chain/account', 4],
  [-32004, 'Upfront cost exceeds account balance', 'chain/funds', 4],
  [-32005, 'Transaction gas limit exceeds block gas limit', 'chain/gas', 4],
  // Nothing that anybody who sends could do about it: the node's own words.
  [-32009, 'Gas price below configured minimum gas price', 'chain/node', 4],
];

let node: Server;
let url: string;
let refusal: { readonly code: number; readonly message: string };
let asked: string[] = [];

beforeAll(async () => {
  node = createServer((request, response) => {
    void (async () => {
      const { id, method } = JSON.parse(await text(request)) as { readonly id: number; readonly method: string };
      asked.push(method);
      const answers: Readonly<Record<string, string>> = { eth_chainId: '0x1c9d', eth_getTransactionCount: '0x7' };
      const result = answers[method];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...(result === undefined ? { error: refusal } : { result }) }));
    })();
  });
  node.listen(0, '127.0.0.1');
  await once(node, 'listening');
  url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
});
afterAll(() => {
  node.close();
});

const key = new Uint8Array(32).fill(7);
const to: Hex = `0x${'11'.repeat(20)}`;

describe('what a Besu node says to a transaction', () => {
  it.each(BESU)('%i "%s" is %s', async (number, message, code, exit) => {
    refusal = { code: number, message };
    const sender = senderOfKey(await connect(url, chainProfile('besu-qbft')), key);
    const error = await pay(sender, to, 0n).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UrnaError);
    expect(error).toMatchObject({ code });
    expect(exitOf(code)).toBe(exit);
  });

  it('is no error where the same signed transaction is sent again, as it is none on geth', async () => {
    const connection = await connect(url, chainProfile('besu-qbft'));
    for (const message of ['Known transaction', 'already known', 'Nonce too low']) {
      refusal = { code: -32000, message };
      await expect(broadcast(connection, { hash: to, nonce: 7, raw: '0x02' })).resolves.toBeUndefined();
    }
    refusal = { code: -32007, message: 'Sender account not authorized to send transactions' };
    await expect(broadcast(connection, { hash: to, nonce: 7, raw: '0x02' })).rejects.toMatchObject({
      code: 'chain/account',
    });
  });
});

describe('fees of a chain where gas has no price', () => {
  it('are none, and nobody asks the node for them', async () => {
    const connection = await connect(url, chainProfile('besu-qbft'));
    asked = [];
    expect(await fees(connection)).toEqual({ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n });
    expect(asked).toEqual([]);
  });
});
