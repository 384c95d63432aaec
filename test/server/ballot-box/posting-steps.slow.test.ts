import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accountCount, broadcast, signNothing } from '../../../contracts/client/signed-transaction.ts';
import { readSlot } from '../../../contracts/client/ballots.ts';
import { timeline } from '../../../protocol/checks/replay/timeline.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { at } from '../../../protocol/errors.ts';
import type { OutboxEntry } from '../../../server/ballot-box/posting/outbox.ts';
import { readOutbox } from '../../../server/ballot-box/posting/outbox.ts';
import type { Posting, PostingParts } from '../../../server/ballot-box/posting/posting.ts';
import { takeTurns } from '../../../server/ballot-box/posting/posting.ts';
import { sendUpdates } from '../../../server/ballot-box/posting/send-batch.ts';
import { settleOutbox } from '../../../server/ballot-box/posting/settle-outbox.ts';
import { returnTooLate } from '../../../server/ballot-box/posting/voting-time.ts';
import { KEYS } from '../../../server/ballot-box/store/keys.ts';
import { takeLease } from '../../../server/ballot-box/store/lease.ts';
import type { Tracker } from '../../../server/ballot-box/store/updates.ts';
import { findFate } from '../../../server/ballot-box/store/updates.ts';
import { drawFirsts, drawLaters } from '../../../server/ballot-box/store/waiting.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';
import type { ServerWorld } from '../world.ts';
import { openWorld } from '../world.ts';
import type { PostingBox } from './posting-box.ts';
import { boxRedis, openPostingBox, until } from './posting-box.ts';

/** A box whose every step is taken by the test: nothing happens by itself, and no block is made, but what it asks for. */
interface Stepped {
  readonly box: PostingBox;
  readonly posting: Posting;
}

const DEAR = 500_000_000_000n;
let world: ServerWorld;
let redis: readonly [PrivateRedis, PrivateRedis];
let open: PostingBox[] = [];

beforeAll(async () => {
  world = await openWorld({ voters: [16, 2] });
  redis = [await boxRedis(world, 'box-0'), await boxRedis(world, 'box-1')];
}, 120_000);
beforeEach(() => world.chain.testClient.setAutomine(false));
afterEach(async () => {
  await Promise.all(open.map((box) => box.stop()));
  open = [];
  await world.chain.testClient.setAutomine(true);
});
afterAll(async () => {
  await Promise.all(redis.map((each) => each.stop()));
  await world.close();
});

async function step(index: 0 | 1): Promise<Stepped> {
  const { box, parts } = await openPostingBox(world, index, at(redis, index).url);
  open.push(box);
  await box.store.redis.del(KEYS.lease);
  const lease = await takeLease(box.store, 600_000);
  if (lease === undefined) throw new Error('the lease is free');
  const signal = new AbortController().signal;
  return { box, posting: { ...(parts satisfies PostingParts), lease, signal, inTurn: takeTurns() } };
}

function cast(index: number): SimulatedUpdate {
  return world.voters.vote(0, world.voters.nullifier(index), [1n, 0n]);
}

/** Takes an update and sends it, in a batch that stands in no block yet. */
async function send({ box, posting }: Stepped, update: SimulatedUpdate): Promise<Tracker> {
  const { tracker } = await box.accept(update);
  const draw = update.file.first ? drawFirsts : drawLaters;
  const waiting = await draw(posting.store, update.after.poll, 100);
  expect(await sendUpdates(posting, update.after.poll, waiting)).toBe(waiting.length);
  return tracker;
}

async function mine({ box }: Stepped): Promise<void> {
  await world.chain.testClient.mine({ blocks: 1 });
  await caughtUp(box);
}

async function caughtUp({ followed, store }: PostingBox): Promise<void> {
  const head = Number(await world.made.at.connection.rpc.getBlockNumber());
  await until(async () => followed.next() > head && (await store.redis.exists(KEYS.resync)) === 0);
}

async function onlyEntry({ store }: Posting): Promise<OutboxEntry> {
  const entries = await readOutbox(store);
  expect(entries).toHaveLength(1);
  return at(entries, 0);
}

async function isOnChain({ after }: SimulatedUpdate): Promise<boolean> {
  return (await readSlot(world.made.at, after.poll, after.nullifier)) >> 8n === after.head;
}

/** Blocks become so dear that they take nothing that was signed before. */
async function becomeDear(stepped: Stepped): Promise<void> {
  await world.chain.testClient.setNextBlockBaseFeePerGas({ baseFeePerGas: DEAR });
  await mine(stepped);
}

