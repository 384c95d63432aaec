import { expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { DESKTOP, axeFindings, openPage } from './browser.ts';

const TOO_OLD = 'text=ce navigateur est trop ancien';

/** What a browser may lack though it runs our scripts: each by a script that takes it away before the page begins. */
const LACKING: Readonly<Record<string, () => void>> = {
  'module workers': () => {
    const Own = Worker;
    // An old browser ignores the option without looking at it.
    function Old(address: string): Worker {
      return new Own(address);
    }
    Reflect.set(globalThis, 'Worker', Old);
  },
  DecompressionStream: () => void Reflect.deleteProperty(globalThis, 'DecompressionStream'),
  WebAssembly: () => void Reflect.deleteProperty(globalThis, 'WebAssembly'),
  BigInt64Array: () => void Reflect.deleteProperty(globalThis, 'BigInt64Array'),
};

/** A browser that cannot read the scripts, or lacks what their work needs, is named before anything is typed; what needs none of it is shown. */
export async function oldBrowsers(browser: Browser, url: string): Promise<void> {
  const { page } = await openPage(browser, DESKTOP);
  await page.route('**/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: 'not a script {' }));
  await page.goto(url);
  await page.waitForSelector(TOO_OLD, { state: 'visible' });
  await page.unroute('**/*.js');
  await page.reload();
  await page.waitForSelector('.hash');
  expect(await page.locator('.not-started').count()).toBe(0);
  await page.context().close();
  for (const [what, takeAway] of Object.entries(LACKING)) {
    const { page: old } = await openPage(browser, DESKTOP);
    await old.addInitScript(takeAway);
    for (const path of ['vote/', 'check/', 'observe/']) {
      await old.goto(`${url}/${path}?lang=en`);
      // Loaded, and some time to begin in, if it did.
      await old.waitForLoadState('load');
      await old.waitForTimeout(1_000);
      await old.waitForSelector(TOO_OLD, { state: 'visible' });
      expect([what, path, await old.locator('h1').count()]).toEqual([what, path, 0]);
    }
    await old.context().close();
  }
}

/** Without a connection a page says that, and not that a service is gone; connected again, it goes on. */
export async function offlinePages(browser: Browser, url: string): Promise<void> {
  const arrivals: Readonly<Record<string, string>> = { 'vote/': '.voter h1', 'results/': 'main h1' };
  for (const [path, arrived] of Object.entries(arrivals)) {
    const { page } = await openPage(browser, DESKTOP);
    await page.route('**/v1/**', (route) => route.abort());
    await page.goto(`${url}/${path}?lang=en`);
    await page.waitForSelector('.failure:has-text("server/unreachable")');
    expect(await page.locator('.failure:has-text("You are offline")').count()).toBe(0);
    await page.unroute('**/v1/**');
    await page.context().setOffline(true);
    await page.click('[role=alert] button');
    await page.waitForSelector('.failure:has-text("You are offline. This page goes on once you are connected again.")');
    expect(await axeFindings(page)).toEqual([]);
    // By itself.
    await page.context().setOffline(false);
    await page.waitForSelector(arrived);
    await page.waitForFunction(() => document.querySelector('.failure') === null);
    await page.context().close();
  }
}

/** A worker that gets no memory: the browser throws a RangeError where it asks for some. */
export async function withoutMemory(browser: Browser, url: string): Promise<void> {
  const { page } = await openPage(browser, DESKTOP);
  const refuse = `WebAssembly.Memory = class { constructor() { throw new RangeError('could not allocate memory'); } };`;
  await page.route('**/worker-*.js', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `${refuse}\n${await answer.text()}` });
  });
  await page.goto(`${url}/observe/?lang=en`);
  await page.click('button[type=submit]');
  await page.waitForSelector('.failure:has-text("device/memory")', { timeout: 60_000 });
  expect(await page.textContent('.failure')).toContain('This device has too little memory for it');
  await page.context().close();
}
