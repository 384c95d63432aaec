import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { Json } from '../../../protocol/canonical-json.ts';
import { parseServerUrl } from '../../../client/http/server-url.ts';
import { fetchStanding } from '../../../client/http/registrar.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import { decodeWords } from '../../../protocol/identity/words.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { KEYS } from '../../../server/eligibility/store/keys.ts';
import { startSecondFactor } from '../../server/eligibility/start-provider.ts';
import { CODE, bodyOf } from '../../server/eligibility/world.ts';
import { DESKTOP, lookAt, openBrowser, openPage } from './browser.ts';
import { startHosts } from './hosts.ts';
import type { Hosts } from './hosts.ts';
import { enterLetter, makeIdentity, title, unlock } from './voter-steps.ts';
import { openVoterWorld } from './voter-world.ts';
import type { VoterWorld } from './voter-world.ts';

const WEB = join(import.meta.dirname, '../../../dist/web');
const PASSPHRASE = 'correct horse battery';
/** Milliseconds after which something hangs: far above what a loaded machine takes. */
const PATIENCE = 120_000;
/** Pages and registrar at hosts of one site, as SameSite counts; the third is another site's, the fourth nobody has configured. */
const PAGES = 'https://vote.urna.test';
const REGISTRAR = 'https://registrar.urna.test';
const ELSEWHERE = 'https://vote.elsewhere.test';
const STRANGER = 'https://stranger.urna.test';
const CALLBACK = `${REGISTRAR}/v1/oidc/callback`;
const REGISTRATIONS = `${REGISTRAR}/v1/registrations`;

let hosts: Hosts;
let all: VoterWorld;
let provider: ChildProcess;
let browser: Browser;

beforeAll(async () => {
  hosts = await startHosts(mkdtempSync(join(tmpdir(), 'urna-hosts-')));
  all = await openVoterWorld(WEB, {
    change: (definition) => (definition['assurance'] = 'two-office'),
    registrar: REGISTRAR,
    settings: async (world) => {
      const factor = await startSecondFactor(world, CALLBACK, ['anna', 'bert']);
      provider = factor.process;
      return { ...factor.settings, origins: [PAGES, ELSEWHERE], oidcReturnUrl: `${PAGES}/vote/` };
    },
  });
  const pages = Number(new URL(all.url).port);
  for (const name of [PAGES, ELSEWHERE, STRANGER]) hosts.ports.set(new URL(name).host, pages);
  hosts.ports.set(new URL(REGISTRAR).host, Number(new URL(all.registrarUrl).port));
  browser = await openBrowser(hosts.args);
}, 300_000);
afterAll(async () => {
  await browser.close();
  provider.kill('SIGKILL');
  await all.close();
  await hosts.close();
  await terminate();
});

const look = (page: Page, name: string): Promise<void> => lookAt(page, `login-${name}`);

async function arrive(): Promise<{ page: Page; wrong: string[] }> {
  const opened = await openPage(browser, DESKTOP);
  opened.page.setDefaultTimeout(PATIENCE);
  await opened.page.goto(`${PAGES}/vote/?lang=en`);
  await title(opened.page, 'Vote');
  await opened.page.click('text=I have a letter');
  await enterLetter(opened.page, CODE);
  return opened;
}

const failure = (page: Page, code: string) =>
  page.waitForSelector(`.failure:has-text("${code}")`, { timeout: PATIENCE });
const registerButton = (page: Page) => page.click('button:text-is("Register")');
const standingOfLetter = () => fetchStanding(parseServerUrl(all.registrarUrl), all.world.voter(0, 0).key);

/** From the open identity to the provider's form. @returns the address to which the registrar has sent the browser */
async function goToLogin(page: Page): Promise<string> {
  await registerButton(page);
  const asked = page.waitForRequest((request) => new URL(request.url()).searchParams.has('nonce'));
  await page.click('text=Go to the login');
  const login = (await asked).url();
  await page.waitForSelector('input[name=login]', { timeout: PATIENCE });
  return login;
}

