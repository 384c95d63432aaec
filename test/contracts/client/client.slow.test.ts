import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import {
  appendMembers,
  beginVersion,
  readNewestVersion,
  readSealedRoll,
  readSealedRootsHash,
  sealRoll,
} from '../../../contracts/client/roll.ts';
import { postUpdates, readPoll, readSlot, readSums } from '../../../contracts/client/ballots.ts';
import { postCommit, readCeremony, readPublicKeys } from '../../../contracts/client/ceremony.ts';
import { connect } from '../../../contracts/client/connection.ts';
import { approve, cancel, locateElection, readStatus } from '../../../contracts/client/election.ts';
import { aggregateUnits, isCounted, readResultHash } from '../../../contracts/client/tally.ts';
import { confirm, senderOfKey, submit, transact } from '../../../contracts/client/transact.ts';
import { follow } from '../../../contracts/follower/follow.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { approveObject } from '../../../protocol/acts/objects.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { DeployedElection } from '../deploy/development.ts';
import { REGISTRAR, connectTo, deployDevelopment } from '../deploy/development.ts';
import { OFFICERS } from '../fixture/config.ts';
import { officersAct } from '../fixture/acts.ts';
import { worldOf } from '../follower/story-ceremony.ts';

const profile = chainProfile('embedded');
const ZERO = wordHex(0n);
const NOTHING: Hex = `0x${'00'.repeat(65)}`;

let chain: EmbeddedChain;
let made: DeployedElection;
beforeAll(async () => {
  chain = await startEmbeddedChain();
  made = await deployDevelopment(chain);
});
afterAll(() => chain.stop());

async function codeOf(answer: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof answer === 'function' ? answer() : answer);
  } catch (error) {
    return error instanceof UrnaError ? error.code : String(error);
  }
  return 'no error';
}

