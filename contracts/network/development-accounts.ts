import type { HDAccount } from 'viem';
import { hdKeyToAccount, mnemonicToAccount } from 'viem/accounts';

/** The development mnemonic everyone knows: its keys are worthless outside a throw-away chain. */
export const MNEMONIC = 'test test test test test test test test test test test junk';

let root: ReturnType<HDAccount['getHdKey']> | undefined;
const made = new Map<number, HDAccount>();

/** The `index`-th account of {@link MNEMONIC}. Made once: stretching the words takes longer than sending a transaction. */
export function developmentAccount(index: number): HDAccount {
  root ??= mnemonicToAccount(MNEMONIC, { path: 'm' }).getHdKey();
  const account = made.get(index) ?? hdKeyToAccount(root, { addressIndex: index });
  made.set(index, account);
  return account;
}
