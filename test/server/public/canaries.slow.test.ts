import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomnessOf } from '../../../protocol/ballot/ballot-bytes.ts';
import { decodeHex, encodeHex, encodeText, encodeWord } from '../../../protocol/encoding.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import type { PublicService } from '../../../server/public/service.ts';
import { streamOf } from '../../protocol/stream.ts';
import type { Canary, Places } from '../canaries.ts';
import { findLeaks, folderBytes } from '../canaries.ts';
import type { Told } from '../mutant.ts';
import { mutate, overlooked } from '../mutant.ts';
import type { RecordingProxy } from '../recording-proxy.ts';
import { startRecording } from '../recording-proxy.ts';
import { voteCanaries } from '../vote-canaries.ts';
import { PublicWorld } from './public-world.ts';

let world: PublicWorld;
let service: PublicService;
let proxy: RecordingProxy;
const told: Told = { leak: 'log', bytes: Buffer.from('nothing') };

beforeAll(async () => {
  world = await PublicWorld.open();
  service = await world.service();
  mutate(service.server, told, { redis: service.parts.store.redis, folder: world.recordFolder });
  proxy = await startRecording(await service.server.listen({ host: '127.0.0.1', port: 0 }));
  await world.caughtUp(service);
}, 120_000);
afterAll(async () => {
  proxy.stop();
  await world.end(service);
  await world.stop();
});

function places(): Places {
  return {
    store: folderBytes(dirname(world.redisServer.url.replace('unix:', ''))),
    log: Buffer.from(world.lines.join('')),
    published: folderBytes(world.recordFolder),
    traffic: proxy.traffic(),
  };
}

/** Of somebody: what a voter's client would have to have sent for the service to know it. That it sends nothing, a walk with the command shows. */
function secrets(): Canary[] {
  const { privateKey, secretScalar } = createIdentity(streamOf('somebody')(32));
  const { bytes, randomness } = randomnessOf(encodeHex(streamOf('a vote')(31).with(30, 1)), 'test');
  return [
    { name: 'identity', bytes: privateKey },
    { name: 'secret scalar', bytes: encodeWord(secretScalar) },
    ...voteCanaries({ randomness, randomnessBytes: bytes, values: [1n, 0n] }, '{"bridge":["yes"]}'),
  ];
}

describe('a public service', () => {
  it('that had learned a voter’s secret would fail the scan of servers, wherever it left it', async () => {
    const headers = { 'accept-encoding': 'identity' };
    await fetch(`${proxy.url}/v1/election`, { headers }).then((response) => response.text());
    expect(findLeaks(places(), secrets())).toEqual([]);
    // The scan can see what is known.
    const election: Canary = { name: 'election', bytes: decodeHex(world.made.at.election) };
    const id: Canary = { name: 'id', bytes: encodeText(`"id":"${world.made.definition.id}"`) };
    const seen = ['published: id', 'store: election', 'traffic: election', 'traffic: id'];
    expect(findLeaks(places(), [election, id]).sort()).toEqual(seen);
    const { tried, missed } = await overlooked({ url: proxy.url, told, lines: world.lines, places }, secrets());
    expect([tried > 60, missed]).toEqual([true, []]);
  }, 120_000);
});
