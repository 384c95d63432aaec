import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Invocation } from '../../../client/cli/frame/invocation.ts';
import { createProgress } from '../../../client/cli/frame/progress.ts';
import { fetchRecord } from '../../../client/cli/record/fetch.ts';
import { readSlot } from '../../../contracts/client/ballots.ts';
import { openRecord, verifyRecord } from '../../../protocol/checks/verify-record.ts';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { nextHead } from '../../../protocol/ballot/slot.ts';
import { decodeWord } from '../../../protocol/encoding.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import { decodeTile, pathFromTiles } from '../../../protocol/roll/tiles.ts';
import { rootOfPath } from '../../../protocol/roll/lean-imt.ts';
import type { PublicService } from '../../../server/public/service.ts';
import { COUNTS } from '../../contracts/follower/story.ts';
import type { NistReport, Shown } from './answers.ts';
import { nistFaults } from './nist-schema.ts';
import { ballotNeeds } from './ballot-needs.ts';
import { PublicWorld } from './public-world.ts';
import { servedRecord } from './served-record.ts';

let world: PublicWorld;
let service: PublicService;
let address: string;

async function start(): Promise<void> {
  service = await world.service();
  address = await service.server.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' });
}

beforeAll(async () => {
  world = await PublicWorld.open();
  await start();
  await world.vote();
  await world.caughtUp(service);
});
afterAll(async () => {
  await world.end(service);
  await world.stop();
});

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly json: () => Shown;
}

/** `fetch` inflates what was compressed. */
async function get(
  path: string,
  headers: Record<string, string> = { 'accept-encoding': 'identity' },
): Promise<Answered> {
  const answer = await fetch(`${address}${path}`, { headers });
  const body = Buffer.from(await answer.arrayBuffer());
  const json = () => JSON.parse(body.toString('utf8')) as Shown;
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body, json };
}

async function nistReport(): Promise<NistReport> {
  return (await get('/v1/results.nist.json')).json() as unknown as NistReport;
}

