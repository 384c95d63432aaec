import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { newFolder } from '../cli/urna.ts';
import { DESKTOP, PHONE, axeFindings, openBrowser, openPage, overflows, shoot } from './browser.ts';
import { CONTESTS } from './forms-page/contests.ts';

const ROOT = join(import.meta.dirname, '../../..');
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const folder = join(newFolder(), 'forms');
let browser: Browser;
let server: Server;
let site: string;

beforeAll(async () => {
  const words = ['node_modules/tsx/dist/cli.mjs', 'test/client/web/forms-page/build.ts', folder];
  execFileSync(process.execPath, words, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const path = pathname === '/' ? '/index.html' : pathname;
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    try {
      response.end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser.close();
  server.close();
});

async function open(contest: string, options = DESKTOP, language = 'en'): Promise<Page> {
  const { page } = await openPage(browser, options);
  await page.goto(`${site}/?contest=${contest}&lang=${language}`);
  await page.waitForSelector('.ballot');
  return page;
}

const values = (page: Page): Promise<string | null> => page.textContent('output');

/** Fills a form in by keyboard alone, beginning before its first control. */
async function type(page: Page, keys: readonly string[]): Promise<void> {
  await page.evaluate(() => document.querySelector<HTMLElement>('legend')?.setAttribute('tabindex', '-1'));
  await page.focus('legend');
  for (const key of keys) await page.keyboard.press(key);
}

describe('ballot forms', () => {
  it.each(CONTESTS.map(({ id }) => id))(
    'of %s are without findings, and narrow enough, in all languages, also when something is wrong',
    async (id) => {
      for (const [screen, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
        for (const language of ['en', 'fr', 'ru']) {
          const page = await open(id, options, language);
          await page.click('main > button');
          await page.waitForSelector('[role=alert] .wrong, .ballot [role=status] .note');
          expect({ id, screen, language, tooWide: await overflows(page) }).toMatchObject({ tooWide: false });
          expect(await axeFindings(page)).toEqual([]);
          await shoot(page, `form-${id}-${screen}-${language}`);
          const small = await page.evaluate(() =>
            [...document.querySelectorAll('.ballot button, .ballot label:has(input)')]
              .filter((each) => each.getBoundingClientRect().height < 44)
              .map(({ outerHTML }) => outerHTML),
          );
          expect(small).toEqual([]);
          await page.context().close();
        }
      }
    },
    60_000,
  );

  it.each([
    ['single', ['Tab', 'Space', 'ArrowDown'], '0 1'],
    ['approval', ['Tab', 'Space', 'Tab', 'Tab', 'Space'], '1 0 1 0 0 0 0 0'],
    ['budget', ['Tab', 'Tab', 'Space', 'Tab', 'Space'], '0 1 1 0 0 0 0 0'],
    // The first "−" of an option cannot be pressed at 0: Tab goes to its number, then to its "+".
    ['score', ['Tab', 'Digit4', 'Tab', 'Enter'], '5 0 0 0 0 0 0 0'],
    ['cumulative', ['Tab', 'Tab', ...Array<string>(10).fill('Enter')], '10 0 0 0 0 0 0 0'],
    ['quadratic', ['Tab', 'Tab', ...Array<string>(5).fill('Space')], '4 0 0 0 0 0 0 0'],
  ])('of %s are filled in by keyboard alone', async (id, keys, expected) => {
    const page = await open(id);
    await type(page, keys);
    expect(await values(page)).toBe(expected);
    await page.context().close();
  });

  it.each(CONTESTS.map(({ id }) => id))('of %s leave nothing to the browser’s own memory of forms', async (contest) => {
    const page = await open(contest);
    const controls = page.locator('.ballot input, .ballot select, .ballot textarea');
    const kept = await controls.evaluateAll((all) => all.filter((each) => each.getAttribute('autocomplete') !== 'off'));
    expect(kept).toEqual([]);
    await page.context().close();
  });

  it('order by keyboard: adds, moves, takes out, and says each', async () => {
    const page = await open('ranking');
    const press = async (name: string): Promise<void> => {
      await page.focus(`button[aria-label="${name}"]`);
      await page.keyboard.press('Enter');
    };
    for (const name of ['Cy', 'Ada', 'Di']) await press(`Add ${name}`);
    expect(await values(page)).toBe('2 0 3 1 0 0 0 0');
    expect(await page.isDisabled('button[aria-label="Add Bo"]')).toBe(true);
    await press('Move Di up');
    expect(await page.textContent('.told')).toBe('Di is now in place 2.');
    await press('Take Cy out');
    expect(await page.textContent('.told')).toBe('Cy is no longer ranked.');
    await press('Add Bo');
    expect(await values(page)).toBe('2 1 0 3 0 0 0 0');
    expect(await page.locator('.vote li').allTextContents()).toEqual(['Di', 'Ada', 'Bo']);
    await page.context().close();
  });

  it('keep the focus where rows move and go: nobody has to look for it with the keyboard', async () => {
    const page = await open('ranking');
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName);
    const press = async (name: string): Promise<unknown> => {
      await page.keyboard.press('Enter');
      await page.waitForFunction((label) => document.activeElement?.getAttribute('aria-label') === label, name, {
        timeout: 10_000,
      });
      return focused();
    };
    await page.keyboard.press('Tab');
    for (let tabs = 0; (await focused()) !== 'Add Ada' && tabs < 20; tabs++) await page.keyboard.press('Tab');
    // To the next that can be added; after the last, to the one that was added.
    await press('Add Bo');
    await press('Add Cy');
    await press('Move Cy up');
    await press('Move Cy up');
    await press('Move Cy down');
    await press('Move Cy down');
    await press('Move Cy up');
    expect(await values(page)).toBe('3 2 1 0 0 0 0 0');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Take Cy out');
    await press('Take Bo out');
    await press('Take Ada out');
    await press('Add Ada');
    expect(await page.locator('.ranking .handle').count()).toBe(0);
    await page.context().close();
  });

  it('order by dragging', async () => {
    const page = await open('ranking');
    for (const name of ['Cy', 'Ada', 'Di']) await page.click(`button[aria-label="Add ${name}"]`);
    const handle = page.locator('.ranking .handle');
    const [from, to] = [await handle.nth(2).boundingBox(), await handle.nth(0).boundingBox()];
    await page.mouse.move(from!.x + 5, from!.y + 5);
    await page.mouse.down();
    await page.mouse.move(to!.x + 5, to!.y + 2, { steps: 8 });
    await page.mouse.up();
    expect(await values(page)).toBe('1 0 2 3 0 0 0 0');
    await page.context().close();
  });

  it('name a number that is too large or none, and keep what was typed', async () => {
    const page = await open('score');
    await page.fill('#amount-red', '6');
    expect(await page.textContent('#amount-red-wrong')).toBe('A whole number from 0 to 5');
    expect(await values(page)).toBe('not valid');
    await page.fill('#amount-red', '3');
    await page.fill('#amount-green', '-1');
    expect([await page.inputValue('#amount-green'), await values(page)]).toEqual(['-1', '3 0 0 0 0 0 0 0']);
    await page.context().close();
  });

  it('say what is missing only when the voter goes on, what is too much at once, and what is unused without stopping anybody', async () => {
    const page = await open('approval');
    expect(await page.locator('[role=alert] .wrong').count()).toBe(0);
    await page.click('main > button');
    expect(await page.textContent('[role=alert]')).toBe('Nothing is chosen yet.');
    for (const name of ['Albers', 'Bianchi', 'Cohen']) await page.check(`label:has-text("${name}") input`);
    expect(await page.textContent('.sum')).toBe('Given: 3. That is 1 too much.');
    await page.uncheck('label:has-text("Bianchi") input');
    await page.uncheck('label:has-text("Cohen") input');
    expect(await page.textContent('.ballot > div[role=status]')).toContain('You could give more (1 left)');
    expect(await values(page)).toBe('1 0 0 0 0 0 0 0');
    await page.context().close();
  });

  it('take a blank vote where there is one, and take it back', async () => {
    const page = await open('single');
    await page.check('label:has-text("Yes") input');
    await page.check('.blank input');
    expect([await values(page), await page.textContent('.vote')]).toEqual(['0 0', 'A blank vote']);
    await page.check('label:has-text("No") input');
    expect([await page.isChecked('.blank input'), await values(page)]).toEqual([false, '0 1']);
    await page.context().close();
    const without = await open('approval');
    expect(await without.locator('.blank').count()).toBe(0);
    await without.context().close();
  });
});
