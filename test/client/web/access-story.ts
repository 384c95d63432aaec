import { expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { definitionHash } from '../../../protocol/definition/decode.ts';
import { PATIENCE, until, untilTitle } from '../../e2e/voting-page.ts';
import { DESKTOP, PHONE, openPage, overflows } from './browser.ts';
import { PASSPHRASE, placeVault } from './voting-world.ts';
import type { VotingWorld } from './voting-world.ts';

/** Presses of the tabulator after which what is looked for is not there. */
const MOST_TABS = 80;
/** A page of twice the size: the pixels of a page are half as many then (WCAG 1.4.4 with a browser's zoom). */
const ZOOMED = { width: DESKTOP.viewport!.width / 2, height: DESKTOP.viewport!.height / 2 };

/** What has the focus, and what a person sees of that. */
interface Focused {
  readonly name: string;
  /** In the ballot's form. */
  readonly isChoice: boolean;
  readonly isMarked: boolean;
  readonly isInSight: boolean;
}

function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { top, bottom } = element.getBoundingClientRect();
    return {
      name: element.id || (element.getAttribute('aria-label') ?? element.textContent ?? '').trim(),
      isChoice: element.matches('.ballot input'),
      isMarked: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
      isInSight: bottom > 0 && top < innerHeight,
    };
  });
}

/** Goes on with the tabulator to what has this name; each stop is marked and in sight (WCAG 2.4.7, 2.4.11). */
async function tabTo(page: Page, isIt: (at: Focused) => boolean): Promise<void> {
  const passed: string[] = [];
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    passed.push(at.name);
    if (at.name !== '') expect(at).toMatchObject({ isMarked: true });
    // It may have to be scrolled to, which takes its time.
    while (at.name !== '' && !(await focused(page)).isInSight) await page.waitForTimeout(100);
    if (isIt(at)) return;
  }
  throw new Error(`the tabulator passes ${passed.join(', ')}`);
}

const named =
  (text: string) =>
  ({ name }: Focused): boolean =>
    name.includes(text);

/** Texts and controls that do not come in the order in which they are seen, from above and from the left; a screen reader reads them as they come. */
function disorder(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isSaid = (element: Element): boolean =>
      element.matches('input, select, textarea, button') ||
      [...element.childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent?.trim() !== '');
    const places = [...document.querySelectorAll('main *')]
      .filter((element) => isSaid(element) && element.checkVisibility())
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      // What is there for readers only has a pixel.
      .filter(({ box }) => box.width > 1 && box.height > 1);
    const label = ({ element }: (typeof places)[0]): string => (element.textContent || element.id).slice(0, 40);
    return places.slice(1).flatMap((later, i) => {
      const before = places[i]!;
      const isAbove = later.box.bottom <= before.box.top + 1;
      const isBeside = later.box.top < before.box.bottom - 1 && later.box.bottom > before.box.top + 1;
      const isLeft = isBeside && later.box.right <= before.box.left + 1;
      return isAbove || isLeft ? [`${label(later)} after ${label(before)}`] : [];
    });
  });
}

/** Boxes whose content is larger than they are and cannot be scrolled to. */
function cut(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element);
        const hides = [overflowX, overflowY].some((each) => each === 'hidden' || each === 'clip');
        const { clientWidth, clientHeight, scrollWidth, scrollHeight } = element;
        const isLarger = scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;
        return hides && isLarger && clientWidth > 1 && element.checkVisibility();
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 80)),
  );
}

