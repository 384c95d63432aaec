import { rm } from 'node:fs/promises';
import type { DeployJournal, DeployStart } from '../../../contracts/deploy/resume.ts';
import { canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { readIndex, readMembers } from '../../../protocol/json-members.ts';
import { exists, readText, writeFile } from '../../../protocol/node/files.ts';

const CODE = 'deploy/journal';

/** Whose deployment of what a journal is. */
export interface DeployKey {
  readonly account: string;
  readonly chainId: number;
  readonly definitionHash: Hex;
}

/** A journal in the file `<out>.part`, which is there as long as a deployment has begun and not come to its end. */
export interface JournalFile extends DeployJournal {
  remove(): Promise<void>;
}

/** Opens the journal of a deployment to `out`. @throws `deploy/journal` if it is of another account, chain or definition */
export async function openJournal(out: string, key: DeployKey): Promise<JournalFile> {
  const path = `${out}.part`;
  const started = (await exists(path)) ? await readStart(path, key) : undefined;
  const begin = ({ nonce, block }: DeployStart): Promise<void> =>
    writeFile(path, canonicalJson({ ...key, nonce, block }));
  return { started, begin, remove: () => rm(path, { force: true }) };
}

async function readStart(path: string, key: DeployKey): Promise<DeployStart> {
  const names = ['account', 'block', 'chainId', 'definitionHash', 'nonce'] as const;
  const file = readMembers(parseCanonical(await readText(path, 4096)), names, CODE);
  const same =
    file.account === key.account && file.chainId === key.chainId && file.definitionHash === key.definitionHash;
  const hint = 'go on with those, or delete the file to give that deployment up';
  require(same, CODE, `${path} is of a deployment with another account, chain or definition: ${hint}`);
  return { nonce: readIndex(file.nonce, CODE), block: readIndex(file.block, CODE) };
}
