import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connect } from '../../../contracts/client/connection.ts';
import { accountCount, broadcast, minedResult, signCall } from '../../../contracts/client/signed-transaction.ts';
import { awaitReceipt, senderOfKey } from '../../../contracts/client/transact.ts';
import { validatorOf } from '../../../contracts/network/clique/folder.ts';
import { findGeth } from '../../../contracts/network/clique/geth.ts';
import { startNodes } from '../../../contracts/network/clique/start.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { privateKey } from '../deploy/development.ts';
import type { CliqueTestChain } from '../network/clique-chain.ts';
import { startCliqueChain } from '../network/clique-chain.ts';

/** More than the pool below holds. */
const FOREIGN = 40;

let chain: CliqueTestChain;

beforeAll(async () => {
  chain = await startCliqueChain(2);
  await Promise.all([chain.kill(1), chain.kill(2)]);
  // Alone, one of two validators makes a block at most: whatever it is sent then stays in its pool.
  const small = join(chain.folder, 'small-pool');
  const flags = '--txpool.globalslots 8 --txpool.globalqueue 8 --txpool.accountqueue 8';
  writeFileSync(small, `#!/bin/sh\nexec ${await findGeth()} "$@" ${flags}\n`);
  chmodSync(small, 0o755);
  await startNodes(small, chain.folder, chain.network, [validatorOf(chain.network, 1)]);
}, 600_000);
afterAll(() => chain?.stop(), 60_000);

it('a pool full of what others pay more for says so, and takes the same signed transaction once it has room', async () => {
  const connection = await connect(chain.url, chainProfile('clique'));
  const sender = senderOfKey(connection, privateKey(chain, 0));
  const signed = await signCall(sender, { to: sender.account.address, data: '0x' }, 0);
  const foreign = chain.wallet(1);
  for (let nonce = 0; nonce < FOREIGN; nonce++) {
    const fees = { maxFeePerGas: 10_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
    const sent = { to: foreign.account.address, gas: 21_000n, nonce, ...fees };
    if ((await foreign.sendTransaction(sent).catch(() => undefined)) === undefined) break;
  }
  await expect(broadcast(connection, signed)).rejects.toMatchObject({ code: 'chain/pool-full' });
  expect(await accountCount(sender, 'pending')).toBe(0);

  await chain.start(2);
  const deadline = performance.now() + 120_000;
  while (performance.now() < deadline && !(await taken())) await new Promise((resolve) => setTimeout(resolve, 200));
  await awaitReceipt(connection.rpc, signed.hash, connection.profile);
  expect(await minedResult(connection, signed.hash)).toMatchObject({ success: true });
  expect(await accountCount(sender, 'latest')).toBe(1);

  function taken(): Promise<boolean> {
    return broadcast(connection, signed).then(
      () => true,
      () => false,
    );
  }
}, 400_000);