/** A view twice as large, by the browser's zoom and by the text's size alone, and its order on a telephone; all is as it was afterwards. */
async function looksRight(page: Page, view: string): Promise<void> {
  const found = async () => ({ tooWide: await overflows(page), cut: await cut(page) });
  const fine = { tooWide: false, cut: [] };
  await page.setViewportSize(ZOOMED);
  expect({ view, zoomed: await found() }).toEqual({ view, zoomed: fine });
  await page.setViewportSize(DESKTOP.viewport!);
  const setText = (size: string): Promise<unknown> =>
    page.evaluate((each) => (document.documentElement.style.fontSize = each), size);
  // Twice the page's own 1.0625.
  await setText('212.5%');
  expect({ view, largeText: await found() }).toEqual({ view, largeText: fine });
  await setText('');
  await page.setViewportSize(PHONE.viewport!);
  expect({ view, disorder: await disorder(page) }).toEqual({ view, disorder: [] });
  await page.setViewportSize(DESKTOP.viewport!);
}

/** Buttons that nothing tells from text where a person's own colours take the place of ours. */
function withoutEdge(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button')]
      .filter((button) => button.checkVisibility())
      .filter((button) => {
        const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(button);
        return borderTopStyle === 'none' || parseFloat(borderTopWidth) === 0 || borderTopColor === backgroundColor;
      })
      .map((button) => button.textContent),
  );
}

/** Of a page that is open: nothing moves for who wants no motion, and in a person's own colours buttons keep an edge and what has the focus a mark. */
async function ownSettings(page: Page): Promise<void> {
  const moves = () =>
    page.evaluate(() => ({
      scroll: getComputedStyle(document.documentElement).scrollBehavior,
      running: document.getAnimations().filter(({ playState }) => playState === 'running').length,
    }));
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect((await moves()).scroll).toBe('smooth');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await moves()).toEqual({ scroll: 'auto', running: 0 });
  await page.emulateMedia({ reducedMotion: null, forcedColors: 'active' });
  expect(await withoutEdge(page)).toEqual([]);
  await page.keyboard.press('Tab');
  expect(await focused(page)).toMatchObject({ isMarked: true });
  await page.emulateMedia({ forcedColors: null });
}

/** Voter `index` opens the identity, votes and casts with the keyboard alone, and each view on the way is looked at. */
export async function byKeyboard(browser: Browser, all: VotingWorld, index: number): Promise<void> {
  const { page, wrong } = await openPage(browser, DESKTOP);
  const type = (key: string): Promise<void> => page.keyboard.press(key);
  await page.goto(`${all.site}/?lang=en`);
  await placeVault(page, definitionHash(all.world.made.definition), all.identity(index));
  await page.goto(`${all.site}/vote/?lang=en`);
  await untilTitle(page, 'Open your identity');
  await looksRight(page, 'locked');
  await tabTo(page, named('passphrase'));
  await page.keyboard.type(PASSPHRASE);
  await type('Enter');
  await untilTitle(page, 'Your identity is open');
  await looksRight(page, 'open');
  await ownSettings(page);
  await tabTo(page, named('Question'));
  await type('Enter');
  await untilTitle(page, 'Your ballot');
  await looksRight(page, 'ballot');
  await tabTo(page, named('To all contests'));
  await type('Enter');
  await untilAtContest(page);
  await tabTo(page, named('Question'));
  await type('Enter');
  await untilTitle(page, 'Your ballot');
  await tabTo(page, ({ isChoice }) => isChoice);
  await type('Space');
  await tabTo(page, named('Continue'));
  await type('Enter');
  await untilTitle(page, 'Check your vote');
  await page.waitForSelector('button:has-text("Encrypt my vote"):not([disabled])', { timeout: PATIENCE });
  await looksRight(page, 'review');
  await tabTo(page, named('Encrypt my vote'));
  await type('Enter');
  await untilTitle(page, 'Cast or challenge');
  await looksRight(page, 'decision');
  await tabTo(page, named('Cast this ballot'));
  await type('Enter');
  await until(page, 'Your ballot is cast');
  await untilAtContest(page);
  await looksRight(page, 'cast');
  expect(wrong).toEqual([]);
  await page.context().close();
}

/** Back from a paper, who has only the keyboard goes on where that contest stands in the list. */
async function untilAtContest(page: Page): Promise<void> {
  await page.waitForFunction(() => document.activeElement?.id === 'contest-0', undefined, { timeout: PATIENCE });
}
