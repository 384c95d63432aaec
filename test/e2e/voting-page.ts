import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Longest that a step of the page may take on a busy machine, in milliseconds. */
export const PATIENCE = 180_000;

export const untilTitle = (page: Page, text: string) =>
  page.waitForSelector(`h1:has-text("${text}")`, { timeout: PATIENCE });
export const until = (page: Page, text: string) => page.waitForSelector(`text=${text}`, { timeout: PATIENCE });
export const press = (page: Page, name: string) => page.click(`button:has-text("${name}")`, { timeout: PATIENCE });

/** Opens an identity that a command has made, from its encrypted file, on a device that has never seen it. */
export async function restore(page: Page, site: string, voter: { readonly folder: string; readonly district: string }) {
  const passphrase = readFileSync(join(voter.folder, 'passphrase'), 'utf8').trim();
  await page.goto(`${site}/vote/?lang=en`);
  await page.click('text=I have backup words', { timeout: PATIENCE });
  await page.click('text=A backup file');
  await page.selectOption('#district', { label: voter.district });
  await page.setInputFiles('#file', join(voter.folder, 'identity.age'));
  await page.fill('#file-passphrase', passphrase);
  await page.click('button[type=submit]');
  await untilTitle(page, 'A passphrase');
  await page.fill('#passphrase', passphrase);
  await page.fill('#again', passphrase);
  await page.click('button[type=submit]');
  await untilTitle(page, 'Your identity is open');
}

/** From the list of contests to the shown fingerprint. @param fill - fills the form in @returns the short form */
export async function prepare(page: Page, contest: string, fill: () => Promise<void>): Promise<string> {
  await page.click(`button[aria-label$="${contest}"]`, { timeout: PATIENCE });
  await untilTitle(page, 'Your ballot');
  await fill();
  await press(page, 'Continue');
  await untilTitle(page, 'Check your vote');
  return encrypt(page);
}

/** From the review to the shown fingerprint. */
export async function encrypt(page: Page): Promise<string> {
  await page.click('button:has-text("Encrypt my vote"):not([disabled])', { timeout: PATIENCE });
  await untilTitle(page, 'Cast or challenge');
  return (await page.textContent('.short-form')) ?? '';
}
