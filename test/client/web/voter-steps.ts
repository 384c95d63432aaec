import type { Page } from 'playwright-core';

// What a voter does on the page, step by step.

export const title = (page: Page, text: string) => page.waitForSelector(`h1:has-text("${text}")`, { timeout: 120_000 });
export const wrongIn = async (page: Page): Promise<string> =>
  (await page.textContent('.wrong', { timeout: 120_000 })) ?? '';

export async function enterLetter(page: Page, code: string): Promise<void> {
  await page.fill('#code', code);
  await page.selectOption('#district', '0');
  await page.click('button[type=submit]');
}

export async function choosePassphrase(page: Page, first: string, second = first): Promise<void> {
  await page.fill('#passphrase', first);
  await page.fill('#again', second);
  await page.click('button[type=submit]');
}

/** From a letter's standing to an open identity. @returns its words */
export async function makeIdentity(page: Page, passphrase: string): Promise<string> {
  await page.click('text=Make a new identity');
  await title(page, 'Write down your 24 words');
  const words = await page.locator('.words li').allTextContents();
  await page.click('text=I have written them down');
  await title(page, 'Three of your words');
  const asked = await page.locator('.field input').evaluateAll((inputs) => inputs.map(({ id }) => id));
  for (const id of asked) await page.fill(`#${id}`, words[Number(id.slice(5)) - 1]!);
  await page.click('button[type=submit]');
  await title(page, 'A passphrase');
  await choosePassphrase(page, passphrase);
  await title(page, 'Your identity is open');
  return words.join(' ');
}

export async function unlock(page: Page, passphrase: string): Promise<void> {
  await title(page, 'Open your identity');
  await page.fill('#passphrase', passphrase);
  await page.click('button[type=submit]');
  await title(page, 'Your identity is open');
}
