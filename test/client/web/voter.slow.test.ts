import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { encodeCode } from '../../../protocol/credentials/code.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import { decodeIdentity } from '../../../protocol/identity/identity-file.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import { decodeWords } from '../../../protocol/identity/words.ts';
import { openWithPassphrase } from '../../../protocol/node/age.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { htmlLetters } from '../../../client/cli/credentials/letters.ts';
import { fetchStanding } from '../../../client/http/registrar.ts';
import { parseServerUrl } from '../../../client/http/server-url.ts';
import { takeRevocation } from '../../../server/eligibility/store/register.ts';
import { CODE } from '../../server/eligibility/world.ts';
import { streamOf } from '../../protocol/stream.ts';
import { newFolder } from '../cli/urna.ts';
import { DESKTOP, lookAt, openBrowser, openPage } from './browser.ts';
import { rollStory } from './roll-story.ts';
import { choosePassphrase, enterLetter, makeIdentity, title, wrongIn } from './voter-steps.ts';
import { cameraOf, filmOfPicture } from './film.ts';
import { openVoterWorld } from './voter-world.ts';
import type { VoterWorld } from './voter-world.ts';

const WEB = join(import.meta.dirname, '../../../dist/web');
const PASSPHRASE = 'correct horse battery';
const OTHER_PASSPHRASE = 'staple correct horse';

let all: VoterWorld;
let browser: Browser;
/** The voter of this story, from the first context. */
let words: string;
let backup: string;

beforeAll(async () => {
  expect(existsSync(join(WEB, 'vote/index.html'))).toBe(true);
  all = await openVoterWorld(WEB);
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await all.close();
  await terminate();
});

const look = (page: Page, name: string): Promise<void> => lookAt(page, `vote-${name}`);

async function arrive(): Promise<{ page: Page; wrong: string[] }> {
  const opened = await openPage(browser, DESKTOP);
  await opened.page.goto(`${all.url}/vote/?lang=en`);
  await opened.page.waitForSelector('.voter h1');
  return opened;
}

function standingOfLetter(): ReturnType<typeof fetchStanding> {
  const { key } = all.world.voter(0, 0);
  return fetchStanding(parseServerUrl(all.registrarUrl), key);
}

