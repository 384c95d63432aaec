import { decodeAbiParameters, getContractAddress, parseAbiParameters } from 'viem';
import type { Hex } from '../../protocol/encoding.ts';
import { concatBytes, decodeHex, encodeHex } from '../../protocol/encoding.ts';
import { UrnaError, require } from '../../protocol/errors.ts';
import { keccak256 } from '../../protocol/hash.ts';
import type { EntryData } from '../../protocol/record/entry.ts';
import type { ElectionAt } from '../client/election.ts';
import type { DeployedName, CodeSizes } from '../deploy/builds.ts';
import { lower } from './happening.ts';
import type { FullBlock, MinedTransaction } from './source.ts';
import { confirmedHead, fullBlock, readLogs } from './source.ts';

/** A creating transaction of an election, found on chain. */
export interface Deployment {
  readonly block: number;
  readonly blockHash: Hex;
  readonly transaction: Hex;
  readonly transactionIndex: number;
  readonly data: EntryData<'deployment'>;
}

/** Everything that was deployed for an election. */
export interface Deployments {
  /** In the chain's order. */
  readonly list: readonly Deployment[];
  /** Addresses of the verifying keys, as `Ballots` was given them. */
  readonly circuitKeys: readonly Hex[];
}

/** Blocks before `Election`'s in which its parts are looked for: they are deployed together. */
const MAX_WALK = 20_000;

/**
 * Finds the creating transactions of an election: `Election`'s by its first log, the others walking back from there. An account's
 * contracts have addresses that follow from its nonces, so a transaction is recognised without its receipt.
 *
 * @param from - a block not after `Election`'s, to look from
 * @throws `follow/deployment` if one is not found, `chain/…`
 */
export async function findDeployments(at: ElectionAt, builds: CodeSizes, from: number): Promise<Deployments> {
  const wanted = new Map<Hex, DeployedName>([
    [at.election, 'election'],
    [at.roll, 'roll'],
    [at.ceremony, 'ceremony'],
    [at.ballots, 'ballots'],
    [at.tally, 'tally'],
  ]);
  const found: Deployment[] = [];
  let circuitKeys: readonly Hex[] = [];
  const last = await definingBlock(at, from);
  for (let number = last; wanted.size > 0; number--) {
    const missing = [...wanted.values()].join(', ');
    require(number >= 0 && last - number < MAX_WALK, 'follow/deployment', `the creation of ${missing} was not found`);
    const block = await fullBlock(at.connection, number);
    for (const transaction of [...block.transactions].reverse()) {
      const deployment = creationIn(block, transaction, wanted, builds);
      if (deployment === undefined) continue;
      const { name, address } = deployment.data;
      found.unshift(deployment);
      wanted.delete(address);
      const args = deployment.data.arguments;
      if (name === 'ballots') circuitKeys = ballotsKeys(args);
      if (name === 'ballots') for (const key of circuitKeys) wanted.set(key, 'circuit-key');
      if (name === 'roll') wanted.set(rollHasher(args), 'poseidon');
    }
  }
  return { list: found, circuitKeys };
}

/** Number of the block that holds `Election`'s first log. */
async function definingBlock(at: ElectionAt, from: number): Promise<number> {
  const { connection } = at;
  const head = await confirmedHead(connection);
  for (let start = from; start <= head; start += connection.profile.logRange) {
    const end = Math.min(start + connection.profile.logRange - 1, head);
    const [first] = await readLogs(connection, [at.election], start, end);
    if (first !== undefined) return Number(first.blockNumber);
  }
  throw new UrnaError('follow/deployment', `there is no confirmed log of ${at.election}: is it an election?`);
}

function creationIn(
  block: FullBlock,
  transaction: MinedTransaction,
  wanted: ReadonlyMap<Hex, DeployedName>,
  builds: CodeSizes,
): Deployment | undefined {
  if (transaction.to !== null) return undefined;
  const { from, nonce } = transaction;
  const address = lower(getContractAddress({ from, nonce: BigInt(nonce) }));
  const name = wanted.get(address);
  if (name === undefined) return undefined;
  const input = decodeHex(lower(transaction.input));
  const codeBytes = Math.min(builds[name].codeBytes, input.length);
  const data = {
    ...{ name, address, creator: lower(from), nonce, codeBytes },
    codeHash: encodeHex(keccak256(input.subarray(0, codeBytes))),
    arguments: encodeHex(input.subarray(codeBytes)),
  };
  const { number, hash } = block;
  return {
    block: number,
    blockHash: hash,
    transaction: transaction.hash,
    transactionIndex: transaction.transactionIndex,
    data,
  };
}

/** `circuitKeys` of the constructor arguments `(address election, address[] circuitKeys)`. */
function ballotsKeys(args: Hex): Hex[] {
  return decoded(() => decodeAbiParameters(parseAbiParameters('address, address[]'), args)[1].map(lower));
}

/** `poseidon` of the constructor arguments `(address election, address poseidon)`. */
function rollHasher(args: Hex): Hex {
  return decoded(() => lower(decodeAbiParameters(parseAbiParameters('address, address'), args)[1]));
}

function decoded<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new UrnaError('follow/foreign-contract', 'a contract was not created as the published build is');
  }
}

/** The creating transaction's input, put together again from its entry and the published code. */
export function creationInput(build: { readonly code: Hex }, data: EntryData<'deployment'>): Hex {
  return encodeHex(concatBytes(decodeHex(build.code), decodeHex(data.arguments)));
}
