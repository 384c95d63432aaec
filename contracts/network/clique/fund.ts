import { readFileSync } from 'node:fs';
import type { Hex } from '../../../protocol/encoding.ts';
import { decodeHex } from '../../../protocol/encoding.ts';
import { connect } from '../../client/connection.ts';
import { confirm, pay, senderOfKey } from '../../client/transact.ts';
import { chainProfile } from '../profiles.ts';
import type { CliqueNetwork } from './folder.ts';
import { pathsOf } from './folder.ts';

/** Wei for each account: enough for an election's transactions, whatever the base fee of a busy chain. */
const FUNDS = 2n ** 160n;

/** Sends money of the network's treasury to accounts, and waits until it is there. @throws `chain/*` */
export async function fundFromTreasury(
  folder: string,
  network: CliqueNetwork,
  accounts: readonly Hex[],
): Promise<void> {
  const rpc = network.validators[0]?.rpc ?? '';
  const connection = await connect(rpc, chainProfile('clique'), network.chainId);
  const sender = senderOfKey(connection, decodeHex(readFileSync(pathsOf(folder).treasury, 'utf8'), 32));
  const sent: Hex[] = [];
  for (const account of accounts) sent.push(await pay(sender, account, FUNDS));
  for (const transaction of sent) await confirm(connection, transaction);
}
