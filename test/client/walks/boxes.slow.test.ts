import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { urna } from '../../../client/cli/demo/party.ts';
import type { Party } from '../../../client/cli/demo/party.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { openVote } from './electorate.ts';
import { startLyingService } from './lying-service.ts';
import type { LyingService } from './lying-service.ts';
import { freePort, startService } from './service-process.ts';
import type { ServiceProcess } from './service-process.ts';
import { findLeaks, folderBytes, formsOf } from '../../server/canaries.ts';
import type { RecordingProxy } from '../../server/recording-proxy.ts';
import { startRecording } from '../../server/recording-proxy.ts';
import { voterCanaries } from './voter-canaries.ts';
import type { VoterCanaries } from './voter-canaries.ts';
import { closeWorld, openWorld, refusalOf, verdictOf, writeOwn } from './world.ts';
import type { World } from './world.ts';

const ARTIFACTS = join(import.meta.dirname, '../../../circuits/artifacts');

let world: World | undefined;
let redis: PrivateRedis | undefined;
let openRedis: PrivateRedis | undefined;
let service: ServiceProcess | undefined;
let open: ServiceProcess | undefined;
let doomed: { readonly box: ServiceProcess; readonly redis: PrivateRedis } | undefined;
let lying: LyingService | undefined;
/** What passes between voters and the services. */
let [boxProxy, openProxy] = [] as unknown as [RecordingProxy, RecordingProxy];
let canaries: VoterCanaries;
let [voter, other, third, fourth] = [] as unknown as [Party, Party, Party, Party];

beforeAll(async () => {
  const company = { officers: 1, trustees: 1, threshold: 1, registrar: true, box: true, secondBox: true };
  world = await openWorld({ ...company, voters: 4 });
  if (world.registrar === undefined || world.box === undefined || world.secondBox === undefined) {
    throw new Error('a registrar and two boxes take part');
  }
  await openVote(world, world.registrar);
  [voter, other, third, fourth] = world.voters as [Party, Party, Party, Party];
  redis = await startPrivateRedis(join(world.root, 'redis'));
  service = await startService('ballot-box', settingsOf(world, world.box, redis, 3));
  boxProxy = await startRecording(service.url);
  service = { ...service, url: boxProxy.url };
  const doomedRedis = await startPrivateRedis(join(world.root, 'doomed-redis'));
  // It collects first ballots for so long that it posts none before it is lost.
  const doomedBox = await startService('ballot-box', settingsOf(world, world.secondBox, doomedRedis, 3_600));
  doomed = { box: doomedBox, redis: doomedRedis };
  open = await startPublic(world, world.commission);
  openProxy = await startRecording(open.url);
  open = { ...open, url: openProxy.url };
  lying = await startLyingService(open.url);
}, 600_000);
afterAll(async () => {
  await lying?.stop();
  for (const proxy of [boxProxy, openProxy]) proxy?.stop();
  await open?.stop();
  await openRedis?.stop();
  await service?.stop();
  await redis?.stop();
  await doomed?.box.kill();
  await doomed?.redis.stop();
  await closeWorld(world);
});

function placeOf({ chain }: World, { folder }: Party, { url }: PrivateRedis) {
  const deployment = JSON.parse(readFileSync(join(folder, 'public', 'deployment.json'), 'utf8')) as {
    election: string;
  };
  const definitionFile = join(folder, 'public', 'election.json');
  return { definitionFile, election: deployment.election, rpc: chain.url, redisUrl: url };
}

function settingsOf(around: World, { folder, ...box }: Party, store: PrivateRedis, windowSeconds: number) {
  const account = { accountFile: join(folder, 'key.age'), accountPassphraseFile: join(folder, 'passphrase') };
  return { ...placeOf(around, { folder, ...box }, store), ...account, windowSeconds };
}

async function startPublic(around: World, commission: Party): Promise<ServiceProcess> {
  openRedis = await startPrivateRedis(join(around.root, 'public-redis'));
  const folders = { recordFolder: join(around.root, 'record'), publicFolder: join(commission.folder, 'public') };
  return startService('public', { ...placeOf(around, commission, openRedis), ...folders, artifactsFolder: ARTIFACTS });
}