/** Fills in the provider's forms as somebody. */
async function logInAs(page: Page, name: string): Promise<void> {
  await page.fill('input[name=login]', name);
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
  await page.click('button:has-text("Continue")');
}

describe('a voter of an election with two offices', () => {
  let page: Page;
  let words: string;

  it('is told of the login before an identity is made, and where it leads before the page is left', async () => {
    ({ page } = await arrive());
    await title(page, 'You can register');
    await page.waitForSelector('text=This election also asks for a login');
    await look(page, 'standing');
    words = await makeIdentity(page, PASSPHRASE);
    await registerButton(page);
    await page.waitForSelector('h3:has-text("Log in to finish")', { timeout: PATIENCE });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Log in to finish');
    expect(await page.textContent('strong.address')).toMatch(/^127\.0\.0\.1:\d+$/u);
    await look(page, 'where');
    await page.click('button:has-text("Cancel")');
    expect(await standingOfLetter()).toEqual({ state: 'none' });
  }, 300_000);

  it.each([
    // For another commitment than the own one.
    ['second-factor/nonce', (login: URL) => login.searchParams.set('nonce', 'f'.repeat(64))],
    ['second-factor/nonce', (login: URL) => login.searchParams.append('nonce', 'f'.repeat(64))],
  ])(
    'is not sent to a login that is for somebody else (%s)',
    async (code, change) => {
      sendTo((login) => {
        change(login);
        return login.href;
      });
      await registerButton(page);
      await failure(page, code);
      expect(await page.locator('text=Go to the login').count()).toBe(0);
      hosts.lie = undefined;
    },
    60_000,
  );

  it('is not sent to an address that would run in the page', async () => {
    sendTo((login) => `javascript:document.title='run'//?${login.searchParams.toString()}`);
    await registerButton(page);
    await failure(page, 'second-factor/login');
    hosts.lie = undefined;
  }, 300_000);

  /** The registrar sends browsers elsewhere to log in. */
  function sendTo(change: (login: URL) => string): void {
    hosts.lie = (answer, { method, path }) => {
      if (method !== 'POST' || path !== new URL(REGISTRATIONS).pathname) return answer;
      return { login: change(new URL(String(answer['login']))) };
    };
  }

  it('who cancels the login comes back, is told so, and can begin again', async () => {
    await goToLogin(page);
    await page.click('a:has-text("Cancel")');
    await title(page, 'Open your identity');
    await failure(page, 'second-factor/refused');
    expect(new URL(page.url()).hash).toBe('');
    await look(page, 'refused');
    await unlock(page, PASSPHRASE);
    // Nothing stands in the register: why not, the way back has said.
    await failure(page, 'second-factor/refused');
    await page.reload();
    await unlock(page, PASSPHRASE);
    await failure(page, 'second-factor/unfinished');
  }, 300_000);

  it('who is not eligible is told so', async () => {
    await goToLogin(page);
    await logInAs(page, 'mallory');
    await failure(page, 'second-factor/not-eligible');
    await unlock(page, PASSPHRASE);
    expect(await standingOfLetter()).toEqual({ state: 'none' });
  }, 300_000);

  it('whose login took too long is told so', async () => {
    const state = new URL(await goToLogin(page)).searchParams.get('state')!;
    await all.eligibility.eligibility.register.redis.expire(`${KEYS.login}${state}`, 0);
    await logInAs(page, 'bert');
    await failure(page, 'second-factor/state');
    await unlock(page, PASSPHRASE);
  }, 300_000);

  it('has a stranger sent to the same login register nothing: it belongs to the browser that began it', async () => {
    const login = await goToLogin(page);
    const other = await openPage(browser, DESKTOP);
    await other.page.goto(login);
    await logInAs(other.page, 'bert');
    await title(other.page, 'Vote');
    await failure(other.page, 'second-factor/browser');
    await look(other.page, 'other-browser');
    expect(await standingOfLetter()).toEqual({ state: 'none' });
    await other.page.context().close();
  }, 300_000);

  it('comes back from the login to a registration whose receipt is checked, and kept', async () => {
    await logInAs(page, 'anna');
    await title(page, 'Open your identity');
    expect(new URL(page.url()).hash).toBe('');
    await page.waitForSelector('text=You have logged in. Open your identity now');
    await look(page, 'returned');
    const { commitment } = createIdentity(decodeWords(words));
    const standing = await standingOfLetter();
    expect(standing).toMatchObject({ state: 'registered', sequence: 1, commitment: wordHex(commitment) });
    // A registrar that has signed another receipt than it should.
    hosts.lie = (answer) => {
      const { statement, signature } = (answer['receipt'] ?? {}) as Record<string, Record<string, number>>;
      if (statement === undefined) return answer;
      return {
        ...answer,
        receipt: { signature, statement: { ...statement, time: Number(statement['time']) + 1 } },
      } as Json;
    };
    await unlock(page, PASSPHRASE);
    await failure(page, 'receipt/signature');
    hosts.lie = undefined;
    // The registration is there: no second login is asked for.
    await registerButton(page);
    await page.waitForSelector('text=Registered. The registrar’s signed receipt', { timeout: PATIENCE });
    await page.reload();
    await unlock(page, PASSPHRASE);
    await page.waitForSelector('text=Registered. The registrar’s signed receipt', { timeout: PATIENCE });
    await page.context().close();
  }, 300_000);
});

