import type { Definition } from '../../protocol/definition/definition.ts';
import type { Config } from '../../protocol/config/config.ts';
import { toConfig } from '../../protocol/config/to-config.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { decodeHex, encodeHex, wordHex } from '../../protocol/encoding.ts';
import { UrnaError, at as itemAt, require } from '../../protocol/errors.ts';
import { keccak256 } from '../../protocol/hash.ts';
import { depthOf } from '../../protocol/seals/clique.ts';
import { encodeRlp, numberBytes } from '../../protocol/seals/rlp.ts';
import type { Seals } from '../../protocol/seals/seals-file.ts';
import type { PollState } from '../../protocol/seals/state.ts';
import { electionWords, pollWords } from '../../protocol/seals/state.ts';
import type { Connection } from '../client/connection.ts';
import { asking } from '../client/connection.ts';
import { pause } from '../client/pause.ts';
import type { ElectionAt } from '../client/election.ts';
import type { FollowState } from './state.ts';

/** Places asked for at once: geth takes 1,024. */
const PLACES = 500;
/** As many extensions as the contract takes. */
const MAX_EXTENSIONS = 64;
/** Looks at the head until the blocks on top are there. */
const LOOKS = 240;

/**
 * What `seals.json` holds (SPEC §14.8): the headers from the follower's newest block on, and the state at it. Nothing is verified here, for
 * nothing a node says is evidence: that is check 20's. Undefined where the definition names no validators, or nothing was followed yet.
 *
 * @throws `follow/moved` if the chain was reorganised meanwhile, `chain/*`; `chain/state` where the node has given up the state
 */
export async function readSeals(
  at: ElectionAt,
  definition: Definition,
  state: FollowState | undefined,
): Promise<Seals | undefined> {
  const { validators } = definition.chain;
  const newest = state?.marks.at(-1);
  if (validators === undefined || newest === undefined) return undefined;
  const { connection } = at;
  const last = newest.block + depthOf(validators.length);
  await waitFor(connection, last);
  const headers = await readHeaders(connection, newest.block, last);
  const same = encodeHex(keccak256(itemAt(headers, 0))) === newest.hash;
  require(same, 'follow/moved', 'the chain was reorganised while it was read');
  return { headers, nodes: await readState(at, toConfig(definition), newest.block) };
}

async function waitFor({ rpc, profile }: Connection, block: number): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    if (Number(await asking(rpc.getBlockNumber())) >= block) return;
    await pause(profile.pollingInterval);
  }
  throw new UrnaError('chain/unreachable', 'the chain makes no blocks: nobody has sealed what the record ends with');
}

/** What every node answers of a block, as JSON-RPC has it; Clique's headers under London's rules have these and no others. */
const NUMBERS = ['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp'] as const;

/** The RLP of the headers of blocks `from` to `to`, inclusive. @throws `chain/node`, `chain/*` */
export async function readHeaders(connection: Connection, from: number, to: number): Promise<Uint8Array[]> {
  const headers: Uint8Array[] = [];
  for (let block = from; block <= to; block++) headers.push(await readHeader(connection, block));
  return headers;
}

/** The RLP of a header. @throws `chain/node` if the node's answer does not hash to its hash */
async function readHeader({ rpc }: Connection, number: number): Promise<Uint8Array> {
  const wanted = [`0x${number.toString(16)}`, false];
  const raw: unknown = await asking(rpc.request({ method: 'eth_getBlockByNumber', params: wanted } as never));
  const block = raw as Readonly<Record<string, unknown>>;
  const bytes = (name: string): Uint8Array => decodeHex(block[name]);
  const quantity = (name: string): Uint8Array => numberBytes(BigInt(String(block[name])));
  try {
    const header = encodeRlp([
      ...['parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom'].map(bytes),
      ...NUMBERS.map(quantity),
      ...['extraData', 'mixHash', 'nonce'].map(bytes),
      quantity('baseFeePerGas'),
    ]);
    require(encodeHex(keccak256(header)) === block['hash'], 'chain/node', 'a header does not have its hash');
    return header;
  } catch {
    throw new UrnaError('chain/node', 'the chain’s node gave a header that is none of a Clique chain');
  }
}

/** Nodes of the tries on the way to everything that check 20 compares, each once. */
async function readState(at: ElectionAt, config: Config, block: number): Promise<Uint8Array[]> {
  const { connection, election, ballots } = at;
  const nobody = { acts: 0, approved: false, cancelled: false, certified: false };
  const closings = Array.from({ length: 1 + MAX_EXTENSIONS }, () => 0);
  const acts = electionWords(nobody, closings).map(([place]) => place);
  const polls = config.polls.flatMap(({ contest }, poll) => {
    const { lanes } = itemAt(config.contests, contest);
    const empty = { nonEmpty: 0, members: 0, boxes: 0, lanes, key: [0n, 0n], sums: Array(2 * (lanes + 1)).fill(0n) };
    return pollWords(poll, empty as PollState).map(([place]) => place);
  });
  const nodes = new Set(await readProof(connection, election, acts, block));
  for (let i = 0; i < polls.length; i += PLACES) {
    for (const node of await readProof(connection, ballots, polls.slice(i, i + PLACES), block)) nodes.add(node);
  }
  return [...nodes].sort().map((node) => decodeHex(node));
}

/** Nodes of the tries on the way to places of a contract's storage. @throws `chain/*`; `chain/state` where the node has given up the state */
export async function readProof(
  { rpc }: Connection,
  address: Hex,
  places: readonly bigint[],
  block: number,
): Promise<Hex[]> {
  const storageKeys = places.map(wordHex);
  const proof = await asking(rpc.getProof({ address, storageKeys, blockNumber: BigInt(block) })).catch(refuse);
  return [...proof.accountProof, ...proof.storageProof.flatMap((each) => each.proof)];
}

function refuse(error: unknown): never {
  const old = error instanceof UrnaError && /missing trie node|historical state/u.test(error.message);
  throw old
    ? new UrnaError('chain/state', 'the node has given up the state of that block: ask one that keeps it')
    : error;
}
