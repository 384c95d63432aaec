import { configHash, encodeElectionArguments } from '../../protocol/config/config.ts';
import { toConfig } from '../../protocol/config/to-config.ts';
import type { Definition } from '../../protocol/definition/definition.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { encodeHex, wordHex } from '../../protocol/encoding.ts';
import type { VerifyingKey } from '../../protocol/math/groth16-key.ts';
import { circuitKeyRuntime } from '../ballots/circuit-key.ts';
import type { ElectionAt } from '../client/election.ts';
import { readStatus } from '../client/election.ts';
import type { Deployment } from '../follower/deployments.ts';
import { findDeployments } from '../follower/deployments.ts';
import { ballotsArguments, partArguments } from './arguments.ts';
import type { PublishedBuilds } from './builds.ts';

/** One comparison of a deployed contract with what it ought to be. */
export interface DeployedAnswer {
  readonly step: 'code' | 'arguments' | 'keys' | 'configuration';
  /** Name and address of the contract. */
  readonly item: string;
  readonly ok: boolean;
  readonly detail: string;
}

/**
 * Compares what is on chain with the published build, the definition and the verifying keys, from the creating transactions: what an officer's
 * client does before it signs `approve`.
 *
 * @returns an answer for each comparison; all `ok` if the election is what the definition says
 * @throws `follow/…`, `chain/…`
 */
export async function verifyDeployment(
  at: ElectionAt,
  definition: Definition,
  keys: readonly VerifyingKey[],
  builds: PublishedBuilds,
  fromBlock = 0,
): Promise<DeployedAnswer[]> {
  const { list, circuitKeys } = await findDeployments(at, builds, fromBlock);
  const poseidon = list.find(({ data }) => data.name === 'poseidon')?.data.address;
  const expected = new Map<Hex, Hex>([
    ...(poseidon === undefined ? [] : [[at.roll, partArguments(at.election, poseidon)] as const]),
    [at.ceremony, partArguments(at.election)],
    [at.tally, partArguments(at.election)],
    [at.ballots, ballotsArguments(at.election, circuitKeys)],
    [at.election, encodeHex(encodeElectionArguments(toConfig(definition), at))],
  ]);
  const { configHash: stored } = await readStatus(at);
  const hash = wordHex(configHash(toConfig(definition)));
  return [
    ...list.map((each) => codeAnswer(each, builds)),
    ...list.filter(({ data }) => expected.has(data.address)).map((each) => argumentsAnswer(each, expected)),
    ...keyAnswers(list, circuitKeys, keys),
    {
      step: 'configuration',
      item: `election ${at.election}`,
      ok: stored === hash,
      detail: stored === hash ? 'follows from the definition' : `the chain has ${stored}, the definition gives ${hash}`,
    },
  ];
}

function itemOf({ data }: Deployment): string {
  return `${data.name} ${data.address}`;
}

function codeAnswer(deployment: Deployment, builds: PublishedBuilds): DeployedAnswer {
  const { name, codeHash } = deployment.data;
  const ok = codeHash === builds[name].codeHash;
  const detail = ok ? 'is the published build' : `has code ${codeHash}, the published build ${builds[name].codeHash}`;
  return { step: 'code', item: itemOf(deployment), ok, detail };
}

function argumentsAnswer(deployment: Deployment, expected: ReadonlyMap<Hex, Hex>): DeployedAnswer {
  const ok = deployment.data.arguments === expected.get(deployment.data.address);
  const detail = ok ? 'made as the definition says' : 'made with other arguments than the definition’s';
  return { step: 'arguments', item: itemOf(deployment), ok, detail };
}

/** Every key on chain is one of `keys`, and each of those is there once. */
function keyAnswers(
  list: readonly Deployment[],
  circuitKeys: readonly Hex[],
  keys: readonly VerifyingKey[],
): DeployedAnswer[] {
  const wanted = new Set(keys.map(circuitKeyRuntime));
  const answers = list
    .filter(({ data }) => circuitKeys.includes(data.address))
    .map((each): DeployedAnswer => {
      const ok = wanted.delete(each.data.arguments);
      const detail = ok ? 'is a verifying key of the setup' : 'is no verifying key of the setup, or a repeated one';
      return { step: 'keys', item: itemOf(each), ok, detail };
    });
  const left = wanted.size;
  const missing: DeployedAnswer = {
    step: 'keys',
    item: 'setup',
    ok: false,
    detail: `${left} verifying keys are not on chain`,
  };
  return left === 0 ? answers : [...answers, missing];
}
