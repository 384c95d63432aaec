import { pbkdf2Sync } from 'node:crypto';
import type { HDAccount } from 'viem';
import { HDKey, hdKeyToAccount } from 'viem/accounts';

/** The development mnemonic everyone knows: its keys are worthless outside a throw-away chain. */
export const MNEMONIC = 'test test test test test test test test test test test junk';

let root: HDKey | undefined;
const made = new Map<number, HDAccount>();

/** The `index`-th account of {@link MNEMONIC}. Made once: stretching the words takes longer than sending a transaction. */
export function developmentAccount(index: number): HDAccount {
  // The seed of BIP-39, without a passphrase.
  root ??= HDKey.fromMasterSeed(pbkdf2Sync(MNEMONIC, 'mnemonic', 2048, 64, 'sha512'));
  const account = made.get(index) ?? hdKeyToAccount(root, { addressIndex: index });
  made.set(index, account);
  return account;
}
