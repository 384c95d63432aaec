import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { readNewestVersion, sealRoll } from '../../../contracts/client/roll.ts';
import type { VoterFile } from '../../../client/web/voter/voter-file.ts';
import { sealObject } from '../../../protocol/acts/objects.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { canonicalJson, parseJson } from '../../../protocol/canonical-json.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { sha256 } from '../../../protocol/hash.ts';
import { registrationsFile } from '../../../server/eligibility/roll/published.ts';
import { answerChallenge, openChallenges } from '../../../server/eligibility/store/challenges.ts';
import { takeRegistration } from '../../../server/eligibility/store/register.ts';
import { PATIENCE, press, until } from '../../e2e/voting-page.ts';
import { eventually } from '../../server/eligibility/eventually.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import type { Voter } from '../../server/eligibility/world.ts';
import { DESKTOP, lookAt, openPage } from './browser.ts';
import type { VoterWorld } from './voter-world.ts';
import { placeVault, unlock } from './voting-world.ts';

const FILE = 'registrations-1.jsonl';

/** Registration ends; what was registered is published, and version 1 of the roll stands open to challenge. */
async function endRegistration({ world, url }: VoterWorld): Promise<void> {
  await world.chain.advanceTo(world.made.definition.times.registrationCloses);
  await eventually(async () => ((await readNewestVersion(world.made.at))?.completedAt ?? 0) > 0);
  copyFileSync(registrationsFile(world.settings.publishFolder, 1), join(world.folder, 'public', FILE));
  await eventually(async () => {
    const head = await fetch(`${url}/v1/record/record.json`).then((answer) => answer.text());
    const phase = await fetch(`${url}/v1/election`).then((answer) => answer.text());
    return head.includes(FILE) && phase.includes('"phase":"challenge"');
  });
  await untilRecorded(url, 'roll-complete');
}

/** Until the service's record has an entry of that kind. */
async function untilRecorded(url: string, kind: string): Promise<void> {
  await eventually(async () => {
    const { segments } = parseJson(await fetch(`${url}/v1/record/record.json`).then((answer) => answer.text())) as {
      segments: { entries: number }[];
    };
    for (const [index, { entries }] of segments.entries()) {
      const name = `${String(index).padStart(6, '0')}.jsonl.gz`;
      const answer = await fetch(`${url}/v1/record/${name}?entries=${entries}`);
      if (gunzipSync(await answer.arrayBuffer()).includes(`"kind":"${kind}"`)) return true;
    }
    return false;
  });
}

/** What the page takes of a receipt, which was checked before it was kept. */
const receiptOf = (sequence: number): Json => ({ statement: { sequence } });

/** A voter's page whose vault is open; `asked` are the public service's addresses that it asks for. */
async function open(
  browser: Browser,
  { world, url }: VoterWorld,
  { identity }: Voter,
  file: Partial<VoterFile>,
): Promise<{ page: Page; wrong: string[]; asked: string[] }> {
  const { page, wrong } = await openPage(browser, DESKTOP);
  await page.goto(`${url}/?lang=en`);
  await placeVault(page, world.context.definitionHash, identity, file);
  await page.goto(`${url}/vote/?lang=en`);
  await unlock(page);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(`${url}/v1/`)) asked.push(`${request.url()} ${request.postData() ?? ''}`);
  });
  return { page, wrong, asked };
}

const look = (page: Page): Promise<void> => press(page, 'Look for my identity');

/** A service that leaves an entry out of the published registrations, consistently with itself. */
async function leaveOut(page: Page, { url }: VoterWorld, { key }: Voter): Promise<void> {
  const own = await fetch(`${url}/v1/record/files/${FILE}`).then((answer) => answer.text());
  const file = own
    .split('\n')
    .filter((line) => !line.includes(key))
    .join('\n');
  expect(own).toContain(key);
  const [bytes, hash] = [Buffer.byteLength(file), encodeHex(sha256(new TextEncoder().encode(file)))];
  await page.route(`**/v1/record/files/${FILE}*`, (route) => route.fulfill({ body: file }));
  await page.route('**/v1/record/record.json', async (route) => {
    const head = parseJson(await (await route.fetch()).text()) as { files: { name: string }[] };
    const files = head.files.map((each) => (each.name === FILE ? { ...each, bytes, sha256: hash } : each));
    await route.fulfill({ body: canonicalJson({ ...head, files } as Json), contentType: 'application/json' });
  });
}

