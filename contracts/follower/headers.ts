import { decodeHex, encodeHex } from '../../protocol/encoding.ts';
import { require } from '../../protocol/errors.ts';
import type { SealedChain } from '../../protocol/seals/headers.ts';
import { blockHash } from '../../protocol/seals/headers.ts';
import { encodeRlp, numberBytes } from '../../protocol/seals/rlp.ts';
import type { Connection } from '../client/connection.ts';
import { asking } from '../client/connection.ts';

/** What a node answers of a block, as JSON-RPC has it. */
type Block = Readonly<Record<string, unknown>>;
type Fields = (block: Block) => Uint8Array[];

const bytes =
  (...names: readonly string[]): Fields =>
  (block) =>
    names.map((name) => decodeHex(block[name]));
const quantities =
  (...names: readonly string[]): Fields =>
  (block) =>
    names.map((name) => numberBytes(BigInt(String(block[name]))));

/** Members that every header has under London's rules, in its order. */
const LONDON: readonly Fields[] = [
  bytes('parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom'),
  quantities('difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp'),
  bytes('extraData', 'mixHash', 'nonce'),
  quantities('baseFeePerGas'),
];

/** What later rules have added, each of them only where those before it are: Shanghai, Cancun, Prague. */
const LATER: readonly (readonly [name: string, fields: Fields])[] = [
  ['withdrawalsRoot', bytes('withdrawalsRoot')],
  ['excessBlobGas', quantities('blobGasUsed', 'excessBlobGas')],
  ['parentBeaconBlockRoot', bytes('parentBeaconBlockRoot')],
  ['requestsHash', bytes('requestsHash')],
];

/** The RLP of the headers of blocks `from` to `to`, inclusive. @throws `chain/node`, `chain/*` */
export async function readHeaders(
  connection: Connection,
  chain: SealedChain,
  from: number,
  to: number,
): Promise<Uint8Array[]> {
  const headers: Uint8Array[] = [];
  for (let block = from; block <= to; block++) headers.push(await readHeader(connection, chain, block));
  return headers;
}

/** The RLP of a header. @throws `chain/node` if the node's answer does not hash to its hash */
async function readHeader({ rpc }: Connection, chain: SealedChain, number: number): Promise<Uint8Array> {
  const wanted = [`0x${number.toString(16)}`, false];
  const raw: unknown = await asking(rpc.request({ method: 'eth_getBlockByNumber', params: wanted } as never));
  const encoded = encodeHeader(raw, chain);
  require(encoded !==
    undefined, 'chain/node', `the chain’s node gave a header that is none of a ${chain.profile} chain`);
  const isNamed = encoded.hash === (raw as Block)['hash'];
  require(isNamed, 'chain/node', `the chain’s node gave a header of block ${number} that does not have its hash`);
  return encoded.header;
}

/** A header and its hash; undefined for what is no header of the chain. */
function encodeHeader(raw: unknown, chain: SealedChain): { header: Uint8Array; hash: string } | undefined {
  try {
    const block = raw as Block;
    const header = encodeRlp([...LONDON, ...laterOf(block, chain)].flatMap((fields) => fields(block)));
    return { header, hash: encodeHex(blockHash(header, chain)) };
  } catch {
    return undefined;
  }
}

/** Clique's last headers are London's. A member that is not there ends a header, as Besu writes it. */
function laterOf(block: Block, { profile }: SealedChain): Fields[] {
  if (profile === 'clique') return [];
  const end = LATER.findIndex(([name]) => typeof block[name] !== 'string');
  return LATER.slice(0, end < 0 ? LATER.length : end).map(([, fields]) => fields);
}
