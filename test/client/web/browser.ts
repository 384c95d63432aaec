import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const SHOTS = join(import.meta.dirname, '../../../build/screenshots');
/** WCAG 2.2 AA, and what axe holds good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1200, height: 900 } };
/** The narrowest screen that WCAG 1.4.10 asks for. */
export const PHONE: BrowserContextOptions = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true };

/** @param args - more of the browser's command line */
export function openBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', ...args] });
}

/** A browser that keeps what browsers keep in a folder, as a person's does. */
export function openProfile(folder: string): Promise<BrowserContext> {
  const options = { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'], locale: 'en-GB', ...DESKTOP };
  return chromium.launchPersistentContext(folder, options);
}

/** A page whose scripts' complaints, blocked requests among them, are collected: there should be none. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<{ page: Page; wrong: string[] }> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Paris', ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    // A status that a page asks about and handles (no results yet) is reported by the browser as well.
    const isStatus = /Failed to load resource.*status of 404/u.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isStatus) wrong.push(message.text());
  });
  return { page, wrong };
}

/** What axe finds wrong with the page as it is now, a line a finding. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules }), RULES);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

/** Looks at a page with all open that a visitor can open. All is as it was afterwards. */
async function unfolded<T>(page: Page, look: () => Promise<T>): Promise<T> {
  const set = (isOpen: boolean): Promise<void> =>
    page.evaluate((open) => {
      for (const each of document.querySelectorAll<HTMLDetailsElement>(open ? 'details:not([open])' : '.unfolded')) {
        each.open = open;
        each.classList.toggle('unfolded', open);
      }
    }, isOpen);
  await set(true);
  const found = await look();
  await set(false);
  return found;
}

/** What axe finds wrong, and whether anything is too wide, with all open that opens. */
function faults(page: Page): Promise<{ axe: string[]; tooWide: boolean }> {
  return unfolded(page, async () => ({ axe: await axeFindings(page), tooWide: await overflows(page) }));
}

/** Whether something is wider than the screen. */
export function overflows(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

/** Keeps a picture of the page for people to look at: build/screenshots. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

/** Lines of a page that hold a sentence: six words or more, and nothing but words. */
async function sentences(page: Page): Promise<string[]> {
  const text = await unfolded(page, () => page.innerText('body'));
  return text.split('\n').filter((line) => /^(?:[\p{L}’'-]+[\s.,:;!?–—]+){5,}[\p{L}’'-]+[\s.?!]*$/u.test(line.trim()));
}

/**
 * Looks at a view as it is, on both screens in each language, and leaves it as it was: nothing is too wide, and axe finds nothing, with all open that
 * opens; no sentence is the same in two languages, whatever was told before the language was chosen.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  for (const [screen, { viewport }] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    if (viewport) await page.setViewportSize(viewport);
    const read = new Set<string>();
    for (const language of ['ru', 'fr', 'en']) {
      await page.click(`button[lang=${language}]`);
      await page.waitForSelector(`html[lang=${language}]`);
      expect({ name, screen, language, tooWide: await overflows(page) }).toMatchObject({ tooWide: false });
      const tooWide = await unfolded(page, () => overflows(page));
      expect({ name, screen, language, unfolded: tooWide }).toMatchObject({ unfolded: false });
      const said = await sentences(page);
      expect({ name, language, untranslated: said.filter((line) => read.has(line)) }).toMatchObject({
        untranslated: [],
      });
      said.forEach((line) => read.add(line));
      await shoot(page, `${name}-${screen}-${language}`);
    }
    expect({ name, screen, ...(await faults(page)) }).toEqual({ name, screen, axe: [], tooWide: false });
  }
  if (DESKTOP.viewport) await page.setViewportSize(DESKTOP.viewport);
}

/**
 * Visits an address anew on both screens in each language, asked for in the address: nothing is logged, no other host is asked for
 * anything, nothing is too wide, axe finds nothing. Pictures are kept.
 *
 * @param ready - resolves when there is to be seen what is looked at
 */
export async function visitIn(
  browser: Browser,
  address: string,
  name: string,
  ready: (page: Page) => Promise<unknown>,
): Promise<void> {
  for (const [screen, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    const { page, wrong } = await openPage(browser, options);
    const { origin } = new URL(address);
    page.on('request', (request) => {
      const asked = new URL(request.url());
      if (asked.protocol !== 'data:' && asked.origin !== origin) wrong.push(`asks ${request.url()}`);
    });
    for (const language of ['en', 'fr', 'ru']) {
      await page.goto(`${address}${address.includes('?') ? '&' : '?'}lang=${language}`);
      await ready(page);
      expect(await overflows(page)).toBe(false);
      const found = { wrong, ...(await faults(page)) };
      const where = { name, screen, language };
      expect({ ...where, ...found }).toEqual({ ...where, wrong: [], axe: [], tooWide: false });
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      await shoot(page, `${name}-${screen}-${language}`);
    }
    await page.context().close();
  }
}