/** The officers seal version 1. */
async function seal({ world, url }: VoterWorld): Promise<void> {
  const { at, definition } = world.made;
  await world.chain.advance(definition.times.challengeSeconds);
  const newest = await readNewestVersion(at);
  const object = sealObject(1n, BigInt(newest?.registrationsRoot ?? 0), BigInt(newest?.rootsHash ?? 0));
  await sealRoll(at, world.made.sender(PAYER), 1, await world.story.act('seal', object));
  await untilRecorded(url, 'seal');
}

/**
 * "Am I on the roll?": who registered is there, by the service and by a node; who registered nothing is not; an entry that a service hides, or
 * that was revoked, is named, and the latter challenged. The service is asked the same by all.
 *
 * @param revoked - whose code was revoked, and who still has the receipt of that registration
 */
export async function rollStory(browser: Browser, all: VoterWorld, revoked: Voter): Promise<void> {
  const { world } = all;
  const { register } = all.eligibility.eligibility;
  const [mine, none] = [world.voter(0, 1), world.voter(0, 2)];
  await takeRegistration(register, world.sign(mine), 1);
  await endRegistration(all);

  const there = await open(browser, all, mine, { credential: mine.credential.seed, receipt: receiptOf(1) });
  await look(there.page);
  await until(there.page, 'Your identity stands in the published registrations and on the roll, version 1');
  await until(there.page, 'A node of the chain can be asked, too');
  const absent = await open(browser, all, none, {});
  await look(absent.page);
  await until(absent.page, 'No registration of yours stands in version 1 of the roll');
  const fetched = (asked: string[]): string[] => asked.map((line) => line.replace(/\?entries=\d+/u, '')).sort();
  expect(fetched(there.asked).filter((line) => line.includes('/record/'))).toEqual(
    fetched(absent.asked).filter((line) => line.includes('/record/')),
  );
  const secrets = [mine.key, encodeHex(mine.identity.privateKey)].map((each) => each.slice(2));
  expect(there.asked.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
  await lookAt(there.page, 'roll-listed');
  await there.page.click('text=Ask a node of the chain, too');
  await there.page.fill('#roll-rpc', world.chain.url);
  await leaveOut(there.page, all, mine);
  await look(there.page);
  await until(there.page, 'The published registrations are not those that the chain names');
  await until(there.page, 'Your registration is missing in the published registrations');
  expect([...there.wrong, ...absent.wrong]).toEqual([]);
  for (const { page } of [there, absent]) await page.context().close();
  await challengeStory(browser, all, revoked);
}

async function challengeStory(browser: Browser, all: VoterWorld, revoked: Voter): Promise<void> {
  const file = { credential: revoked.credential.seed, receipt: receiptOf(2) };
  const { page, wrong } = await open(browser, all, revoked, file);
  await look(page);
  await until(page, 'Your letter’s code was revoked, and your registration with it');
  await until(page, 'The roll on the chain does not hold your identity');
  await press(page, 'Challenge this roll');
  await until(page, 'You have challenged version 1 of the roll');
  await press(page, 'What became of it?');
  await until(page, 'It is not answered yet');
  await lookAt(page, 'roll-challenged');
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save the receipt')]);
  expect(download.suggestedFilename()).toBe('urna-challenge.json');
  const { register } = all.eligibility.eligibility;
  const [[id] = []] = await openChallenges(register.redis);
  if (id === undefined) throw new Error('no challenge was kept');
  await answerChallenge(register, id as Hex, { state: 'dismissed', reason: 'revoked-before' });
  await page.reload();
  await unlock(page);
  await press(page, 'What became of it?');
  await until(page, 'the code had been revoked before');
  await seal(all);
  await look(page);
  await until(page, 'The roll is sealed, and no challenge is taken any more');
  expect(await page.locator('button:has-text("Challenge this roll")').count()).toBe(0);
  expect(wrong).toEqual([]);
  await page.context().close();
  // A device that has no receipt of it.
  const mine = all.world.voter(0, 1);
  const there = await open(browser, all, mine, { credential: mine.credential.seed });
  await look(there.page);
  await there.page.waitForSelector('text=on the sealed roll, version 1: you can vote', { timeout: PATIENCE });
  await there.page.context().close();
}