/** `voter cast` or `change` over HTTP. @returns the one ballot's update file and its receipts */
async function ballot(
  party: Party,
  verb: 'cast' | 'change',
  ...servers: readonly string[]
): Promise<{ file: string; handed: { update: string; receipt: string; round: number; box: string }[] }> {
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
  }, 300_000);

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
  }, 300_000);

  it('changed in the round of the first cast, wait for the next round', async () => {
    const { handed } = await ballot(voter, 'change', service?.url ?? '');
    expect(handed).toEqual([expect.objectContaining({ round: 1 })]);
    const once = await verdictOf(voter, 'voter', 'follow', '--once', handed[0]?.receipt ?? '');
    expect(once).toEqual({ exit: 6, code: 'incomplete/ballot' });
  }, 300_000);

  it('are on chain once, by the other box, where one is gone for good with all that it held before it posted them', async () => {
    if (doomed === undefined || world?.secondBox === undefined) throw new Error('the box has started');
    const { chain, root, secondBox } = world;
    const sent = (): Promise<number> => chain.publicClient.getTransactionCount({ address: secondBox.address });
    const before = await sent();
    const { file, handed } = await ballot(fourth, 'cast', doomed.box.url, service?.url ?? '');
    expect(handed.map(({ update }) => update)).toEqual([file, file]);
    expect(new Set(handed.map(({ box }) => box)).size).toBe(2);
    await doomed.box.kill();
    await doomed.redis.stop();
    rmSync(join(root, 'doomed-redis'), { recursive: true });
    doomed = undefined;
    expect(await sent()).toBe(before);
    const { ballots } = await urna(fourth, 'voter', 'follow', ...handed.map(({ receipt }) => receipt));
    expect(ballots).toEqual([expect.objectContaining({ state: 'confirmed' })]);
    const { slots } = await urna(fourth, 'voter', 'slot', '--identity', 'identity.age');
    expect(slots).toEqual([expect.objectContaining({ updates: [expect.objectContaining({ round: 0 })] })]);
  }, 300_000);

  it('get a receipt that only the box can have made', async () => {
    const [name] = readdirSync(join(other.folder, 'kept')).filter((each) => each.includes('.receipt-'));
    const text = readFileSync(join(other.folder, 'kept', name ?? ''), 'utf8');
    writeOwn(other, 'forged.json', text.replace(/"round":\d+/u, '"round":7'));
    expect(await verdictOf(other, 'voter', 'follow', 'forged.json')).toEqual({ exit: 3, code: 'receipt/signature' });
  });
});

/** What a voter says who votes by way of the public service; the node that the voter's settings name is not there. */
function byService(verb: 'prepare' | 'cast' | 'change', out: string, prepared?: string): string[] {
  writeOwn(third, 'vote.json', JSON.stringify({ bridge: ['no'] }));
  const what = prepared === undefined ? ['--vote-file', 'vote.json'] : ['--prepared', prepared];
  const to = verb === 'prepare' ? [] : ['--box', service?.url ?? ''];
  const from = ['--service', lying?.url ?? '', '--rpc', 'http://127.0.0.1:9'];
  return ['voter', verb, '--identity', 'identity.age', ...what, '--out', out, ...from, ...to];
}

const handed = ({ ballots }: Readonly<Record<string, unknown>>) =>
  (ballots as [{ handed: { round: number }[] }])[0].handed;