describe('settleOutbox where blocks have become too dear', () => {
  it('signs the batch again under its number with the fee of now', async () => {
    const stepped = await step(0);
    const { box, posting } = stepped;
    const update = cast(0);
    const tracker = await send(stepped, update);
    const before = await onlyEntry(posting);
    await becomeDear(stepped);
    expect(await isOnChain(update)).toBe(false);
    expect(await settleOutbox(posting)).toBe(0);
    const after = await onlyEntry(posting);
    expect(after.earlier).toEqual([before.transaction.hash]);
    expect(after.transaction.nonce).toBe(before.transaction.nonce);
    expect((await findFate(posting.store, tracker))?.transaction).toBe(after.transaction.hash);
    // Once is enough.
    expect(await settleOutbox(posting)).toBe(0);
    expect(await onlyEntry(posting)).toEqual(after);
    await mine(stepped);
    expect([await settleOutbox(posting), await readOutbox(posting.store)]).toEqual([1, []]);
    expect([await isOnChain(update), await box.fate(tracker)]).toEqual([true, 'confirmed']);
  }, 300_000);

  it('knows the batch as well if the chain takes it as it was signed at first', async () => {
    const stepped = await step(0);
    const { box, posting } = stepped;
    const { testClient } = world.chain;
    await testClient.setNextBlockBaseFeePerGas({ baseFeePerGas: 10n });
    await mine(stepped);
    const update = cast(1);
    const tracker = await send(stepped, update);
    const { transaction: first } = await onlyEntry(posting);
    await becomeDear(stepped);
    await settleOutbox(posting);
    await testClient.dropTransaction({ hash: (await onlyEntry(posting)).transaction.hash });
    await testClient.setNextBlockBaseFeePerGas({ baseFeePerGas: 10n });
    await world.made.at.connection.rpc.sendRawTransaction({ serializedTransaction: first.raw });
    await mine(stepped);
    expect([await settleOutbox(posting), await readOutbox(posting.store)]).toEqual([1, []]);
    expect([await isOnChain(update), await box.fate(tracker)]).toEqual([true, 'confirmed']);
    expect((await findFate(posting.store, tracker))?.transaction).toBe(first.hash);
  }, 300_000);
});

/** The same posting with a node that counts, as of its newest block, what it is only about to put into the next one. */
function aheadOfItself(posting: Posting): Posting {
  const { connection } = posting.at;
  const { rpc } = connection;
  const getTransactionCount: typeof rpc.getTransactionCount = async (asked) => {
    const newest = asked.blockNumber === (await rpc.getBlockNumber());
    return rpc.getTransactionCount(newest ? { address: asked.address, blockTag: 'pending' } : asked);
  };
  const ahead = { ...connection, rpc: { ...rpc, getTransactionCount } };
  return { ...posting, at: { ...posting.at, connection: ahead }, sender: { ...posting.sender, connection: ahead } };
}

describe('settleOutbox where another transaction may have an entry’s number', () => {
  it('waits where the node counts what is in no block yet, and has no receipt of it', async () => {
    const stepped = await step(0);
    const { box, posting } = stepped;
    const update = cast(9);
    const tracker = await send(stepped, update);
    const entry = await onlyEntry(posting);
    const early = aheadOfItself(posting);
    const newest = Number(await early.at.connection.rpc.getBlockNumber());
    expect(await accountCount(early.sender, newest)).toBe(entry.transaction.nonce + 1);
    expect(await settleOutbox(early)).toBe(0);
    expect([await box.fate(tracker), box.notes, await onlyEntry(posting)]).toEqual(['sent', [], entry]);
    await mine(stepped);
    expect([await settleOutbox(early), await box.fate(tracker), box.notes]).toEqual([1, 'confirmed', []]);
    expect(await isOnChain(update)).toBe(true);
  }, 300_000);

  it.each(['the newest block', 'an earlier one'])(
    'knows it for over at once where that is in %s, though the chain makes no more',
    async (place) => {
      const stepped = await step(0);
      const { box, posting } = stepped;
      const update = cast(place === 'the newest block' ? 10 : 11);
      const tracker = await send(stepped, update);
      const { transaction } = await onlyEntry(posting);
      // Somebody else uses the account.
      await world.chain.testClient.dropTransaction({ hash: transaction.hash });
      await broadcast(posting.at.connection, await signNothing(posting.sender, transaction.nonce));
      await mine(stepped);
      if (place === 'an earlier one') await mine(stepped);
      expect([await settleOutbox(aheadOfItself(posting)), await readOutbox(posting.store)]).toEqual([1, []]);
      expect(box.notes).toEqual([{ code: 'chain/nonce', counts: { updates: 1 } }]);
      expect([await isOnChain(update), await box.fate(tracker)]).toEqual([false, 'waiting']);
      expect(await sendUpdates(posting, 0, await drawFirsts(posting.store, 0, 100))).toBe(1);
      await mine(stepped);
      expect([await settleOutbox(posting), await box.fate(tracker)]).toEqual([1, 'confirmed']);
    },
    300_000,
  );
});

