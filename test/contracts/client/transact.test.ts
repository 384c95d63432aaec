import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '../../../contracts/client/connection.ts';
import type { Connection } from '../../../contracts/client/connection.ts';
import { senderOfKey, transact } from '../../../contracts/client/transact.ts';
import type { Sender } from '../../../contracts/client/transact.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { connectTo, privateKey } from '../deploy/development.ts';

/**
 * A contract whose call without data is cheap, until another call makes it dear (one byte of data: it writes a word more, 22,100 gas) or
 * forbidden (two bytes: it reverts):
 *
 *   calldatasize == 2 → sstore(2, 1); calldatasize ≠ 0 → sstore(0, 1); sload(2) → revert; sload(0) → sstore(1, 1)
 */
const RUNTIME =
  '60023614601f5736601857600254602d57600054602657005b6001600055005b6001600255005b6001600155005b60006000fd';
/** Returns the 51 bytes that follow it. */
const LOADER = '60338060093d393df3';

let chain: EmbeddedChain;
let connection: Connection;
let notes: string[];

beforeAll(async () => {
  chain = await startEmbeddedChain();
  connection = await connectTo(chain);
});
afterAll(() => chain.stop());

function sender(): Sender {
  notes = [];
  return senderOfKey(connection, privateKey(chain, 0), (line) => notes.push(line));
}

async function waiting(transactions: number): Promise<void> {
  for (;;) {
    const { pending } = await chain.testClient.getTxpoolStatus();
    if (pending >= transactions) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Sends a call without data; another account's call comes before it in the same block. */
async function overtaken(data: Hex): Promise<{ readonly sent: ReturnType<typeof transact>; readonly to: Hex }> {
  const { receipt } = await transact(sender(), { data: `0x${LOADER}${RUNTIME}` });
  const to = receipt.contractAddress;
  if (to === null || to === undefined) throw new Error('no contract was made');
  await chain.testClient.setAutomine(false);
  const sent = transact(sender(), { to, data: '0x' });
  sent.catch(() => undefined); // looked at by the test, later
  await waiting(1);
  const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 10n, gas: 200_000n };
  await chain.wallet(5).sendTransaction({ to, data, ...fees });
  await waiting(2);
  await chain.testClient.mine({ blocks: 1 });
  await chain.testClient.setAutomine(true);
  return { sent, to };
}

/** A node that does not know the answer to `method` the first times it is asked, but says what it `knew` before. */
async function behind(
  method: string,
  times: number,
  knew: unknown,
): Promise<{ readonly url: string; left(): number; close(): Promise<void> }> {
  let left = times;
  const node = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const { id, method: asked } = JSON.parse(body) as { readonly id: number; readonly method: string };
      const hidden = asked === method && left-- > 0;
      const headers = { 'content-type': 'application/json' };
      const answered = hidden ? undefined : await fetch(chain.url, { method: 'POST', body, headers });
      response.setHeader('content-type', 'application/json');
      response.end(
        answered === undefined ? JSON.stringify({ jsonrpc: '2.0', id, result: knew }) : await answered.text(),
      );
    })();
  });
  node.listen(0, '127.0.0.1');
  await once(node, 'listening');
  const { port } = node.address() as AddressInfo;
  const close = async (): Promise<void> => {
    node.close();
    node.closeAllConnections();
    await once(node, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, left: () => left, close };
}

describe('confirm', () => {
  it('finds a receipt that the node shows later than its block, though no block follows', async () => {
    const node = await behind('eth_getTransactionReceipt', 3, null);
    const slow = await connect(node.url, chainProfile('embedded'));
    const { account } = sender();
    const { block } = await transact(senderOfKey(slow, privateKey(chain, 0)), { to: account.address, data: '0x' });
    expect(BigInt(block)).toBe(await chain.publicClient.getBlockNumber());
    await node.close();
  });

  it('waits until the node answers as of the transaction’s block, which it may do later than show the receipt', async () => {
    const before = await chain.publicClient.getBlockNumber();
    const node = await behind('eth_blockNumber', 3, `0x${before.toString(16)}`);
    const slow = await connect(node.url, chainProfile('embedded'));
    await transact(senderOfKey(slow, privateKey(chain, 0)), { to: sender().account.address, data: '0x' });
    await node.close();
    expect(node.left()).toBeLessThan(0);
  });
});

describe('transact', () => {
  it('sends once more, and says so, what ran out of gas because another call came first', async () => {
    const { sent, to } = await overtaken('0x01');
    const { receipt } = await sent;
    expect(receipt.status).toBe('success');
    expect(await chain.publicClient.getStorageAt({ address: to, slot: '0x1' })).toMatch(/1$/u);
    expect(notes).toEqual([expect.stringContaining('ran out of gas')]);
  });

  it('does not send again what the contract refused when its turn came', async () => {
    const { sent } = await overtaken('0x0102');
    await expect(sent).rejects.toMatchObject({ code: 'chain/reverted' });
    expect(notes).toEqual([]);
  });

  it('estimates with what waits in front of it', async () => {
    const { receipt } = await transact(sender(), { data: `0x${LOADER}${RUNTIME}` });
    const to = receipt.contractAddress ?? '0x';
    await chain.testClient.setAutomine(false);
    const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 10n, gas: 200_000n };
    await chain.wallet(5).sendTransaction({ to, data: '0x01', ...fees });
    await waiting(1);
    const sent = transact(sender(), { to, data: '0x' });
    await waiting(2);
    await chain.testClient.mine({ blocks: 1 });
    await chain.testClient.setAutomine(true);
    expect((await sent).receipt.status).toBe('success');
    expect(notes).toEqual([]);
  });
});