describe('public service, while voting goes on', () => {
  it('tells what the election is, where it stands and where its services are', async () => {
    const { status, headers, json } = await get('/v1/election');
    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=2']);
    expect(json()).toMatchObject({
      ...{ phase: 'open', assurance: 'single-office', definition: { id: 'chain-test' } },
      roll: { version: 1, sealed: true, members: [3, 2] },
      polls: [
        { poll: 0, contest: 'question', district: 'north', members: 3, groups: 1 },
        { poll: 1, district: 'south', members: 2, groups: 1 },
      ],
      services: { registrar: 'https://registrar.example', 'box-2': 'https://box.example/a=b' },
      times: { closesAt: world.made.definition.times.closesAt + 1000 },
    });
    expect(json().times.rounds).toHaveLength(4);
  });

  it('has no results before the count', async () => {
    for (const name of ['results.json', 'results.csv', 'results.nist.json']) {
      const { status, json } = await get(`/v1/${name}`);
      expect([status, json().type]).toEqual([404, 'urn:urna:error:not-found/results']);
    }
  });

  it('tells turnout by poll and unit', async () => {
    const { json } = await get('/v1/turnout');
    expect(json().polls.map((poll) => [poll.ballots, poll.members])).toEqual([
      [2, 3],
      [1, 2],
    ]);
    expect(json().units).toMatchObject([
      { unit: 'north', voters: 1000, members: 3, ballots: 2 },
      { unit: 'south', voters: 40, members: 2, ballots: 1 },
    ]);
  });

  it('gives slots as they stand on the chain, by block', async () => {
    const { headers, json } = await get('/v1/slots/0/0');
    const { slots, block } = json();
    expect(slots).toHaveLength(2);
    for (const slot of slots) {
      const word = await readSlot(world.made.at, 0, BigInt(slot['slot']!));
      expect([decodeWord(slot['head']), Number(slot['round'])]).toEqual([word >> 8n, Number(word & 255n) - 1]);
      const [x, y, cx, cy] = (slot['ciphertext'] as unknown as string[]).map(decodeWord);
      const ciphertext = { R: { x: x!, y: y! }, C: [{ x: cx!, y: cy! }] };
      expect(nextHead(decodeWord(slot['previousHead']), ciphertext)).toBe(word >> 8n);
    }
    const location = String(headers['content-location']);
    expect(location).toBe(`/v1/slots/0/0?block=${block}`);
    const fixed = await get(location);
    expect([fixed.headers['cache-control'], fixed.json()]).toEqual(['public, max-age=31536000, immutable', json()]);
    expect((await get('/v1/slots/0/0?block=1')).json().type).toBe('urn:urna:error:not-found/block');
    expect((await get('/v1/slots/0/0?block=99999999')).status).toBe(404);
    expect((await get('/v1/slots/0/1')).status).toBe(404);
    expect((await get('/v1/slots/9/0')).status).toBe(404);
  });

  it('gives tiles that lead every member to the sealed root', async () => {
    const poseidon = await loadPoseidon();
    const { roots } = (await get('/v1/election')).json().roll;
    for (const [district, members] of world.story.offices.members.entries()) {
      const [lower, upper] = [await get(`/v1/tiles/${district}/0/0`), await get(`/v1/tiles/${district}/1/0`)];
      expect([lower.status, upper.status, lower.headers['cache-control']]).toEqual([
        ...[200, 200, 'public, max-age=31536000, immutable'],
      ]);
      const [leaves, tops] = [decodeTile(Uint8Array.from(lower.body)), decodeTile(Uint8Array.from(upper.body))];
      expect(leaves).toEqual(members);
      for (const i of members.keys()) {
        expect(rootOfPath(poseidon, pathFromTiles(poseidon, i, leaves, tops))).toBe(decodeWord(roots[district]));
      }
    }
    for (const tile of ['0/0/1', '7/0/0', '7/bounds']) expect((await get(`/v1/tiles/${tile}`)).status).toBe(404);
  });

  it('gives what a ballot rests on, so that the record need not be read for one', async () => {
    const { keys, places, slots } = await ballotNeeds(world, async (path) => Uint8Array.from((await get(path)).body));
    expect(keys).toEqual(world.story.run.state.keys?.publicKeys);
    expect(places).toEqual(world.story.offices.members.flatMap((own) => own.map(() => [own.length, true])));
    expect(slots).toEqual([(await readSlot(world.made.at, 0, 101n)) >> 8n, undefined]);
  });

  it('gives registrations and published files as they were published', async () => {
    const { registrations } = world.story.offices;
    expect((await get('/v1/registrations.jsonl')).body).toEqual(Buffer.from(registrations));
    expect((await get('/v1/record/files/registrations-1.jsonl')).body).toEqual(Buffer.from(registrations));
    expect((await get('/v1/record/files/registrations-2.jsonl')).status).toBe(404);
    for (const path of ['..%2f..%2fetc%2fpasswd', 'credentials/..%2felection.json', 'circuits/ballot-2/ballot.zkey'])
      expect((await get(`/v1/record/files/${path}`)).status).toBe(400);
  });

  it('gives the beginning of a segment to whoever has an older head', async () => {
    const all = gunzipSync((await get('/v1/record/000000.jsonl.gz')).body).toString();
    const { body, headers } = await get('/v1/record/000000.jsonl.gz?entries=5');
    expect(headers['cache-control']).toContain('immutable');
    expect(gunzipSync(body).toString()).toBe(`${all.split('\n').slice(0, 5).join('\n')}\n`);
    expect((await get('/v1/record/000000.jsonl.gz?entries=9999')).status).toBe(404);
    expect((await get('/v1/record/000001.jsonl.gz')).status).toBe(404);
  });

  it('answers again with 304 where nothing changed, and compresses', async () => {
    const { headers } = await get('/v1/record/files/election.json');
    const again = await get('/v1/record/files/election.json', { 'if-none-match': String(headers['etag']) });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const turnout = await get('/v1/turnout');
    expect((await get('/v1/turnout', { 'if-none-match': String(turnout.headers['etag']) })).status).toBe(304);
    const small = await get('/v1/election', { 'accept-encoding': 'gzip' });
    expect([small.headers['content-encoding'], small.json().phase]).toEqual(['gzip', 'open']);
  });

  it('goes on where it stood after a restart, and makes everything again from an emptied store', async () => {
    const before = (await get('/v1/record/record.json')).json();
    await world.end(service);
    await start();
    await world.caughtUp(service);
    expect((await get('/v1/record/record.json')).json()).toEqual(before);
    await service.parts.store.redis.flushAll();
    await world.end(service);
    await start();
    await world.caughtUp(service);
    expect((await get('/v1/record/record.json')).json()).toEqual(before);
    expect((await get('/v1/slots/0/0')).json().slots).toHaveLength(2);
  });
});

