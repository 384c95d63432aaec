import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { decodeHex, encodeHex, encodeWord, wordHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { p, r } from '../../../protocol/math/field.ts';
import { readUpdateReceipt } from '../../../protocol/receipts/update-receipt.ts';
import { createBallotBox } from '../../../server/ballot-box/service.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';
import type { ServerWorld } from '../world.ts';
import { prepareWorld, writeAccount } from '../world.ts';
import type { TestBox } from './box.ts';
import { boxSettings, startBox } from './box.ts';

let world: ServerWorld;
let box: TestBox;
beforeAll(async () => {
  world = await prepareWorld({ voters: [30, 1] });
  box = await startBox(world, 0);
}, 120_000);
afterAll(async () => {
  await box.close();
  await world.close();
});

/** The update's body with a member changed. */
function changed({ body }: SimulatedUpdate, change: Record<string, Json>): string {
  return canonicalJson({ ...(JSON.parse(body) as Record<string, Json>), ...change });
}

/** The update's words with one replaced. */
function withWord({ file }: SimulatedUpdate, index: number, value: bigint): Hex {
  const bytes = decodeHex(file.words);
  bytes.set(encodeWord(value), 32 * index);
  return encodeHex(bytes);
}

/** Which box has a slot's turn in a round, by asking: the other one refuses nothing here, so it is computed. */
function noise(index: number, poll = 0): SimulatedUpdate {
  return world.voters.noise(poll, world.voters.nullifier(index));
}

describe('a box', () => {
  it('does not start with an account that is not a box of the definition: nobody could check its receipts', async () => {
    const account = await writeAccount(world.folder, 'box', new Uint8Array(32).fill(3));
    const settings = { ...(await boxSettings(world, 0, box.redis.url)), ...account };
    await expect(createBallotBox(settings, { write: () => undefined })).rejects.toMatchObject({ code: 'key/box' });
  });
});

describe('POST /v1/updates before voting', () => {
  it('takes nothing', async () => {
    expect(await box.post(noise(1).body)).toMatchObject({ status: 409, code: 'state/time' });
  });
});

describe('POST /v1/updates', () => {
  beforeAll(async () => {
    await world.chain.advanceTo(world.made.definition.times.opensAt + 60);
    await box.caughtUp();
  });

  it('answers with a receipt that the box has signed, and the same again', async () => {
    const update = noise(1);
    const { status, body } = await box.post(update.body);
    expect(status).toBe(202);
    const promise = readUpdateReceipt(body);
    const { chainId, election } = update.file.context;
    const address = world.made.definition.boxes[0]?.address;
    expect(promise).toMatchObject({
      context: { chainId, election },
      poll: 0,
      round: 0,
      head: update.after.head,
      box: address,
    });
    // A window in which it is collected, and ten minutes.
    expect(promise.by - (await world.chain.now())).toBe(610);
    expect(await box.post(update.body)).toMatchObject({ status: 202, body });
    expect((await box.fate(promise.tracker)).body).toMatchObject({ state: 'waiting', code: '' });
  });

  it('takes many at once and finds the wrong proof among them', async () => {
    const good = Array.from({ length: 40 }, (_, i) => noise(100 + i));
    const bad = noise(99);
    const wrong = changed(bad, { words: withWord(bad, 12, 5n) });
    const bodies = good.map(({ body }) => body);
    const answers = await Promise.all(
      [...bodies.slice(0, 20), wrong, ...bodies.slice(20)].map((body) => box.post(body)),
    );
    const refused = answers.filter(({ status }) => status !== 202);
    expect(refused.map(({ status, code }) => [status, code])).toEqual([[400, 'update/proof']]);
    expect(answers.indexOf(refused[0]!)).toBe(20);
  });

  it('refuses what is not for this election', async () => {
    const update = noise(2);
    expect(await box.post(changed(update, { chainId: 1 }))).toMatchObject({ status: 400, code: 'update/election' });
    const election = `0x${'12'.repeat(20)}`;
    expect((await box.post(changed(update, { election }))).code).toBe('update/election');
    expect((await box.post(changed(update, { poll: 2 }))).code).toBe('update/poll');
    // A proof of one poll is none of another.
    expect((await box.post(changed(update, { poll: 1 }))).code).toBe('update/proof');
  });

  it('refuses numbers that the contract or the precompile would refuse', async () => {
    const update = noise(2);
    const code = async (index: number, value: bigint): Promise<string | undefined> =>
      (await box.post(changed(update, { words: withWord(update, index, value) }))).code;
    expect(await code(0, r)).toBe('updates/signal');
    expect(await code(1, r + 1n)).toBe('updates/signal');
    // R = (1, 1) is off the curve.
    expect((await box.post(changed(update, { words: withWord(update, 1, 1n) }))).code).toBe('update/point');
    expect(await code(5, p)).toBe('proof/coordinate');
    expect(await code(12, 2n ** 256n - 1n)).toBe('proof/coordinate');
    expect(await code(5, 0n)).toBe('update/proof');
  });

  it('refuses what is cut off, and a later update called the first', async () => {
    const update = noise(2);
    const short = `0x${update.file.words.slice(2, -64)}`;
    expect((await box.post(changed(update, { words: short }))).code).toBe('updates/length');
    expect((await box.post(changed(update, { words: `${update.file.words}${update.file.words.slice(2)}` }))).code).toBe(
      'update/file',
    );
    expect((await box.post(changed(update, { first: false }))).code).toBe('updates/length');
  });

  it('refuses other shapes', async () => {
    const update = noise(2);
    const code = async (change: Record<string, Json>): Promise<unknown> =>
      (await box.post(changed(update, change))).code;
    expect(await code({ more: 1 })).toBe('request/schema');
    expect(await code({ poll: '0' })).toBe('request/schema');
    expect(await code({ poll: -1 })).toBe('request/schema');
    expect(await code({ words: update.file.words.toUpperCase() })).toBe('request/schema');
    expect(await code({ type: 'urna/v1/vote' })).toBe('request/schema');
    expect((await box.post('{"poll":1,"poll":2}')).code).toBe('json/syntax');
    expect((await box.post('['.repeat(40) + ']'.repeat(40))).code).toBe('json/depth');
    expect(await box.post(`"${'a'.repeat(9000)}"`)).toMatchObject({ status: 413, code: 'request/too-large' });
  });

  it('takes the later of two first casts of a slot', async () => {
    const [first, second] = [noise(3), noise(3)];
    const one = readUpdateReceipt((await box.post(first.body)).body);
    const two = readUpdateReceipt((await box.post(second.body)).body);
    expect((await box.fate(one.tracker)).body).toMatchObject({ state: 'returned', code: 'update/replaced' });
    expect((await box.fate(two.tracker)).body).toMatchObject({ state: 'waiting' });
  });

  it('refuses a later update of an empty slot', async () => {
    const { after } = noise(4);
    const later = world.voters.noise(0, after.nullifier, after);
    expect(await box.post(later.body)).toMatchObject({ status: 409, code: 'update/empty' });
  });

  it('refuses what was on chain before, whoever posted it, and changes for the state before', async () => {
    const first = noise(5);
    const promise = readUpdateReceipt((await box.post(first.body)).body);
    await world.voters.post([first], world.made.sender(PAYER));
    await box.caughtUp();
    expect((await box.fate(promise.tracker)).body).toMatchObject({ state: 'confirmed' });
    expect(await box.post(first.body)).toMatchObject({ status: 409, code: 'update/occupied' });
    const change = world.voters.noise(0, first.after.nullifier, first.after);
    const next = world.voters.noise(0, first.after.nullifier, change.after);
    expect(await box.post(next.body)).toMatchObject({ status: 409, code: 'update/stale' });
    // The slot was updated in round 0: its next turn is round 1.
    expect(readUpdateReceipt((await box.post(change.body)).body)).toMatchObject({ round: 1 });
    // The same proof for another slot.
    const moved = withWord(change, 0, world.voters.nullifier(6));
    expect((await box.post(changed(change, { words: moved }))).code).toBe('update/empty');
  });

  it('returns what the chain can take no more', async () => {
    const [mine, theirs] = [noise(7), noise(7)];
    const promise = readUpdateReceipt((await box.post(mine.body)).body);
    await world.voters.post([theirs], world.made.sender(PAYER));
    await box.caughtUp();
    expect((await box.fate(promise.tracker)).body).toMatchObject({ state: 'returned', code: 'update/stale' });
  });

  it('refuses first casts of a full poll', async () => {
    const only = noise(8, 1);
    await world.voters.post([only], world.made.sender(PAYER));
    await box.caughtUp();
    expect(await box.post(noise(9, 1).body)).toMatchObject({ status: 409, code: 'update/full' });
  });

  it('tells nothing of trackers that it has not given', async () => {
    expect(await box.fate('0'.repeat(32))).toMatchObject({ status: 404, code: 'not-found/tracker' });
    expect(await box.fate('xyz')).toMatchObject({ status: 400, code: 'request/schema' });
  });

  it('logs no slot, head, tracker or body', async () => {
    const update = noise(10);
    const { tracker } = readUpdateReceipt((await box.post(update.body)).body);
    await box.fate(tracker);
    const log = box.lines.join('\n');
    const { nullifier, head } = update.after;
    for (const secret of [
      tracker,
      wordHex(nullifier).slice(2),
      String(nullifier),
      wordHex(head).slice(2),
      '127.0.0.1',
    ]) {
      expect(log).not.toContain(secret);
    }
    expect(log).toContain('/v1/updates/:tracker');
  });
});

describe('POST /v1/updates once voting is over', () => {
  it('takes only what was accepted before', async () => {
    const [known, late] = [noise(20), noise(21)];
    const { body } = await box.post(known.body);
    await world.chain.advanceTo(world.made.definition.times.closesAt + 1);
    await box.caughtUp();
    expect(await box.post(known.body)).toMatchObject({ status: 202, body });
    expect(await box.post(late.body)).toMatchObject({ status: 409, code: 'state/closed' });
    expect((await box.post(noise(20).body)).code).toBe('state/closed');
    await world.chain.advanceTo(world.made.definition.times.closesAt + 2001);
    await box.caughtUp();
    expect((await box.post(known.body)).code).toBe('state/closed');
  });
});