describe('connect', () => {
  it('refuses what is not the URL of a node', async () => {
    for (const url of ['', 'node', 'ftp://node', 'http://me:secret@node', 'javascript:alert(1)']) {
      expect(await codeOf(connect(url, profile))).toBe('chain/url');
    }
  });

  it('says that nobody answers where nobody does', async () => {
    expect(await codeOf(connect('http://127.0.0.1:1', profile))).toBe('chain/unreachable');
  });

  it('refuses the node of another chain', async () => {
    expect(await codeOf(connect(chain.url, profile, 1))).toBe('chain/wrong-chain');
  });

  it('tells a node that answers nonsense from an election', async () => {
    const answers = ['<html>', '{}', '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no\\nsecond line"}}'];
    for (const body of answers) {
      const server: Server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      expect(await codeOf(connect(`http://127.0.0.1:${port}`, profile))).toMatch(/^chain\/(unreachable|node)$/);
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('chainProfile', () => {
  it('knows the embedded chain, which alone may move its time', async () => {
    expect(profile).toMatchObject({ name: 'embedded', canMoveTime: true, evmVersion: 'paris' });
    expect(await codeOf(() => chainProfile('mainnet'))).toBe('chain/profile');
  });
});

describe('locateElection', () => {
  it('refuses an address without a contract, or with another one', async () => {
    const connection = await connectTo(chain);
    expect(await codeOf(locateElection(connection, `0x${'12'.repeat(20)}`))).toBe('chain/not-an-election');
    expect(await codeOf(locateElection(connection, made.at.roll))).toMatch(/^chain\//);
    expect(await codeOf(locateElection(connection, '0x12' as Hex))).toBe('encoding/hex');
  });
});

describe('readers', () => {
  it('answer for an election in which nothing has happened', async () => {
    const { at } = made;
    expect(await readStatus(at)).toMatchObject({ phase: 'defined', actCount: 0n });
    expect(await readNewestVersion(at)).toBeUndefined();
    expect(await readCeremony(at)).toMatchObject({ attempt: 1, stage: 'commit', active: [1, 2, 3], posted: [] });
    expect(await readPoll(at, 0)).toEqual({ members: 0, nonEmpty: 0, key: { x: 0n, y: 0n } });
    expect(await readSlot(at, 0, 5n)).toBe(0n);
    expect(await isCounted(at)).toBe(false);
    expect(await codeOf(readSealedRootsHash(at))).toBe('chain/not-sealed');
    expect(await codeOf(readSealedRoll(at, 0))).toBe('chain/no-such-district');
    expect(await codeOf(readPublicKeys(at, 1))).toBe('chain/no-keys');
    expect(await codeOf(readSums(at, 0))).toBe('chain/not-prepared');
    expect(await codeOf(readResultHash(at))).toBe('chain/not-counted');
  });
});

describe('writers', () => {
  it('give the contracts’ refusals as codes, and send nothing', async () => {
    const { at, sender } = made;
    const [payer, registrar] = [sender(0), sender(REGISTRAR)];
    const nonces = () => at.connection.rpc.getTransactionCount({ address: payer.account.address });
    const before = await nonces();
    const nobody = { expiry: 10n ** 11n, signatures: [] };
    expect(await codeOf(approve(at, payer, nobody))).toBe('chain/too-few-signatures');
    expect(await codeOf(approve(at, payer, { ...nobody, expiry: 1n }))).toBe('chain/act-expired');
    expect(await codeOf(cancel(at, payer, ZERO, nobody))).toBe('chain/not-in-force');
    expect(await codeOf(beginVersion(at, payer, { registrationsRoot: ZERO, reasonsHash: ZERO }))).toBe(
      'chain/not-the-registrar',
    );
    expect(await codeOf(beginVersion(at, registrar, { registrationsRoot: ZERO, reasonsHash: ZERO }))).toBe(
      'chain/credentials-not-sealed',
    );
    const batch = { version: 1, district: 0, commitments: [1n] };
    expect(await codeOf(appendMembers(at, registrar, batch))).toBe('chain/wrong-version');
    expect(await codeOf(sealRoll(at, payer, 1, nobody))).toBe('chain/wrong-version');
    expect(await codeOf(postCommit(at, payer, 1, wordHex(1n), NOTHING))).toBe('chain/not-in-force');
    expect(await codeOf(postUpdates(at, payer, { poll: 0, firsts: [], laters: [] }))).toBe('chain/not-prepared');
    expect(await codeOf(aggregateUnits(at, payer, 0, 1))).toMatch(/^chain\/(wrong-phase|not-settled)$/);
    expect(await nonces()).toBe(before);
  });

  it('name the officer whose signature does not fit', async () => {
    const signed = await officersAct(worldOf(chain, made), 'approve', 1n, OFFICERS.slice(0, 2));
    const [expiry, signatures] = signed;
    const error: unknown = await approve(made.at, made.sender(0), { expiry, signatures }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'chain/not-an-officer' });
  });

  it('ask for two per cent more gas than the call needs', async () => {
    const { at, sender } = made;
    const { definitionHash, configHash } = await readStatus(at);
    const object = approveObject(BigInt(definitionHash), BigInt(configHash), at);
    const [expiry, signatures] = await officersAct(worldOf(chain, made), 'approve', object);
    const id = await chain.testClient.snapshot();
    const { transaction } = await approve(at, sender(0), { expiry, signatures });
    const { gas, input, from } = await at.connection.rpc.getTransaction({ hash: transaction });
    await chain.testClient.revert({ id });
    const call = (limit: bigint) => at.connection.rpc.call({ account: from, to: at.election, data: input, gas: limit });
    await call((gas * 1000n) / 1020n);
    await expect(call((gas * 1000n) / 1021n)).rejects.toThrow();
    await approve(at, sender(0), { expiry, signatures });
    expect((await readStatus(at)).actCount).toBe(1n);
    expect(await codeOf(approve(at, sender(0), { expiry, signatures }))).toBe('chain/already-approved');
  });
});

describe('submit and confirm', () => {
  it('refuse more gas than the profile allows, and an account without money', async () => {
    const { at } = made;
    const poor = senderOfKey(at.connection, OFFICERS[0]!.privateKey);
    expect(await codeOf(transact(poor, { to: at.roll, data: '0x' }))).toMatch(/^chain\/(funds|refused)$/);
    expect(await codeOf(transact(poor, { to: poor.account.address, data: '0x' }))).toBe('chain/funds');
    const connection = { ...at.connection, profile: { ...profile, gasLimit: 20_000n } };
    const limited = { ...made.sender(0), connection };
    expect(await codeOf(transact(limited, { to: poor.account.address, data: '0x' }))).toBe('chain/gas');
  });

  it('keep several transactions of one account in flight', async () => {
    const { at, sender } = made;
    const payer = sender(4);
    const start = await at.connection.rpc.getTransactionCount({ address: payer.account.address });
    const call = { to: payer.account.address, data: '0x' } as const;
    const hashes = await Promise.all([0, 1, 2].map((i) => submit(payer, call, start + i)));
    const blocks = await Promise.all(hashes.map((hash) => confirm(at.connection, hash)));
    expect(new Set(blocks.map(({ transaction }) => transaction)).size).toBe(3);
    expect(await codeOf(submit(payer, call, start))).toBe('chain/nonce');
  });

  it('share an account among programs that know nothing of each other', async () => {
    const { at, sender } = made;
    const call = { to: sender(6).account.address, data: '0x' } as const;
    const start = await at.connection.rpc.getTransactionCount({ address: call.to });
    const done = await Promise.all(Array.from({ length: 5 }, () => transact(sender(6), call)));
    expect(new Set(done.map(({ transaction }) => transaction)).size).toBe(5);
    expect(await at.connection.rpc.getTransactionCount({ address: call.to })).toBe(start + 5);
  });

  it('refuse a key that is none', async () => {
    for (const key of [new Uint8Array(31), new Uint8Array(32), new Uint8Array(32).fill(255)]) {
      expect(await codeOf(() => senderOfKey(made.at.connection, key))).toBe('chain/key');
    }
  });
});

describe('a node that goes away', () => {
  it('is reported by readers, writers and the follower, which goes on when it is back', async () => {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const first = await startEmbeddedChain({ port });
    const election = await deployDevelopment(first);
    const steps = [];
    for await (const step of follow(election.at, { builds: election.builds })) steps.push(step);
    const dump = await first.testClient.dumpState();
    await first.stop();
    const { at, builds, sender } = election;
    expect(await codeOf(readStatus(at))).toBe('chain/unreachable');
    expect(await codeOf(approve(at, sender(0), { expiry: 1n, signatures: [] }))).toBe('chain/unreachable');
    const state = steps.at(-1)!.state;
    expect(await codeOf(follow(at, { builds, state }).next())).toBe('chain/unreachable');
    const second = await startEmbeddedChain({ port });
    await second.testClient.loadState({ state: dump });
    expect(await readStatus(at)).toMatchObject({ phase: 'defined' });
    await second.stop();
  });
});
