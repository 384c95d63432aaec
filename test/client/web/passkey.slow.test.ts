import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { encodeHex } from '../../../protocol/encoding.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { DESKTOP, lookAt, openBrowser, openPage } from './browser.ts';
import { title, unlock } from './voter-steps.ts';
import { openVoterWorld } from './voter-world.ts';
import type { VoterWorld } from './voter-world.ts';
import { PASSPHRASE, placeVault } from './voting-world.ts';

const WEB = join(import.meta.dirname, '../../../dist/web');

let all: VoterWorld;
let browser: Browser;
/** Passkeys belong to names, not to addresses of machines. */
let site: string;

beforeAll(async () => {
  all = await openVoterWorld(WEB);
  site = all.url.replace('127.0.0.1', 'localhost');
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await all.close();
  await terminate();
});

const failure = (page: Page, code: string) => page.waitForSelector(`.failure:has-text("${code}")`, { timeout: 60_000 });

interface Device {
  readonly page: Page;
  readonly wrong: string[];
  readonly cdp: CDPSession;
  readonly authenticatorId: string;
}

/** A device whose vault is open, with an authenticator that says yes to everything. */
async function openDevice(hasPrf: boolean): Promise<Device> {
  const { page, wrong } = await openPage(browser, DESKTOP);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...({ protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasPrf } as const),
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  await page.goto(`${site}/vote/?lang=en`);
  await title(page, 'Vote');
  await placeVault(page, all.world.context.definitionHash, all.world.voter(0, 1).identity);
  await page.reload();
  await unlock(page, PASSPHRASE);
  return { page, wrong, cdp, authenticatorId };
}

/** All that the browser keeps for the site, as text: bytes as hex. */
function storedOn(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('keyval-store');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const reading = opening.result.transaction('keyval').objectStore('keyval').getAll();
    await new Promise((resolve) => (reading.onsuccess = resolve));
    opening.result.close();
    const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return JSON.stringify(reading.result, (_, value: unknown) => (value instanceof Uint8Array ? hex(value) : value));
  });
}

describe('a passkey', () => {
  it('opens the identity beside the passphrase, and nothing more is readable on the device', async () => {
    const { page, wrong, cdp, authenticatorId } = await openDevice(true);
    await page.click('text=Set up a passkey');
    await page.waitForSelector('text=A passkey opens this identity on this device', { timeout: 60_000 });
    await lookAt(page, 'passkey-there');
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials).toMatchObject([{ rpId: 'localhost' }]);
    const stored = await storedOn(page);
    expect(stored).toContain('"passkey":{"id":');
    for (const secret of ['AGE-SECRET-KEY', encodeHex(all.world.voter(0, 1).identity.privateKey).slice(2)]) {
      expect(stored.toUpperCase()).not.toContain(secret.toUpperCase());
      expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
    }
    await page.reload();
    await title(page, 'Open your identity');
    await page.waitForSelector('button:has-text("Open with the passkey")');
    await lookAt(page, 'passkey-locked');
    await page.click('text=Open with the passkey');
    await title(page, 'Your identity is open');
    // What is written now is of a later revision, and both locks open it.
    await page.click('text=Set up another passkey');
    await page.waitForSelector('button:enabled:has-text("Set up another passkey")');
    await page.click('button:has-text("Lock")');
    await page.click('text=Open with the passkey');
    await title(page, 'Your identity is open');
    await page.click('button:has-text("Lock")');
    await unlock(page, PASSPHRASE);
    expect(wrong).toEqual([]);
    await page.context().close();
  }, 400_000);

  it('of another device, or a changed lock, opens nothing: the passphrase does', async () => {
    const { page, cdp, authenticatorId } = await openDevice(true);
    await page.click('text=Set up a passkey');
    await page.waitForSelector('text=A passkey opens this identity on this device', { timeout: 60_000 });
    await changeLock(page);
    await page.click('button:has-text("Lock")');
    await page.click('text=Open with the passkey');
    await failure(page, 'passkey/other');
    await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
    await page.click('text=Open with the passkey');
    await failure(page, 'passkey/refused');
    await unlock(page, PASSPHRASE);
    await page.context().close();
  }, 120_000);

  it('is neither made nor opens anything for whoever holds the device and shows no finger, face or PIN', async () => {
    const { page, cdp, authenticatorId } = await openDevice(true);
    const verify = (isUserVerified: boolean) =>
      cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    await page.click('text=Set up a passkey');
    await page.waitForSelector('text=A passkey opens this identity on this device', { timeout: 60_000 });
    const stored = await storedOn(page);
    await verify(false);
    await page.click('text=Set up another passkey');
    await failure(page, 'passkey/refused');
    expect(await storedOn(page)).toBe(stored);
    await page.click('button:has-text("Lock")');
    await page.click('text=Open with the passkey');
    await failure(page, 'passkey/refused');
    await title(page, 'Open your identity');
    await unlock(page, PASSPHRASE);
    await page.context().close();
  }, 400_000);

  it('is not promised where the device has no PRF: it is said, and the passphrase goes on opening', async () => {
    const { page } = await openDevice(false);
    await page.click('text=Set up a passkey');
    await failure(page, 'passkey/unsupported');
    await lookAt(page, 'passkey-unsupported');
    expect(await storedOn(page)).not.toContain('passkey');
    await page.click('button:has-text("Lock")');
    await title(page, 'Open your identity');
    expect(await page.locator('text=Open with the passkey').count()).toBe(0);
    await unlock(page, PASSPHRASE);
    await page.context().close();
  }, 120_000);

  /** Flips a bit of what the passkey has sealed. */
  async function changeLock(page: Page): Promise<void> {
    await page.evaluate(async (name) => {
      const opening = indexedDB.open('keyval-store');
      await new Promise((resolve) => (opening.onsuccess = resolve));
      const store = opening.result.transaction('keyval', 'readwrite').objectStore('keyval');
      const reading = store.get(name) as IDBRequest<{ passkey: { sealed: Uint8Array } }>;
      await new Promise((resolve) => (reading.onsuccess = resolve));
      reading.result.passkey.sealed[0]! ^= 1;
      const writing = store.put(reading.result, name);
      await new Promise((resolve) => (writing.onsuccess = resolve));
      opening.result.close();
    }, `urna-voter-${all.world.context.definitionHash}`);
  }
});
