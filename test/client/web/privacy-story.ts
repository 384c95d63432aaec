import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { Decrypter } from 'age-encryption';
import type { Page } from 'playwright-core';
import { decodeVoterFile } from '../../../client/web/voter/voter-file.ts';
import type { VoterFile } from '../../../client/web/voter/voter-file.ts';
import { decodeBallots } from '../../../client/web/voter/ballot/kept-ballots.ts';
import { decodeUpdateFile } from '../../../protocol/ballot/update-file.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import { PATIENCE, encrypt, prepare, press, until, untilTitle } from '../../e2e/voting-page.ts';
import { lookAt, openProfile } from './browser.ts';
import { PASSPHRASE, unlock } from './voting-world.ts';
import type { VotingWorld } from './voting-world.ts';

/** The voter of this story. */
const VOTER = 6;
/** The contest of the world's election. */
export const QUESTION = 'Question';
export const choose = (page: Page, option: string) => () => page.check(`label:has-text("${option}") input`);

/** What a page has asked for. */
interface Asked {
  /** Method, address and body of every request. */
  readonly sent: string[];
  /** Address and range of every part of the circuit. */
  readonly parts: string[];
}

/** What a page's origin keeps in the browser. */
interface Stored {
  readonly local: readonly string[];
  readonly session: readonly string[];
  readonly databases: readonly (string | undefined)[];
  /** Members of every value of the one database, by key: bytes as lists. */
  readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly caches: readonly string[];
  readonly cached: readonly string[];
  readonly cookies: string;
}

function storedBy(page: Page): Promise<Stored> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('keyval-store');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const store = opening.result.transaction('keyval').objectStore('keyval');
    const [keys, all] = [store.getAllKeys(), store.getAll()];
    await new Promise((resolve) => (all.onsuccess = resolve));
    const plain = (value: unknown): unknown => (value instanceof Uint8Array ? [...value] : value);
    const values = (all.result as object[]).map((value, i) => [
      String(keys.result[i]),
      Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)])),
    ]);
    opening.result.close();
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return {
      ...{ local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookies: document.cookie },
      databases: (await indexedDB.databases()).map(({ name }) => name),
      values: Object.fromEntries(values) as Stored['values'],
      ...{ caches: names, cached: requests.flat().map(({ url }) => new URL(url).pathname) },
    };
  });
}

/** The voter's file inside a vault, as the passphrase opens it. */
async function openStored(vault: Readonly<Record<string, unknown>>): Promise<VoterFile> {
  const bytes = (name: string): Uint8Array => Uint8Array.from(vault[name] as number[]);
  const byPassphrase = new Decrypter();
  byPassphrase.addPassphrase(PASSPHRASE);
  const key = await byPassphrase.decrypt(bytes('lock'), 'text');
  const byKey = new Decrypter();
  byKey.addIdentity(key);
  return decodeVoterFile(await byKey.decrypt(bytes('body')));
}

/** Files below a folder that hold one of these, as they are or as UTF-16, in which browsers keep text as well. */
function filesWith(folder: string, secrets: Readonly<Record<string, string | Uint8Array>>): string[] {
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => {
    try {
      return statSync(join(folder, name)).isFile();
    } catch {
      // A browser's sockets and locks come and go.
      return false;
    }
  });
  expect(files.length).toBeGreaterThan(10);
  return files.flatMap((name) => {
    const content = readFileSync(join(folder, name));
    return Object.entries(secrets)
      .filter(([, secret]) =>
        typeof secret === 'string'
          ? content.includes(secret) || content.includes(Buffer.from(secret, 'utf16le'))
          : content.includes(Buffer.from(secret)),
      )
      .map(([what]) => `${name}: ${what}`);
  });
}

/**
 * A vote of which nothing but the ciphertext leaves the page or stays in the browser, though its download is cut, its proof cancelled, a
 * ballot challenged and another lost by a reload on the way.
 */
