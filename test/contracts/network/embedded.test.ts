import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';

const START = 1_900_000_000;
let chain: EmbeddedChain;
beforeAll(async () => {
  chain = await startEmbeddedChain({ chainId: 4242, timestamp: START });
});
afterAll(() => chain.stop());

describe('startEmbeddedChain', () => {
  it('starts a chain of its own with the given id and time, and funded accounts', async () => {
    expect(await chain.publicClient.getChainId()).toBe(4242);
    expect(await chain.now()).toBe(START);
    expect(await chain.publicClient.getBalance({ address: chain.account(7).address })).toBeGreaterThan(10n ** 18n);
    expect(chain.wallet(7).account.address).toBe(chain.account(7).address);
    // What every tool for Ethereum derives from these words (BIP-39, BIP-44).
    expect([0, 1].map((index) => chain.account(index).address)).toEqual([
      '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
      '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    ]);
  });
  it('charges a base fee, and refuses code of later forks', async () => {
    expect((await chain.publicClient.getBlock()).baseFeePerGas).not.toBeNull();
    // PUSH0 RETURN
    const code = await chain.wallet(0).sendTransaction({ data: '0x5f5ff3', gas: 100_000n });
    expect((await chain.publicClient.waitForTransactionReceipt({ hash: code })).status).toBe('reverted');
  });
  it('limits the size of code like every other chain', async () => {
    // PUSH2 0x6001 PUSH1 0 RETURN: 24,577 zero bytes
    const tooLarge = chain.wallet(0).sendTransaction({ data: '0x6160016000f3', gas: 10_000_000n });
    const hash = await tooLarge.catch(() => undefined);
    if (hash === undefined) return;
    expect((await chain.publicClient.waitForTransactionReceipt({ hash })).status).toBe('reverted');
  });
  it('moves block time forward, exactly, and never back', async () => {
    await chain.advance(100);
    const before = await chain.now();
    expect(before).toBeGreaterThanOrEqual(START + 100);
    await chain.advanceTo(before + 5000);
    expect(await chain.now()).toBe(before + 5000);
    await expect(chain.advanceTo(before)).rejects.toThrow();
    await chain.setNextTime(before + 6000);
    const hash = await chain.wallet(0).sendTransaction({ to: chain.account(1).address, value: 1n });
    const { blockNumber } = await chain.publicClient.waitForTransactionReceipt({ hash });
    expect((await chain.publicClient.getBlock({ blockNumber })).timestamp).toBe(BigInt(before + 6000));
  });
  it('says why it did not start', async () => {
    const port = Number(new URL(chain.url).port);
    await expect(startEmbeddedChain({ port, chainId: 1 })).rejects.toThrow('did not start');
  });
  it('stops for good', async () => {
    const other = await startEmbeddedChain();
    await other.stop();
    await other.stop();
    await expect(other.publicClient.getChainId()).rejects.toThrow();
  });
});
