import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dirname } from 'node:path';
import { randomnessOf } from '../../../protocol/ballot/ballot-bytes.ts';
import { encodeHex, encodeWord } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { streamOf } from '../../protocol/stream.ts';
import type { Canary, Places } from '../canaries.ts';
import { findLeaks, folderBytes } from '../canaries.ts';
import type { Told } from '../mutant.ts';
import { mutate, overlooked } from '../mutant.ts';
import type { RecordingProxy } from '../recording-proxy.ts';
import { startRecording } from '../recording-proxy.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';
import { voteCanaries } from '../vote-canaries.ts';
import type { ServerWorld } from '../world.ts';
import { openWorld } from '../world.ts';
import { startBox } from './box.ts';
import type { TestBox } from './box.ts';
import { provedVotes } from './proved-election.ts';

let world: ServerWorld;
let box: TestBox;
let proxy: RecordingProxy;
let ballot: SimulatedUpdate;
let canaries: Canary[];
/** What the box is to leave lying about, and where: at first a word that means nothing. */
const told: Told = { leak: 'log', bytes: Buffer.from('nothing') };

beforeAll(async () => {
  world = await openWorld({ voters: [3, 1], isProved: true });
  const { privateKey, secretScalar } = at(at(world.story.offices.identities, 0), 0);
  const { bytes, randomness } = randomnessOf(encodeHex(streamOf('a vote')(31).with(30, 1)), 'test');
  canaries = [
    { name: 'identity', bytes: privateKey },
    { name: 'secret scalar', bytes: encodeWord(secretScalar) },
    ...voteCanaries({ randomness, randomnessBytes: bytes, values: [1n, 0n] }, '{"bridge":["yes"]}'),
  ];
  ballot = await (await provedVotes(world))(0, randomness);
  box = await startBox(world, 0, {}, undefined, ({ app, intake }) =>
    mutate(app.server, told, { redis: intake.store.redis, folder: world.folder }),
  );
  proxy = await startRecording(box.url);
}, 300_000);
afterAll(async () => {
  proxy.stop();
  await box.close();
  await world.close();
  await terminate();
});

/** All that can be seen of the box from outside and on its disk. */
function places(): Places {
  return {
    store: folderBytes(dirname(box.redis.url.replace('unix:', ''))),
    log: Buffer.from(box.lines.join('')),
    traffic: proxy.traffic(),
  };
}

describe('a ballot box', () => {
  it('that takes a ballot sees neither identity nor vote: not in its store, its log or what came over the wire', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${proxy.url}/v1/updates`, { method: 'POST', body: ballot.body, headers });
    expect(answer.status).toBe(202);
    await answer.text();
    expect(findLeaks(places(), canaries)).toEqual([]);
    // The scan can see: the slot is where it has to be, and not in the log.
    const slot: Canary = { name: 'slot', bytes: encodeWord(ballot.after.nullifier) };
    expect(findLeaks(places(), [slot])).toEqual(['store: slot', 'traffic: slot']);
  });

  it('that had learned any one of them would fail that very scan, wherever it left it', async () => {
    const { tried, missed } = await overlooked({ url: proxy.url, told, lines: box.lines, places }, canaries);
    expect([tried > 60, missed]).toEqual([true, []]);
  }, 120_000);
});
