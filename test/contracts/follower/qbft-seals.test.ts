import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '../../../contracts/client/connection.ts';
import type { ElectionAt } from '../../../contracts/client/election.ts';
import { readHeaders } from '../../../contracts/follower/headers.ts';
import { readSeals } from '../../../contracts/follower/seals.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { decodeDefinition } from '../../../protocol/definition/decode.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import type { EntryOf } from '../../../protocol/record/entry.ts';
import { decodeQbftHeader } from '../../../protocol/seals/qbft.ts';
import { rlpBytes } from '../../../protocol/seals/rlp.ts';
import type { Seals } from '../../../protocol/seals/seals-file.ts';
import { fieldsOf } from '../../tampered/sealed/reseal.ts';
import { sealsOf } from '../../tampered/sealed/lie.ts';
import type { SealedElection } from '../../tampered/sealed/vector.ts';
import { readSealedElection } from '../../tampered/sealed/vector.ts';

type Block = Record<string, unknown>;

/** What the node answers, by method. No Besu runs here: one block is what a Besu node did answer, the others are written as it writes them. */
let answers: Record<string, (params: readonly unknown[]) => unknown> = {};
const node = createServer((request, response) => {
  void (async () => {
    const { id, method, params } = JSON.parse(await text(request)) as { id: number; method: string; params: unknown[] };
    const answer = answers[method];
    const said = answer === undefined ? { error: { code: -32601, message: method } } : { result: answer(params) };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, ...said }));
  })();
});
let url = '';
let answered: { readonly block: Block; readonly header: Hex; readonly validators: readonly Hex[] };
beforeAll(async () => {
  await once(node.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
  const vectors = JSON.parse(readFileSync(new URL('../../vectors/qbft.json', import.meta.url), 'utf8')) as {
    readonly answered: typeof answered;
  };
  ({ answered } = vectors);
});
afterAll(() => void node.close());

const connection = () => connect(url, chainProfile('besu-qbft'));
const eth_chainId = () => '0x7a69';

async function headersOf(block: Block): Promise<Hex[]> {
  answers = { eth_chainId, eth_getBlockByNumber: () => block };
  const chain = { profile: 'besu-qbft', validators: answered.validators } as const;
  return (await readHeaders(await connection(), chain, 1, 1)).map((header) => encodeHex(header));
}

describe('readHeaders', () => {
  it('makes the header, seals and all, of what a Besu node has answered', async () => {
    expect(await headersOf(answered.block)).toEqual([answered.header]);
  });

  it('refuses an answer that does not have its hash, whichever member differs, and what is no block', async () => {
    const { block } = answered;
    const { extraData } = block as { readonly extraData: string };
    for (const change of [
      { hash: `0x${'00'.repeat(32)}` },
      { stateRoot: `0x${'00'.repeat(32)}` },
      { gasUsed: '0x1' },
      { withdrawalsRoot: `0x${'00'.repeat(32)}` },
      { extraData: '0x' },
      { extraData: extraData.replace('ef5880ec', 'ef5880ed') },
      { baseFeePerGas: null },
    ]) {
      await expect(headersOf({ ...block, ...change })).rejects.toMatchObject({ code: 'chain/node' });
    }
    // Which of the two it is, whoever runs the node is told.
    const said = async (change: object): Promise<string> =>
      headersOf({ ...block, ...change }).then(String, (error: Error) => error.message);
    expect(await said({ gasUsed: '0x1' })).toMatch(/ does not have its hash$/u);
    expect(await said({ extraData: '0x' })).toMatch(/ is none of a besu-qbft chain$/u);
  });
});

const NAMES = [
  ...['parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom', 'difficulty'],
  ...['number', 'gasLimit', 'gasUsed', 'timestamp', 'extraData', 'mixHash', 'nonce', 'baseFeePerGas'],
  ...['withdrawalsRoot', 'blobGasUsed', 'excessBlobGas', 'parentBeaconBlockRoot'],
];
const QUANTITIES = /^(difficulty|number|gas.*|timestamp|baseFee.*|.*[bB]lobGas.*)$/u;

/** A header as a node tells it. */
function told(header: Uint8Array): Block {
  const members = fieldsOf(header).map((field, i) => {
    const [name, value] = [at(NAMES, i), encodeHex(rlpBytes(field))];
    return [name, QUANTITIES.test(name) ? `0x${BigInt(value === '0x' ? 0 : value).toString(16)}` : value] as const;
  });
  return { ...Object.fromEntries(members), hash: encodeHex(decodeQbftHeader(header).hash) };
}

describe('readSeals', () => {
  let election: SealedElection;
  let definition: Definition;
  let seals: Seals;
  beforeAll(() => {
    election = readSealedElection('qbft');
    definition = decodeDefinition(election.evidence.definition);
    seals = sealsOf(election);
  });

  /** The seals that the follower makes of this node, which is at the record's last block. */
  async function read(block: Block): Promise<Seals | undefined> {
    const { data } = election.entries.find((entry): entry is EntryOf<'defined'> => entry.kind === 'defined')!;
    const nodes = seals.nodes.map((each) => encodeHex(each));
    const { number, hash } = told(at(seals.headers, 0)) as { readonly number: string; readonly hash: Hex };
    answers = {
      ...{ eth_chainId, eth_blockNumber: () => number, eth_getBlockByNumber: () => block },
      eth_getProof: () => ({ accountProof: nodes, storageProof: [], balance: '0x0', nonce: '0x0' }),
    };
    const place = { connection: await connection(), election: data.election, ballots: data.ballots };
    const state = { marks: [{ block: Number(number), hash }] };
    return readSeals(place as ElectionAt, definition, state as never);
  }

  it('takes the newest block with its seals at once, by Cancun’s rules, and the state at it', async () => {
    const read_ = await read(told(at(seals.headers, 0)));
    expect(read_?.headers).toEqual(seals.headers);
    const sorted = (nodes: readonly Uint8Array[]): string[] => nodes.map((each) => encodeHex(each)).sort();
    expect(sorted(read_?.nodes ?? [])).toEqual(sorted(seals.nodes));
  });

  it('says so where the node has another block there now', async () => {
    const other = at(sealsOf({ ...election, evidence: { ...election.evidence, seals: election.earlier } }).headers, 0);
    await expect(read(told(other))).rejects.toMatchObject({ code: 'follow/moved' });
  });
});