describe('settleOutbox after a deep reorganisation', () => {
  it('uses up a number whose batch was over, so that the one behind it gets through, and posts again what the chain gave up', async () => {
    const stepped = await step(0);
    const { box, posting } = stepped;
    const { testClient } = world.chain;
    const snapshot = await testClient.snapshot();
    const [over, behind] = [cast(2), cast(3)];
    const trackers = [await send(stepped, over)];
    await mine(stepped);
    expect([await settleOutbox(posting), await box.fate(trackers[0]!)]).toEqual([1, 'confirmed']);
    trackers.push(await send(stepped, behind));
    const { transaction } = await onlyEntry(posting);
    await testClient.revert({ id: snapshot });
    await testClient.setAutomine(false);
    expect(await accountCount(posting.sender, 'latest')).toBe(transaction.nonce - 1);
    await testClient.mine({ blocks: 1 });
    await until(async () => (await box.fate(trackers[0]!)) === 'waiting');
    await caughtUp(box);
    await settleOutbox(posting);
    expect(box.notes.filter(({ code }) => code === 'chain/number-freed')).toEqual([
      { code: 'chain/number-freed', counts: { nonce: transaction.nonce - 1 } },
    ]);
    await mine(stepped);
    expect([await settleOutbox(posting), await box.fate(trackers[1]!)]).toEqual([1, 'confirmed']);
    expect(await sendUpdates(posting, 0, await drawFirsts(posting.store, 0, 100))).toBe(1);
    await mine(stepped);
    await settleOutbox(posting);
    expect(await Promise.all(trackers.map((each) => box.fate(each)))).toEqual(['confirmed', 'confirmed']);
    expect(await Promise.all([over, behind].map(isOnChain))).toEqual([true, true]);
  }, 300_000);
});

describe('two boxes that post for one slot in the last quarter of a round', () => {
  it('change it once; the other’s update is returned and its account goes on', async () => {
    const { voters, made, chain } = world;
    await chain.testClient.setAutomine(true);
    const present = cast(4);
    await voters.post([present], made.sender(PAYER));
    const [, round] = timeline(toConfig(made.definition), []).rounds;
    await chain.advanceTo(round!.endsAt - 500);
    await chain.testClient.setAutomine(false);
    const both = [await step(0), await step(1)];
    const masks = both.map(() => voters.mask(present.after));
    await Promise.all(both.map(({ box }) => caughtUp(box)));
    // Neither knows of the other's: both are on their way to one block.
    const trackers = await Promise.all(both.map((each, i) => send(each, at(masks, i))));
    await chain.testClient.mine({ blocks: 1 });
    await Promise.all(both.map(({ box }) => caughtUp(box)));
    expect(await Promise.all(both.map(({ posting }) => settleOutbox(posting)))).toEqual([1, 1]);
    const fates = await Promise.all(both.map(({ box }, i) => box.fate(at(trackers, i))));
    expect([...fates].sort()).toEqual(['confirmed', 'returned update/stale']);
    expect(await Promise.all(masks.map(isOnChain))).toEqual(fates.map((fate) => fate === 'confirmed'));
    for (const { posting } of both) expect(await readOutbox(posting.store)).toEqual([]);
  }, 300_000);
});

describe('settleOutbox where the chain refused a batch', () => {
  it('says so, and lets its updates wait again', async () => {
    const { graceEndsAt } = timeline(toConfig(world.made.definition), []);
    const stepped = await step(0);
    const { box, posting } = stepped;
    const update = cast(8);
    const tracker = await send(stepped, update);
    // It was right when it was signed; the block that takes it is of a time when nothing is posted any more.
    await world.chain.setNextTime(graceEndsAt);
    await mine(stepped);
    expect([await settleOutbox(posting), await readOutbox(posting.store)]).toEqual([1, []]);
    expect(box.notes).toContainEqual({ code: 'chain/reverted', counts: { updates: 1 } });
    expect([await isOnChain(update), await box.fate(tracker)]).toEqual([false, 'waiting']);
  }, 300_000);
});

describe('returnTooLate', () => {
  it('returns what waits once no extension can open the vote again, and not before', async () => {
    const { graceEndsAt, settledAt } = timeline(toConfig(world.made.definition), []);
    await world.chain.advanceTo(graceEndsAt + 1);
    const { box, posting } = await step(0);
    const { tracker } = await box.accept(cast(5));
    await caughtUp(box);
    expect([await returnTooLate(posting), await box.fate(tracker)]).toEqual([0, 'waiting']);
    await world.chain.advanceTo(settledAt + 1);
    await caughtUp(box);
    // With what the chain refused before.
    expect([await returnTooLate(posting), await box.fate(tracker)]).toEqual([2, 'returned state/closed']);
    expect(await returnTooLate(posting)).toBe(0);
  }, 300_000);

  it('returns at once what waits in an election that was cancelled', async () => {
    const { box, posting } = await step(1);
    const trackers = await Promise.all([6, 7].map(async (i) => (await box.accept(cast(i))).tracker));
    const cancelled = { ...posting.followed, facts: () => ({ ...posting.followed.facts(), cancelled: true }) };
    expect(await returnTooLate({ ...posting, followed: cancelled })).toBe(2);
    const fates = await Promise.all(trackers.map((each) => box.fate(each)));
    expect(fates).toEqual(['returned state/cancelled', 'returned state/cancelled']);
  }, 300_000);
});
