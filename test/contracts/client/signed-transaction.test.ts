import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from '../../../contracts/client/connection.ts';
import {
  accountCount,
  broadcast,
  minedResult,
  signCall,
  signDearer,
} from '../../../contracts/client/signed-transaction.ts';
import type { MinedResult } from '../../../contracts/client/signed-transaction.ts';
import { awaitReceipt, senderOfKey, transact } from '../../../contracts/client/transact.ts';
import type { Sender } from '../../../contracts/client/transact.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { connectTo, privateKey } from '../deploy/development.ts';

const call = { to: '0x00000000000000000000000000000000000000ee', data: '0x' } as const;
/** PUSH0-free code that reverts: `60006000fd`, returned by its creation. */
const REVERTING = '0x6460006000fd6000526005601bf3';

let chain: EmbeddedChain;
let connection: Connection;
let sender: Sender;

beforeAll(async () => {
  chain = await startEmbeddedChain();
  connection = await connectTo(chain);
  sender = senderOfKey(connection, privateKey(chain, 0));
});
afterAll(() => chain.stop());

/** The result of a transaction that a block takes: the node may know it a moment later. */
async function resultOf(hash: Hex): Promise<MinedResult | undefined> {
  await awaitReceipt(connection.rpc, hash, connection.profile);
  return minedResult(connection, hash);
}

describe('signCall and broadcast', () => {
  it('send nothing before they are told to, and one transaction however often they are', async () => {
    const nonce = await accountCount(sender, 'pending');
    const signed = await signCall(sender, call, nonce);
    expect(await accountCount(sender, 'pending')).toBe(nonce);
    for (let i = 0; i < 3; i++) await broadcast(connection, signed);
    expect(await accountCount(sender, 'pending')).toBe(nonce + 1);
    expect(await resultOf(signed.hash)).toMatchObject({ success: true });
  });

  it('send again what waits, what the node forgot, and what a reorganisation took out', async () => {
    const signed = await signCall(sender, call, await accountCount(sender, 'pending'));
    const snapshot = await chain.testClient.snapshot();
    await chain.testClient.setAutomine(false);
    await broadcast(connection, signed);
    await broadcast(connection, signed);
    expect(await minedResult(connection, signed.hash)).toBeUndefined();
    await chain.testClient.dropTransaction({ hash: signed.hash });
    await chain.testClient.setAutomine(true);
    await broadcast(connection, signed);
    expect(await resultOf(signed.hash)).toMatchObject({ success: true });
    await chain.testClient.revert({ id: snapshot });
    expect(await minedResult(connection, signed.hash)).toBeUndefined();
    await broadcast(connection, signed);
    expect(await resultOf(signed.hash)).toMatchObject({ success: true });
  });

  it('show that another transaction has taken the number', async () => {
    const nonce = await accountCount(sender, 'pending');
    const signed = await signCall(sender, call, nonce);
    await transact(sender, { ...call, data: '0x01' });
    await broadcast(connection, signed);
    expect(await minedResult(connection, signed.hash)).toBeUndefined();
    const head = Number(await connection.rpc.getBlockNumber());
    expect(await accountCount(sender, head)).toBe(nonce + 1);
    expect(await accountCount(sender, head - 1)).toBe(nonce);
  });

  it('do not sign what the contract would refuse', async () => {
    const { receipt } = await transact(sender, { data: REVERTING });
    const refused = { to: receipt.contractAddress ?? call.to, data: '0x' } as const;
    await expect(signCall(sender, refused, 0)).rejects.toMatchObject({ code: 'chain/refused' });
  });
});

describe('signDearer', () => {
  it('keeps number and call, and asks for more where the chain has become dearer', async () => {
    const nonce = await accountCount(sender, 'pending');
    const signed = await signCall(sender, { ...call, data: '0x0203' }, nonce);
    expect(await signDearer(sender, signed)).toBeUndefined();
    const { baseFeePerGas } = await connection.rpc.getBlock();
    await chain.testClient.setNextBlockBaseFeePerGas({ baseFeePerGas: 8n * (baseFeePerGas ?? 1n) });
    await chain.testClient.mine({ blocks: 1 });
    const dearer = await signDearer(sender, signed);
    expect(dearer).toMatchObject({ nonce });
    if (dearer === undefined) throw new Error('no dearer transaction');
    await broadcast(connection, dearer);
    expect(await resultOf(dearer.hash)).toMatchObject({ success: true });
    expect((await connection.rpc.getTransaction({ hash: dearer.hash })).input).toBe('0x0203');
    expect(await minedResult(connection, signed.hash)).toBeUndefined();
  });
});