describe('a voter with a letter', () => {
  it('comes to a registered identity, and on the way every mistake is named beside its field', async () => {
    const { page, wrong } = await arrive();
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
    await look(page, 'start');
    await page.click('text=I have a letter');
    await title(page, 'Your letter');
    // Another character in the second group: Reed-Solomon says where.
    const typed = CODE.replace(/^(.{5})(.)/u, (_, before: string, one: string) => before + (one === '7' ? '8' : '7'));
    await enterLetter(page, typed);
    expect(await wrongIn(page)).toMatch(/typing error.*group 2.*credential\/checksum/u);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('code');
    await look(page, 'letter-wrong');
    await enterLetter(page, encodeCode(streamOf('a code of no letter')(10)));
    await page.waitForSelector('.wrong:has-text("not-found/credential")', { timeout: 60_000 });
    await enterLetter(page, CODE.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o'));
    await title(page, 'You can register');
    await look(page, 'standing-none');
    await page.click('text=Make a new identity');
    await title(page, 'Write down your 24 words');
    words = (await page.locator('.words li').allTextContents()).join(' ');
    await look(page, 'words');
    await page.click('text=I have written them down');
    await title(page, 'Three of your words');
    const asked = await page.locator('.field input').evaluateAll((inputs) => inputs.map(({ id }) => id));
    expect(asked).toHaveLength(3);
    for (const id of asked) await page.fill(`#${id}`, 'zebra');
    await page.click('button[type=submit]');
    expect(await wrongIn(page)).toContain('identity/words-asked');
    await look(page, 'check-wrong');
    for (const id of asked) await page.fill(`#${id}`, words.split(' ')[Number(id.slice(5)) - 1]!);
    await page.click('button[type=submit]');
    await title(page, 'A passphrase');
    await choosePassphrase(page, 'too short');
    expect(await wrongIn(page)).toContain('secret/passphrase');
    await choosePassphrase(page, PASSPHRASE, OTHER_PASSPHRASE);
    await page.waitForSelector('.wrong:has-text("secret/mismatch")');
    await look(page, 'passphrase-wrong');
    await choosePassphrase(page, PASSPHRASE);
    await title(page, 'Your identity is open');
    await look(page, 'opened');
    await page.route(`${all.registrarUrl}/**`, (route) => route.abort());
    await page.click('button:has-text("Register")');
    await page.waitForSelector('.failure:has-text("server/unreachable")');
    await page.unroute(`${all.registrarUrl}/**`);
    await page.click('button:has-text("Register")');
    await page.waitForSelector('text=Registered. The registrar’s signed receipt', { timeout: 60_000 });
    await look(page, 'registered');
    const { commitment } = createIdentity(decodeWords(words));
    expect(await standingOfLetter()).toMatchObject({
      state: 'registered',
      sequence: 1,
      commitment: wordHex(commitment),
    });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('text=Download the encrypted file'),
    ]);
    backup = join(newFolder(), 'identity.age');
    await download.saveAs(backup);
    // The command opens it, with the same passphrase.
    const identity = decodeIdentity(await openWithPassphrase(Uint8Array.from(readFileSync(backup)), PASSPHRASE));
    expect(identity.commitment).toBe(commitment);
    const key = encodeHex(identity.privateKey).slice(2);
    const secrets = [CODE, CODE.replaceAll('-', ''), PASSPHRASE, key, words.slice(0, 30)];
    expect(sent.filter((line) => secrets.some((secret) => line.toLowerCase().includes(secret.toLowerCase())))).toEqual(
      [],
    );
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(['urna-language']);
    // The one complaint: the registrar that we took away.
    expect(wrong.filter((line) => !line.includes('ERR_FAILED'))).toEqual([]);
    await comeBack(page);
    await page.context().close();
  }, 480_000);

  /** Reloads: closed again; only the passphrase opens it, and the receipt is there. */
  async function comeBack(page: Page): Promise<void> {
    await page.reload();
    await title(page, 'Open your identity');
    await look(page, 'locked');
    await page.fill('#passphrase', OTHER_PASSPHRASE);
    await page.click('button[type=submit]');
    expect(await wrongIn(page)).toContain('secret/age');
    await page.fill('#passphrase', PASSPHRASE);
    await page.click('button[type=submit]');
    await page.waitForSelector('text=Registered. The registrar’s signed receipt', { timeout: 60_000 });
    await page.click('button:has-text("Lock")');
    await title(page, 'Open your identity');
    await page.click('text=I do not know the passphrase');
    await page.check('#sure');
    await page.click('text=Remove from this device');
    await title(page, 'Vote');
  }
});

describe('a printed letter before the camera', () => {
  it('is read as the code that it has, and the standing asked for', async () => {
    const printed = await browser.newPage({ deviceScaleFactor: 3 });
    const letter = { name: 'Ann', address: [], election: 'Test', district: 'North', code: CODE };
    await printed.setContent([...htmlLetters([letter])].join(''));
    const picture = await printed.locator('svg').screenshot();
    const film = join(newFolder(), 'letter.y4m');
    writeFileSync(film, await filmOfPicture(printed, picture));
    await printed.close();
    const withCamera = await openBrowser(cameraOf(film));
    const { page, wrong } = await openPage(withCamera, DESKTOP);
    await page.goto(`${all.url}/vote/?lang=en`);
    await page.click('text=I have a letter');
    await look(page, 'letter');
    await page.click('text=Read the QR code with the camera');
    await page.waitForFunction((code) => document.querySelector<HTMLInputElement>('#code')?.value === code, CODE);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('code');
    expect(await page.locator('video').count()).toBe(0);
    await page.selectOption('#district', '0');
    await page.click('button[type=submit]');
    await title(page, 'An identity is registered with this code');
    expect(wrong).toEqual([]);
    await withCamera.close();
  }, 120_000);

  it('where there is no camera, is typed', async () => {
    const { page } = await arrive();
    await page.click('text=I have a letter');
    await page.click('text=Read the QR code with the camera');
    await page.waitForSelector('.failure:has-text("checker/camera")');
    await look(page, 'letter-no-camera');
    await page.click('text=Close the camera');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Read the QR code with the camera');
    await enterLetter(page, CODE);
    await title(page, 'An identity is registered with this code');
    await page.context().close();
  }, 60_000);
});