describe('the cookie of a login', () => {
  /** Registers from a page of `origin`, as another voter would. @returns names of cookies that the browser then has, or why it may not */
  async function cookiesAfter(origin: string): Promise<string[] | string> {
    const { page } = await openPage(browser, DESKTOP);
    await page.goto(`${origin}/`);
    const body = JSON.stringify({ ...bodyOf(all.world.sign(all.world.voter(0, 1))), salt: wordHex(5n) });
    const status = await page.evaluate(
      ([url, text]) =>
        fetch(url, {
          ...{ method: 'POST', body: text, credentials: 'include', headers: { 'content-type': 'application/json' } },
        }).then(
          (response) => response.status,
          () => 'refused',
        ),
      [REGISTRATIONS, body] as const,
    );
    const cookies = await page.context().cookies(REGISTRAR);
    await page.context().close();
    return status === 202 ? cookies.map(({ name }) => name) : String(status);
  }

  it('is kept for pages of the registrar’s own site, on whatever host', async () => {
    expect(await cookiesAfter(PAGES)).toEqual(['__Host-urna-login']);
  });

  it('is not kept for pages of another site: OPERATIONS says where pages have to be', async () => {
    expect(await cookiesAfter(ELSEWHERE)).toEqual([]);
  });

  it('is not given to pages that are not configured, be they of the same site', async () => {
    expect(await cookiesAfter(STRANGER)).toBe('refused');
  });
});

describe('a voter whose provider is away', () => {
  it('is told so, and what was registered stands', async () => {
    const before = await standingOfLetter();
    const { page } = await arrive();
    await title(page, 'An identity is registered with this code');
    await makeIdentity(page, PASSPHRASE);
    await registerButton(page);
    await failure(page, 'registration/other');
    await page.click('text=Replace the other identity');
    await page.click('text=Go to the login');
    await page.waitForSelector('input[name=login]', { timeout: PATIENCE });
    // It dies once the browser has its answer, and before the registrar has asked it.
    hosts.arrived = async (path) => {
      if (!path.startsWith(new URL(CALLBACK).pathname) || provider.exitCode !== null) return;
      provider.kill('SIGKILL');
      await once(provider, 'exit');
    };
    await logInAs(page, 'anna');
    await title(page, 'Open your identity');
    await failure(page, 'second-factor/provider');
    await unlock(page, PASSPHRASE);
    await failure(page, 'second-factor/provider');
    expect(await standingOfLetter()).toEqual(before);
    await page.context().close();
  }, 300_000);
});
