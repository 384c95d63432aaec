import { join } from 'node:path';
import { parseJson } from '../../../protocol/canonical-json.ts';
import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import { decodeDefinition, definitionHash } from '../../../protocol/definition/decode.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { decodeHex } from '../../../protocol/encoding.ts';
import { readIndex } from '../../../protocol/json-members.ts';
import { readBytes, readText } from '../../../protocol/node/files.ts';
import { MAX_DEFINITION } from '../../../protocol/record/published-names.ts';
import { setting } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';

export type { Definition } from '../../../protocol/definition/definition.ts';

/** A definition and its hash. */
export interface LoadedDefinition {
  readonly definition: Definition;
  readonly hash: Hex;
}

/**
 * The definition that `--definition` names, or `election.json` of the folder that `--public` names.
 *
 * @throws `definition/invalid`, `json/canonical`, `usage/setting`, `file/*`
 */
export async function loadDefinition(call: Invocation): Promise<LoadedDefinition> {
  const { definition: named, public: folder } = call.settings;
  const path =
    named === undefined && folder !== undefined ? join(folder, 'election.json') : setting(call, 'definition');
  const definition = decodeDefinition(await readBytes(path, MAX_DEFINITION));
  return { definition, hash: definitionHash(definition) };
}

/** The definition together with the contract it was deployed to: what signatures bind. */
export interface LoadedElection {
  readonly definition: Definition;
  readonly context: ElectionContext;
}

/**
 * Definition and deployment. The address is taken from `--election` or the deployment file; nothing is asked of a chain, so it
 * works offline. What is signed for a wrong address is worth nothing at the right one.
 *
 * @throws `deployment/file`, and the codes of {@link loadDefinition}
 */
export async function loadElection(call: Invocation): Promise<LoadedElection> {
  const { definition, hash } = await loadDefinition(call);
  const { chainId, election } = await electionPlace(call, definition.chain.id);
  require(chainId === definition.chain.id, 'deployment/chain', 'deployment and definition name different chains');
  return { definition, context: { chainId, election, definitionHash: hash } };
}

async function electionPlace(call: Invocation, chainId: number): Promise<{ chainId: number; election: Hex }> {
  const given = call.settings.election;
  if (given !== undefined) return { chainId, election: readAddress(given) };
  return readDeploymentPlace(setting(call, 'deployment'));
}

/** Chain and address in a deployment file. @throws `deployment/file`, `encoding/hex`, `file/*` */
export async function readDeploymentPlace(path: string): Promise<{ chainId: number; election: Hex }> {
  const file = parseJson(await readText(path, 2 ** 20));
  const isObject = typeof file === 'object' && file !== null && !Array.isArray(file);
  require(isObject, 'deployment/file', `${path} is not a deployment file`);
  const { chainId, election } = file as Readonly<Record<string, string | number>>;
  return { chainId: readIndex(chainId, 'deployment/file', 1), election: readAddress(election) };
}

/** An address; letters of either case, as wallets show them. @throws `encoding/hex` */
export function readAddress(text: unknown): Hex {
  return encodeHex(decodeHex(typeof text === 'string' ? text.toLowerCase() : text, 20));
}