export async function hiddenVote(all: VotingWorld): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'urna-profile-'));
  const context = await openProfile(profile);
  const page = await context.newPage();
  const asked: Asked = { sent: [], parts: [] };
  const { sent, parts } = asked;
  page.on('request', (request) => {
    sent.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`);
    if (request.url().includes('/v1/artifacts/')) parts.push(`${request.url()} ${request.headers()['range'] ?? ''}`);
  });
  const posts = (): string[] => sent.filter((line) => line.startsWith('POST'));
  const taken = await cancelAfterCut(page, all);
  const randomness = await challengeFirst(page, asked, taken);
  await voteAfterReload(page, asked, posts);
  await requireHidden(all, page, posts(), sent, randomness);
  await context.close();
  const { privateKey } = all.identity(VOTER);
  const secrets = {
    ...{ randomness: randomness.slice(2), 'randomness as bytes': decodeHex(randomness), passphrase: PASSPHRASE },
    ...{ identity: privateKey, 'identity as text': encodeHex(privateKey).slice(2), values: '"values"' },
  };
  expect(filesWith(profile, secrets)).toEqual([]);
  // The search finds what is there.
  expect(filesWith(profile, { site: all.site }).length).toBeGreaterThan(0);
  rmSync(profile, { recursive: true, force: true });
}

/** @returns the parts that had come before the line was cut */
async function cancelAfterCut(page: Page, all: VotingWorld): Promise<ReadonlySet<string>> {
  // Two parts come through; then the connection is lost.
  let isCut = false;
  const taken = new Set<string>();
  await page.route('**/v1/artifacts/**', async (route) => {
    if (isCut || taken.size === 2) return ((isCut = true), route.abort());
    taken.add(`${route.request().url()} ${route.request().headers()['range'] ?? ''}`);
    return route.continue();
  });
  await all.open(page, VOTER);
  await prepare(page, QUESTION, choose(page, 'no'));
  await press(page, 'Cast this ballot');
  await page.waitForSelector('.failure:has-text("server/unreachable")', { timeout: PATIENCE });
  await page.unroute('**/v1/artifacts/**');
  await page.route('**/v1/artifacts/**', () => undefined);
  await press(page, 'Cast this ballot');
  await until(page, 'The ballot is being proved valid');
  await lookAt(page, 'ballot-proving');
  await page.click('button:text-is("Cancel")');
  await until(page, 'Cancelled: that ballot was handed in nowhere');
  expect(await page.innerText('.paper')).toContain('no');
  await page.unroute('**/v1/artifacts/**');
  return taken;
}

/** @returns the randomness of the ballot that was opened, as its opening has it */
async function challengeFirst(page: Page, { parts }: Asked, taken: ReadonlySet<string>): Promise<string> {
  // Nothing that had come is asked for again.
  parts.length = 0;
  const first = await encrypt(page);
  await press(page, 'Challenge it');
  await untilTitle(page, 'This ballot has been opened');
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download the opened ballot')]);
  const opening = readFileSync(await download.path(), 'utf8');
  const { randomness } = JSON.parse(opening) as { randomness: string };
  await until(page, 'All is ready for your ballot');
  expect(parts.length).toBeGreaterThan(2);
  expect(parts.filter((part) => taken.has(part))).toEqual([]);
  await press(page, 'Prepare the ballot again');
  expect(await encrypt(page)).not.toBe(first);
  return randomness;
}

async function voteAfterReload(page: Page, { parts }: Asked, posts: () => string[]): Promise<void> {
  // Where it is not decided on yet, a reload asks first, and forgets the ballot.
  const asked: string[] = [];
  page.on('dialog', (dialog) => (asked.push(dialog.type()), void dialog.accept()));
  await page.reload();
  expect(asked).toEqual(['beforeunload']);
  await unlock(page);
  await until(page, 'No ballot has been cast from this device');
  expect(posts()).toEqual([]);
  parts.length = 0;
  await prepare(page, QUESTION, choose(page, 'no'));
  await press(page, 'Cast this ballot');
  await until(page, 'On the chain, in block');
  expect(parts).toEqual([]);
}

async function requireHidden(
  all: VotingWorld,
  page: Page,
  posts: string[],
  sent: string[],
  randomness: string,
): Promise<void> {
  // One update, of which the vote is in the ciphertext alone.
  expect(posts).toHaveLength(1);
  const update = posts[0]!.slice(posts[0]!.indexOf('{'));
  expect(decodeUpdateFile(update)).toMatchObject({ poll: 0, first: true });
  const words = [randomness.slice(2), '"values"', PASSPHRASE, encodeHex(all.identity(VOTER).privateKey).slice(2)];
  expect(sent.filter((line) => words.some((word) => line.includes(word)))).toEqual([]);
  const { values, cached, ...stored } = await storedBy(page);
  expect(stored).toEqual({
    ...{ local: ['urna-language'], session: [], cookies: '', databases: ['keyval-store'], caches: ['urna-circuits'] },
  });
  expect(cached.filter((path) => !/^\/urna-circuit\/[0-9a-f]{64}\/\d+$/u.test(path))).toEqual([]);
  const [vault, ...others] = Object.values(values);
  expect(others).toEqual([]);
  expect(Object.keys(vault!).sort()).toEqual(['backup', 'body', 'lock', 'revision']);
  // Even inside the vault there is the ciphertext's fingerprint, and nothing of the vote.
  const { voting } = await openStored(vault!);
  expect(Object.keys(voting)).toEqual(['ballots']);
  const [ballot, ...more] = decodeBallots(voting['ballots']);
  expect(more).toEqual([]);
  expect(ballot).toMatchObject({ state: 'confirmed', update: null });
}