describe('ballots by the public service', () => {
  const paths = ['/v1/foundation.jsonl', '/v1/tiles/0/1/0', '/v1/tiles/0/bounds', '/v1/tiles/0/0/0', '/v1/slots/0/0'];

  it('are prepared, cast and changed without a node or a record, and a service that keeps a log sees the same each time', async () => {
    if (lying === undefined) throw new Error('the service has started');
    const { ballots } = (await urna(third, ...byService('prepare', 'prepared'))) as { ballots: [{ file: string }] };
    expect(lying.asked.splice(0)).toEqual(paths);
    canaries = await voterCanaries(third, ballots[0].file, 'vote.json');
    const cast = await urna(third, ...byService('cast', 'by-service', ballots[0].file));
    expect(handed(cast)).toEqual([expect.objectContaining({ round: 0 })]);
    expect(lying.asked.splice(0)).toEqual(paths);
    const [name] = readdirSync(join(third.folder, 'by-service')).filter((each) => each.includes('.receipt-'));
    await urna(third, 'voter', 'follow', join('by-service', name ?? ''));
    await untilTurnout(4);
    const changed = await urna(third, ...byService('change', 'changed'));
    expect(handed(changed)).toEqual([expect.objectContaining({ round: 1 })]);
    expect(lying.asked).toEqual(paths);
  }, 300_000);

  it.each([
    ['of other keys', '/v1/foundation.jsonl', (text: string) => bentKeys(text), { exit: 4, code: 'public/foundation' }],
    ['of a roll that nobody sealed', '/v1/tiles/0/1/0', () => Buffer.alloc(32, 1), { exit: 4, code: 'public/tile' }],
    ['of a slot as it was before', '/v1/slots/0/0', withoutSlots, { exit: 4, code: 'update/occupied' }],
  ])(
    'are refused where the service tells %s',
    async (_what, path, bend, verdict) => {
      if (lying === undefined) throw new Error('the service has started');
      lying.bend = (asked, answer) => (asked === path ? bend(answer.toString()) : answer);
      expect(await verdictOf(third, ...byService('cast', 'refused'))).toEqual(verdict);
      lying.bend = (_path, answer) => answer;
    },
    120_000,
  );
});

describe('box and public service', () => {
  const places = () => {
    const below = (name: string): Buffer => folderBytes(join(world?.root ?? '', name));
    return {
      'box’s store': below('redis'),
      'box’s log': Buffer.from(service?.said() ?? ''),
      'box’s traffic': boxProxy.traffic(),
      'public store': below('public-redis'),
      'public log': Buffer.from(open?.said() ?? ''),
      'public record': below('record'),
      'public traffic': openProxy.traffic(),
    };
  };

  it('never see a secret or a vote: not in store, log, record or what came over the wire', () => {
    const seen = places();
    expect(findLeaks(seen, canaries.secrets)).toEqual([]);
    // The scan can see: the ballot's slot is with both services, and not in logs.
    const shown = findLeaks(seen, [canaries.slot]);
    for (const place of ['box’s store', 'box’s traffic', 'public store']) expect(shown).toContain(`${place}: slot`);
    expect(shown.filter((leak) => leak.includes('log'))).toEqual([]);
  });

  it('would be found out by that scan in whatever form any of it lay about, wherever', () => {
    for (const [place, bytes] of Object.entries(places())) {
      for (const [i, canary] of canaries.secrets.entries()) {
        const forms = formsOf(canary);
        const leaking = Buffer.concat([bytes, forms[i % forms.length] ?? Buffer.alloc(0)]);
        expect(findLeaks({ [place]: leaking }, canaries.secrets)).toContain(`${place}: ${canary.name}`);
      }
    }
  });
});

/** A reveal of a key that the service has made up. */
function bentKeys(text: string): string {
  const lines = text.trimEnd().split('\n');
  return `${lines.map((line) => (line.includes('"ceremony-reveal"') ? line.replace(/"z":"0x[0-9a-f]{8}/u, '"z":"0x00000000') : line)).join('\n')}\n`;
}

function withoutSlots(text: string): string {
  return text.replace(/"slots":\[.*\]/u, '"slots":[]');
}

async function untilTurnout(ballots: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`${open?.url ?? ''}/v1/turnout`);
    const { polls } = (await answer.json()) as { polls: { ballots: number }[] };
    if (polls[0]?.ballots === ballots) return;
    await pause(200);
  }
  throw new Error('the public service does not come to see the ballots');
}
