import type { Definition } from '../../protocol/definition/definition.ts';
import type { Config } from '../../protocol/config/config.ts';
import { toConfig } from '../../protocol/config/to-config.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { decodeHex, encodeHex, wordHex } from '../../protocol/encoding.ts';
import { UrnaError, at as itemAt, require } from '../../protocol/errors.ts';
import { blockHash, blocksOnTop, sealedChain } from '../../protocol/seals/headers.ts';
import type { Seals } from '../../protocol/seals/seals-file.ts';
import type { PollState } from '../../protocol/seals/state.ts';
import { electionWords, pollWords } from '../../protocol/seals/state.ts';
import type { Connection } from '../client/connection.ts';
import { asking } from '../client/connection.ts';
import { pause } from '../client/pause.ts';
import type { ElectionAt } from '../client/election.ts';
import { readHeaders } from './headers.ts';
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
  const chain = sealedChain(definition);
  const newest = state?.marks.at(-1);
  if (chain === undefined || newest === undefined) return undefined;
  const { connection } = at;
  const last = newest.block + blocksOnTop(chain);
  await waitFor(connection, last);
  const headers = await readHeaders(connection, chain, newest.block, last);
  const same = encodeHex(blockHash(itemAt(headers, 0), chain)) === newest.hash;
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
  const old =
    error instanceof UrnaError && /missing trie node|historical state|world state unavailable/iu.test(error.message);
  throw old
    ? new UrnaError('chain/state', 'the node has given up the state of that block: ask one that keeps it')
    : error;
}
