import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { DESKTOP, openBrowser, openPage } from '../client/web/browser.ts';
import { cameraOf, filmOf } from '../client/web/film.ts';
import { PATIENCE, press, until } from './voting-page.ts';

/** A challenged ballot. */
export interface Challenged {
  /** Text of its opening. */
  readonly opening: string;
  /** Short form of its fingerprint, as it was shown before. */
  readonly noted: string;
  readonly contest: string;
  readonly option: string;
}

/**
 * On another device, the checker page sees the QR code through the camera and finds the noted fingerprint; what the ballot did not hold, damaged
 * text, and the fingerprint of another ballot it tells apart.
 *
 * @param look - takes the pictures
 */
export async function checkOnAnotherDevice(
  site: string,
  { opening, noted, contest, option }: Challenged,
  look: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'urna-camera-'));
  const film = join(folder, 'code.y4m');
  writeFileSync(film, filmOf(opening));
  const browser = await openBrowser(cameraOf(film));
  try {
    const { page, wrong } = await openPage(browser, DESKTOP);
    await page.goto(`${site}/check/?lang=en`);
    await press(page, 'Read the QR code with the camera');
    await page.waitForFunction(() => document.querySelector('textarea')?.value !== '', null, { timeout: PATIENCE });
    expect(await page.inputValue('#text')).toBe(opening);
    await page.fill('#noted', 'not a fingerprint');
    await press(page, 'Check');
    await page.waitForSelector('.wrong:has-text("usage/fingerprint")');
    await page.fill('#noted', noted);
    await press(page, 'Check');
    await until(page, 'It is the fingerprint that you noted');
    expect(await page.textContent('#checked ~ .vote')).toContain(option);
    await until(page, `What the ballot held: ${contest}`);
    await look(page, 'checked');
    // A device that encrypted something else than what it shows in the opening.
    const lie = opening.replace('"values":[1,0]', '"values":[0,1]');
    expect(lie).not.toBe(opening);
    await page.setInputFiles('#file', { name: 'ballot.json', mimeType: 'application/json', buffer: Buffer.from(lie) });
    await page.waitForFunction((text) => document.querySelector('textarea')?.value === text, lie);
    await press(page, 'Check');
    await until(page, 'It is NOT the fingerprint that you noted');
    await look(page, 'checked-other');
    for (const [text, code] of [
      [opening.slice(0, -9), 'opening/file'],
      [opening.replace('"values":[1,0]', '"values":[1,1]'), 'opening/rule'],
      [opening.replace(/"election":"0x.{6}/u, '"election":"0x000000'), 'opening/election'],
    ] as const) {
      await page.fill('#text', text);
      await press(page, 'Check');
      await page.waitForSelector(`.failure:has-text("${code}")`, { timeout: PATIENCE });
    }
    await page.setInputFiles('#file', { name: 'a.png', mimeType: 'image/png', buffer: await page.screenshot() });
    await page.waitForSelector('.wrong:has-text("checker/no-code")', { timeout: PATIENCE });
    expect(wrong).toEqual([]);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
