import { getContractAddress } from 'viem';
import { encodeElectionArguments } from '../../protocol/config/config.ts';
import { toConfig } from '../../protocol/config/to-config.ts';
import type { ProvingArtifacts } from '../../circuits/artifacts.ts';
import type { Definition } from '../../protocol/definition/definition.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { concatBytes, decodeHex, encodeHex } from '../../protocol/encoding.ts';
import { UrnaError, at, require } from '../../protocol/errors.ts';
import type { VerifyingKey } from '../../protocol/math/groth16-key.ts';
import { circuitKeyRuntime, circuitLanes } from '../ballots/circuit-key.ts';
import { lowerHex } from '../client/election.ts';
import type { Sender } from '../client/transact.ts';
import { confirm, submit } from '../client/transact.ts';
import type { ChainProfile } from '../network/profiles.ts';
import { ballotsArguments, partArguments } from './arguments.ts';
import type { DeployedName, PublishedBuilds } from './builds.ts';
import type { Deployment } from './deployment.ts';
import { gatedKeys } from './gate.ts';
import { NO_JOURNAL, minedSteps, startOf } from './resume.ts';
import type { DeployJournal } from './resume.ts';

/** What an election is made from. */
export interface DeployInput {
  readonly definition: Definition;
  /** One for each number of lanes that the contests use. */
  readonly circuits: readonly ProvingArtifacts[];
  readonly builds: PublishedBuilds;
}

/** The same with verifying keys that nobody has examined. */
export interface UngatedInput extends Omit<DeployInput, 'circuits'> {
  readonly keys: readonly VerifyingKey[];
}

/** Told after every contract that is on chain. */
export type DeployProgress = (step: {
  readonly done: number;
  readonly of: number;
  readonly name: DeployedName;
}) => void;

interface Step {
  readonly name: DeployedName;
  /** Encoded constructor arguments. */
  readonly args: Hex;
}

/** All contracts in their order; `addressOf(i)` is where the i-th will be. `Election` comes last and names the others, which name it. */
function planSteps({ definition, keys }: UngatedInput, addressOf: (index: number) => Hex): Step[] {
  const first = 1 + keys.length;
  const [roll, ceremony, ballots, tally] = [0, 1, 2, 3].map((i) => addressOf(first + i)) as [Hex, Hex, Hex, Hex];
  const election = addressOf(first + 4);
  const keyAddresses = keys.map((_, i) => addressOf(1 + i));
  return [
    { name: 'poseidon', args: '0x' },
    ...keys.map((key): Step => ({ name: 'circuit-key', args: circuitKeyRuntime(key) })),
    { name: 'roll', args: partArguments(election, addressOf(0)) },
    { name: 'ceremony', args: partArguments(election) },
    { name: 'ballots', args: ballotsArguments(election, keyAddresses) },
    { name: 'tally', args: partArguments(election) },
    {
      name: 'election',
      args: encodeHex(encodeElectionArguments(toConfig(definition), { roll, ceremony, ballots, tally })),
    },
  ];
}

function requireFitting({ definition, keys }: UngatedInput, chainId: number): void {
  const { chain } = definition;
  require(chain.id ===
    chainId, 'chain/wrong-chain', `the node is of chain ${chainId}, the definition of chain ${chain.id}`);
  const given = keys.map(circuitLanes).sort((a, b) => a - b);
  const used = [...new Set(toConfig(definition).contests.map(({ lanes }) => lanes))].sort((a, b) => a - b);
  const exact = given.length === used.length && given.every((lanes, i) => lanes === used[i]);
  require(exact, 'deploy/keys', `the contests need verifying keys for ${used.join(', ')} lanes, given: ${given.join(', ')}`);
}

/** Before anything is sent: a chain takes so many bytes to create a contract with, and `Election`'s arguments grow with its polls. */
function requireCreatable(
  steps: readonly Step[],
  data: readonly Hex[],
  { name: chain, creationLimit }: ChainProfile,
): void {
  for (const [i, { name }] of steps.entries()) {
    const size = at(data, i).length / 2 - 1;
    require(creationLimit === undefined ||
      size <=
        creationLimit, 'deploy/too-large', `creating the contract "${name}" takes ${size} bytes, a ${chain} chain takes ${creationLimit}: define fewer contests, districts or options`);
  }
}

/**
 * Deploys an election whose circuits pass the setup gate; nothing is sent if they do not.
 *
 * @returns what `deployment.json` holds
 * @throws `setup/refused`, `setup/hash`, and the codes of {@link deployContracts}
 */
export async function deployElection(
  sender: Sender,
  input: DeployInput,
  progress?: DeployProgress,
  journal?: DeployJournal,
): Promise<Deployment> {
  const { definition, circuits, builds } = input;
  const keys = await gatedKeys(definition, circuits);
  return deployContracts(sender, { definition, keys, builds }, progress, journal);
}

/**
 * Deploys the contracts, whatever the keys are worth: only {@link deployElection} asks. The parts have to name `Election` and it them, so its address is predicted from the sender's nonces:
 * the account must send nothing else meanwhile. A run that was interrupted goes on from its journal: what is on chain already is compared, not sent.
 *
 * @returns what `deployment.json` holds
 * @throws `chain/wrong-chain`, `deploy/keys`, `deploy/too-large`, `deploy/nonce` if another transaction of the account came between, `chain/…`
 */
export async function deployContracts(
  sender: Sender,
  input: UngatedInput,
  progress: DeployProgress = () => undefined,
  journal: DeployJournal = NO_JOURNAL,
): Promise<Deployment> {
  const { connection, account } = sender;
  requireFitting(input, connection.chainId);
  const start = await startOf(sender, journal);
  const addressOf = (index: number): Hex =>
    lowerHex(getContractAddress({ from: account.address, nonce: BigInt(start.nonce + index) }));
  const steps = planSteps(input, addressOf);
  const data = steps.map(({ name, args }) =>
    encodeHex(concatBytes(decodeHex(input.builds[name].code), decodeHex(args))),
  );
  requireCreatable(steps, data, connection.profile);
  const blocks = journal.started === undefined ? [] : await minedSteps(sender, start, data);
  for (const [index, { name }] of steps.entries()) {
    if (index >= blocks.length) blocks.push(await create(sender, at(data, index), start.nonce + index));
    progress({ done: index + 1, of: steps.length, name });
  }
  const first = 1 + input.keys.length;
  return {
    format: 'urna/deployment/1',
    chainId: connection.chainId,
    deploymentBlock: at(blocks, 0),
    ...{ election: addressOf(first + 4), roll: addressOf(first), ceremony: addressOf(first + 1) },
    ...{ ballots: addressOf(first + 2), tally: addressOf(first + 3), poseidon: addressOf(0) },
    circuitKeys: input.keys.map((key, i) => ({ lanes: circuitLanes(key), address: addressOf(1 + i) })),
  };
}

/** Sends creation code with exactly this nonce, so that it lands at the address predicted or nowhere. @returns its block */
async function create(sender: Sender, data: Hex, nonce: number): Promise<number> {
  try {
    return (await confirm(sender.connection, await submit(sender, { data }, nonce))).block;
  } catch (error) {
    if (!(error instanceof UrnaError) || error.code !== 'chain/nonce') throw error;
    throw new UrnaError('deploy/nonce', 'the account was used for something else meanwhile: deploy again');
  }
}
