import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { DESKTOP, openPage } from '../client/web/browser.ts';
import { PATIENCE, encrypt, press, until, untilTitle } from './voting-page.ts';

const PASSPHRASE = 'correct horse battery';

/** Somebody with a letter makes an identity and registers with it, while registration is open. @returns the page, left open */
export async function register(browser: Browser, site: string, letter: string, district: string): Promise<Page> {
  const { page } = await openPage(browser, DESKTOP);
  await page.goto(`${site}/vote/?lang=en`);
  await page.click('text=I have a letter', { timeout: PATIENCE });
  await untilTitle(page, 'Your letter');
  await page.fill('#code', /^ +([0-9A-Z-]{20,})$/mu.exec(readFileSync(letter, 'utf8'))?.[1] ?? '');
  await page.selectOption('#district', { label: district });
  await page.click('button[type=submit]');
  await untilTitle(page, 'You can register');
  await press(page, 'Make a new identity');
  await untilTitle(page, 'Write down your 24 words');
  const words = await page.locator('.words li').allTextContents();
  await press(page, 'I have written them down');
  await untilTitle(page, 'Three of your words');
  for (const id of await page.locator('.field input').evaluateAll((inputs) => inputs.map(({ id: name }) => name)))
    await page.fill(`#${id}`, words[Number(id.slice('word-'.length)) - 1] ?? '');
  await page.click('button[type=submit]');
  await untilTitle(page, 'A passphrase');
  for (const id of ['passphrase', 'again']) await page.fill(`#${id}`, PASSPHRASE);
  await page.click('button[type=submit]');
  await untilTitle(page, 'Your identity is open');
  await press(page, 'Register');
  await until(page, 'Registered. The registrar’s signed receipt');
  return page;
}

/** The same person, whose page was left open, votes: it notices that voting is open when the device is connected again, at the latest a minute after. */
export async function firstVote(page: Page, contest: string, option: string): Promise<void> {
  expect(await page.locator(`button[aria-label$="${contest}"]`).count()).toBe(0);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.click(`button[aria-label$="${contest}"]`, { timeout: PATIENCE });
  await untilTitle(page, 'Your ballot');
  await page.check(`label:has-text("${option}") input`);
  await press(page, 'Continue');
  const shown = await encrypt(page);
  await press(page, 'Cast this ballot');
  await until(page, 'On the chain, in block');
  expect(await page.textContent('.kept')).toContain(shown);
  await page.context().close();
}
