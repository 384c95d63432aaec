import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { urna } from '../../../client/cli/demo/party.ts';
import type { Party } from '../../../client/cli/demo/party.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { openVote } from './electorate.ts';
import { freePort, startService } from './service-process.ts';
import type { ServiceProcess } from './service-process.ts';
import { closeWorld, openWorld, refusalOf, verdictOf, writeOwn } from './world.ts';
import type { World } from './world.ts';

let world: World | undefined;
let redis: PrivateRedis | undefined;
let service: ServiceProcess | undefined;
let [voter, other] = [] as unknown as [Party, Party];

beforeAll(async () => {
  world = await openWorld({ officers: 1, trustees: 1, threshold: 1, registrar: true, box: true, voters: 2 });
  if (world.registrar === undefined || world.box === undefined) throw new Error('a registrar and a box take part');
  await openVote(world, world.registrar);
  [voter, other] = world.voters as [Party, Party];
  redis = await startPrivateRedis(join(world.root, 'redis'));
  service = await startService('ballot-box', settingsOf(world, world.box, redis));
}, 300_000);
afterAll(async () => {
  await service?.stop();
  await redis?.stop();
  await closeWorld(world);
});

function settingsOf({ chain }: World, { folder }: Party, { url }: PrivateRedis) {
  const deployment = JSON.parse(readFileSync(join(folder, 'public', 'deployment.json'), 'utf8')) as {
    election: string;
  };
  return {
    ...{ definitionFile: join(folder, 'public', 'election.json'), election: deployment.election, rpc: chain.url },
    ...{ accountFile: join(folder, 'key.age'), accountPassphraseFile: join(folder, 'passphrase'), redisUrl: url },
    windowSeconds: 5,
  };
}

/** `voter cast` or `change` over HTTP. @returns the one ballot's update file and its receipts */
async function ballot(
  party: Party,
  verb: 'cast' | 'change',
  ...servers: readonly string[]
): Promise<{ file: string; handed: { receipt: string; round: number; box: string }[] }> {
  writeOwn(party, `${verb}.json`, JSON.stringify({ bridge: ['yes'] }));
  const own = ['--identity', 'identity.age', '--vote-file', `${verb}.json`, '--out', `${verb}-updates`];
  const boxes = servers.flatMap((url) => ['--box', url]);
  const { ballots } = (await urna(party, 'voter', verb, ...own, ...boxes)) as { ballots: [never] };
  return ballots[0];
}

describe('ballots over HTTP', () => {
  it('are handed to the next box where the first does not answer, and followed until they are on chain', async () => {
    const away = `http://127.0.0.1:${await freePort()}`;
    const { file, handed } = await ballot(voter, 'cast', away, service?.url ?? '');
    expect(handed).toEqual([expect.objectContaining({ update: file, round: 0 })]);
    const receipt = handed[0]?.receipt ?? '';
    const { ballots } = await urna(voter, 'voter', 'follow', receipt);
    expect(ballots).toEqual([expect.objectContaining({ receipt, state: 'confirmed' })]);
    expect(await refusalOf(voter, 'voter', 'hand', file, '--box', service?.url ?? '')).toMatchObject({
      exit: 4,
      code: 'update/occupied',
    });
  }, 120_000);

  it('are kept where no box answers, and can be handed in later, twice as well', async () => {
    const away = `http://127.0.0.1:${await freePort()}`;
    writeOwn(other, 'vote.json', JSON.stringify({ bridge: ['no'] }));
    const words = ['--identity', 'identity.age', '--vote-file', 'vote.json', '--out', 'kept', '--box', away];
    expect(await verdictOf(other, 'voter', 'cast', ...words)).toEqual({ exit: 5, code: 'server/unreachable' });
    const files = readdirSync(join(other.folder, 'kept')).map((name) => join('kept', name));
    expect(files).toHaveLength(1);
    const twice = ['voter', 'hand', ...files, ...files, '--box', service?.url ?? ''];
    const { handed } = (await urna(other, ...twice)) as { handed: unknown[] };
    expect(handed).toHaveLength(2);
    expect(handed[1]).toEqual(handed[0]);
  }, 120_000);

  it('changed in the round of the first cast, wait for the next round', async () => {
    const { handed } = await ballot(voter, 'change', service?.url ?? '');
    expect(handed).toEqual([expect.objectContaining({ round: 1 })]);
    const once = await verdictOf(voter, 'voter', 'follow', '--once', handed[0]?.receipt ?? '');
    expect(once).toEqual({ exit: 6, code: 'incomplete/ballot' });
  }, 120_000);

  it('get a receipt that only the box can have made', async () => {
    const [name] = readdirSync(join(other.folder, 'kept')).filter((each) => each.includes('.receipt-'));
    const text = readFileSync(join(other.folder, 'kept', name ?? ''), 'utf8');
    writeOwn(other, 'forged.json', text.replace(/"round":\d+/u, '"round":7'));
    expect(await verdictOf(other, 'voter', 'follow', 'forged.json')).toEqual({ exit: 3, code: 'receipt/signature' });
  });
});