describe('public service, when it is over', () => {
  beforeAll(async () => {
    await world.story.count();
    await world.caughtUp(service);
  });

  it('gives the numbers of the contract in JSON, CSV and NIST’s form', async () => {
    const json = (await get('/v1/results.json')).json();
    expect(json).toMatchObject({
      ...{ certified: true, assurance: 'single-office' },
      units: [
        { unit: 'north', state: 'open', ballots: 3, members: 3, counts: { yes: COUNTS[0], no: COUNTS[1] } },
        { unit: 'south', state: 'merged', ballots: 1, counts: { yes: 0, no: 0 } },
      ],
    });
    const certified = service.parts.store.held.summary.resultHash;
    expect(json.resultHash).toBe(certified);
    const csv = (await get('/v1/results.csv')).body.toString();
    expect(csv.split('\r\n').slice(0, 3)).toEqual([
      'contest,unit,state,voters,members,ballots,option,count,status,assurance',
      `question,north,open,1000,3,3,yes,${COUNTS[0]},certified,single-office`,
      `question,north,open,1000,3,3,no,${COUNTS[1]},certified,single-office`,
    ]);
    const nist = await nistReport();
    expect(nist).toMatchObject({ '@type': 'ElectionResults.ElectionReport', Status: 'certified', IsTest: true });
    const selections = nist.Election[0]?.Contest[0]?.ContestSelection;
    expect(selections?.map(({ VoteCounts }) => VoteCounts.map(({ Count }) => Count))).toEqual([
      [COUNTS[0]],
      [COUNTS[1]],
    ]);
  });

  it('keeps to NIST SP 1500-100: it is as NIST’s own schema wants it, and ids lead somewhere', async () => {
    const nist = await nistReport();
    expect(nistFaults(nist)).toBeNull();
    expect(nistFaults({ ...nist, Format: undefined })).toHaveLength(1);
    expect(nistFaults({ ...nist, Election: [{ ...nist.Election[0], Contest: [{ more: 1 }] }] })).not.toBeNull();
    const ids = new Set(nist.GpUnit.map((unit) => unit['@id']));
    const text = JSON.stringify(nist);
    for (const [, id] of text.matchAll(/"(?:GpUnitId|ElectionDistrictId|ElectionScopeId)":"([^"]+)"/gu))
      expect(ids).toContain(id);
    for (const unit of nist.GpUnit) for (const id of unit.ComposingGpUnitIds ?? []) expect(ids).toContain(id);
    expect(ids.size).toBe(nist.GpUnit.length);
  });

  it('serves a record that passes every check', async () => {
    const files = servedRecord(address);
    const report = await verifyRecord(files, await openRecord(files), publishedBuilds(), {});
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report).toMatchObject({ ok: true, complete: true });
  });

  it('is downloaded, resumed and extended by the command, and what a server sends wrong is noticed', async () => {
    const out = join(world.folder, 'fetched');
    const call = (options: Record<string, unknown>): Invocation => ({
      ...{ options: { out, ...options }, args: [address], settings: {}, progress: createProgress(true) },
    });
    expect((await fetchRecord(call({}))).data).toMatchObject({ loaded: 1, files: 7 });
    const files = folderFiles(out);
    const report = await verifyRecord(files, await openRecord(files), publishedBuilds(), {});
    expect(report).toMatchObject({ ok: true, complete: true });
    await expect(fetchRecord(call({}))).rejects.toMatchObject({ code: 'file/exists' });
    expect((await fetchRecord(call({ extend: true }))).data).toMatchObject({ loaded: 0, files: 0 });
    // Interrupted, with a damaged segment and half a file in the folder: only these are downloaded again.
    renameSync(out, `${out}.part`);
    writeFileSync(join(`${out}.part`, 'segments/000000.jsonl.gz'), 'damaged');
    writeFileSync(join(`${out}.part`, 'files/election.json'), '{');
    expect((await fetchRecord(call({}))).data).toMatchObject({ loaded: 1, files: 1 });
    const published = join(world.recordFolder, 'files/credentials/north.json');
    const before = readFileSync(published);
    writeFileSync(published, Buffer.concat([before.subarray(1), before.subarray(0, 1)]));
    rmSync(out, { recursive: true });
    await expect(fetchRecord(call({}))).rejects.toMatchObject({ code: 'record/hash' });
    writeFileSync(published, before);
    expect((await fetchRecord(call({}))).data).toMatchObject({ loaded: 0, files: 4 });
  });

  it('logs neither addresses nor slots', () => {
    const text = world.lines.join('');
    expect(text).toContain('/v1/slots/:poll/:group');
    expect(text).not.toMatch(/127\.0\.0\.1|remoteAddress|0x[0-9a-f]{40}/u);
  });
});
