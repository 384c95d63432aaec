import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { terminate } from '../../../protocol/math/groth16.ts';
import { prepare, press, until, untilTitle } from '../../e2e/voting-page.ts';
import { DESKTOP, lookAt, openBrowser, openPage } from './browser.ts';
import type { VotingWorld } from './voting-world.ts';
import { openVotingWorld } from './voting-world.ts';

const WEB = join(import.meta.dirname, '../../../dist/web');
const QUESTION = 'Question';

let all: VotingWorld;
let browser: Browser;
beforeAll(async () => {
  expect(existsSync(join(WEB, 'vote/index.html'))).toBe(true);
  all = await openVotingWorld(WEB, 8);
  browser = await openBrowser();
}, 300_000);
afterAll(async () => {
  await browser.close();
  await all.close();
  await terminate();
});

/** A voter whose identity is open in a browser of its own; `posts` are what boxes were asked to take. */
async function open(index: number): Promise<{ page: Page; wrong: string[]; posts: string[] }> {
  const { page, wrong } = await openPage(browser, DESKTOP);
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(request.url());
  });
  await all.open(page, index);
  return { page, wrong, posts };
}

const choose = (page: Page, option: string) => () => page.check(`label:has-text("${option}") input`);
/** The page looks where the election stands now, not within a minute. */
const lookNow = async (page: Page): Promise<void> => {
  // It has looked less than five seconds ago otherwise.
  await page.waitForTimeout(5_500);
  await page.evaluate(() => dispatchEvent(new Event('online')));
};

describe('a voter when voting closes', () => {
  it('is told so wherever the paper is, at the proof, too; is offered no other, and nothing goes to a box', async () => {
    const proving = await open(0);
    await prepare(proving.page, QUESTION, choose(proving.page, 'yes'));
    const filling = await open(1);
    await filling.page.click(`button[aria-label$="${QUESTION}"]`);
    await until(filling.page, 'Your slot is empty');
    const challenged = await open(2);
    await prepare(challenged.page, QUESTION, choose(challenged.page, 'no'));
    await press(challenged.page, 'Challenge it');
    await untilTitle(challenged.page, 'This ballot has been opened');
    // Whose page cannot learn that it is over: the box says so.
    const late = await open(3);
    await prepare(late.page, QUESTION, choose(late.page, 'yes'));
    await late.page.route('**/v1/election', (route) => route.abort());
    await proving.page.route('**/v1/artifacts/**', () => undefined);
    await press(proving.page, 'Cast this ballot');
    await until(proving.page, 'The ballot is being proved valid');

    await all.passTo(all.world.made.definition.times.closesAt);
    for (const { page } of [proving, filling, challenged]) await lookNow(page);
    for (const { page, posts } of [proving, filling]) {
      await untilTitle(page, `Voting is over: ${QUESTION}`);
      await until(page, 'It was handed in nowhere');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('paper');
      expect(page.workers()).toEqual([]);
      expect(posts).toEqual([]);
    }
    await lookAt(proving.page, 'ballot-over');
    await press(proving.page, 'To all contests');
    await until(proving.page, 'the last ballots are still being put on the chain');
    expect(await proving.page.locator(`button[aria-label$="${QUESTION}"]`).count()).toBe(0);
    await lookAt(proving.page, 'ballot-grace');
    // What a challenged ballot held can still be checked; another one cannot be made.
    expect(await challenged.page.locator('button:has-text("Download the opened ballot")').count()).toBe(1);
    expect(await challenged.page.locator('button:has-text("Prepare the ballot again")').count()).toBe(0);
    await press(late.page, 'Cast this ballot');
    await until(late.page, 'Not counted: voting was over when the ballot arrived');
    expect(late.posts).toEqual([`${all.box}/v1/updates`]);
    for (const { page } of [proving, filling, challenged, late]) await page.context().close();
  }, 400_000);

  it('reads on the election’s page that it is over', async () => {
    const { page } = await openPage(browser, DESKTOP);
    await page.goto(`${all.site}/?lang=en`);
    await until(page, 'Voting is over; the last ballots');
    await page.context().close();
  });
});