describe('a voter on a second device', () => {
  it('restores the identity from its words, and gets the same receipt with the letter', async () => {
    const { page, wrong } = await arrive();
    await page.click('text=I have backup words');
    await title(page, 'Restore your identity');
    await page.selectOption('#district', '0');
    const attempts = [
      [words.split(' ').slice(1).join(' '), /words-count/u],
      [words.replace(/^\w+ \w+/u, 'zzzz yyyy'), /Look at: 1, 2\..*words-unknown/u],
      [words.replace(/^(\w+) (\w+)/u, 'zoo zoo'), /words-checksum/u],
    ] as const;
    for (const [text, error] of attempts) {
      await page.fill('#words', text);
      await page.click('button[type=submit]');
      await expect(page.waitForSelector('.wrong')).resolves.toBeDefined();
      expect(await wrongIn(page)).toMatch(error);
    }
    await look(page, 'restore-wrong');
    await page.fill('#words', `  ${words.toUpperCase()}\n`);
    await page.click('button[type=submit]');
    await title(page, 'A passphrase');
    await choosePassphrase(page, OTHER_PASSPHRASE);
    await title(page, 'Your identity is open');
    await page.click('text=I have a letter');
    await enterLetter(page, CODE);
    await title(page, 'Your identity is registered with this code');
    await look(page, 'standing-own');
    await page.click('button:has-text("Continue")');
    await title(page, 'Your identity is open');
    await page.click('button:has-text("Register")');
    await page.waitForSelector('text=Registered. The registrar’s signed receipt', { timeout: 60_000 });
    expect(await standingOfLetter()).toMatchObject({ sequence: 1 });
    expect(wrong).toEqual([]);
    await page.context().close();
  }, 180_000);

  it('restores it from the file with the passphrase of the file', async () => {
    const { page } = await arrive();
    await page.click('text=I have backup words');
    await page.click('text=A backup file');
    await page.selectOption('#district', '0');
    await page.setInputFiles('#file', backup);
    await page.fill('#file-passphrase', OTHER_PASSPHRASE);
    await page.click('button[type=submit]');
    expect(await wrongIn(page)).toContain('secret/age');
    await look(page, 'restore-file-wrong');
    await page.fill('#file-passphrase', PASSPHRASE);
    await page.click('button[type=submit]');
    await title(page, 'A passphrase');
    await page.context().close();
  }, 120_000);
});

describe('a voter whose backup is lost', () => {
  it('replaces the registered identity only when told to', async () => {
    const { page } = await arrive();
    await page.click('text=I have a letter');
    await enterLetter(page, CODE);
    await title(page, 'An identity is registered with this code');
    await look(page, 'standing-registered');
    const own = await makeIdentity(page, PASSPHRASE);
    await page.click('button:has-text("Register")');
    await page.waitForSelector('.failure:has-text("registration/other")', { timeout: 60_000 });
    expect(await standingOfLetter()).toMatchObject({ sequence: 1 });
    await look(page, 'opened-other');
    await page.click('text=Replace the other identity');
    await page.waitForSelector('text=Registered. The registrar’s signed receipt', { timeout: 60_000 });
    const { commitment } = createIdentity(decodeWords(own));
    expect(await standingOfLetter()).toMatchObject({ sequence: 2, commitment: wordHex(commitment) });
    await page.context().close();
  }, 120_000);
});

describe('a voter whose code was revoked', () => {
  it('is told so, and what to do', async () => {
    const revocation = { district: 0, credentialKey: all.world.voter(0, 0).key, replacement: null };
    await takeRevocation(all.eligibility.eligibility.register, revocation);
    const { page } = await arrive();
    await page.click('text=I have a letter');
    await enterLetter(page, CODE);
    await title(page, 'This code has been revoked');
    expect(await page.locator('button:has-text("Make a new identity")').count()).toBe(0);
    await look(page, 'standing-revoked');
    await page.context().close();
  }, 300_000);
});

describe('once registration is over', () => {
  it(
    'a voter sees whether the own identity is on the roll, and challenges it where it is wrong',
    () => rollStory(browser, all, all.world.voter(0, 0)),
    300_000,
  );
});
