import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { getJson } from '../../../client/http/ask.ts';
import { parseServerUrl } from '../../../client/http/server-url.ts';
import { BallotAtWork } from '../../../client/web/voter/ballot/ballot-at-work.ts';
import { decodeOpening } from '../../../protocol/ballot/opening.ts';
import { RANDOMNESS_BYTES } from '../../../protocol/ballot/randomness.ts';
import { decodeUpdateFile } from '../../../protocol/ballot/update-file.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { PATIENCE, prepare, press, until, untilTitle } from '../../e2e/voting-page.ts';
import { byKeyboard } from './access-story.ts';
import { DESKTOP, lookAt, openBrowser, openPage } from './browser.ts';
import { QUESTION, choose, hiddenVote } from './privacy-story.ts';
import type { VotingWorld } from './voting-world.ts';
import { openVotingWorld } from './voting-world.ts';

const WEB = join(import.meta.dirname, '../../../dist/web');

let all: VotingWorld;
let browser: Browser;
beforeAll(async () => {
  expect(existsSync(join(WEB, 'vote/index.html'))).toBe(true);
  all = await openVotingWorld(WEB, 9);
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

/** The page looks where the election stands now, not within a minute. */
const lookNow = async (page: Page): Promise<void> => {
  // It has looked less than five seconds ago otherwise.
  await page.waitForTimeout(5_500);
  await page.evaluate(() => dispatchEvent(new Event('online')));
};

describe('a ballot', () => {
  it(
    'is cancelled in the middle of its proof, goes on where a download was cut, and is forgotten by a reload; the vote is nowhere in clear',
    () => hiddenVote(all),
    500_000,
  );

  it(
    'is cast with the keyboard alone; each view on the way is right at twice the size, comes in the order in which it is seen, and heeds what a person has set',
    () => byKeyboard(browser, all, 8),
    500_000,
  );

  it('is decided on once; its randomness is erased with the decision, and where the vote is encrypted anew', async () => {
    const drawn: Uint8Array[] = [];
    const told: number[] = [];
    const own = crypto.getRandomValues.bind(crypto);
    const spied = jest.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
      if (array instanceof Uint8Array && array.length === RANDOMNESS_BYTES) drawn.push(array);
      return own(array);
    });
    const { definition, at: place } = all.world.made;
    const work = await BallotAtWork.open(
      {
        ...{ service: parseServerUrl(all.site), definition, identity: all.identity(7), district: 0, contest: 0 },
        context: { chainId: place.connection.chainId, election: place.election },
      },
      (report) => void (report.kind === 'proof' && told.push(report.done)),
    );
    const isErased = (): boolean[] => drawn.map((bytes) => bytes.every((byte) => byte === 0));
    const shown = [work.encrypt([1n, 0n]), work.encrypt([0n, 1n])].map((made) => made.fingerprint);
    expect(isErased()).toEqual([true, false]);
    const opening = decodeOpening(work.challenge().opening);
    expect(opening.values).toEqual([0n, 1n]);
    expect(isErased()).toEqual([true, true, false]);
    await expect(work.cast()).rejects.toMatchObject({ code: 'state/ballot' });
    shown.push(work.encrypt([0n, 1n]).fingerprint);
    expect(new Set(shown).size).toBe(3);
    const { update } = await work.cast();
    // Of this proof: what was told of those given up came before.
    const ofProof = told.slice(told.findLastIndex((part, i) => part < (told[i - 1] ?? 0)));
    expect([ofProof.length > 6, ofProof.at(-1)]).toEqual([true, 1]);
    expect(decodeUpdateFile(update)).toMatchObject({ poll: 0, first: true });
    expect(isErased()).toEqual([true, true, true]);
    expect(() => work.challenge()).toThrow(expect.objectContaining({ code: 'state/ballot' }));
    await expect(work.cast()).rejects.toMatchObject({ code: 'state/ballot' });
    spied.mockRestore();
  }, 120_000);
});

describe('own slots', () => {
  const looked = async (page: Page, rpc = ''): Promise<string> => {
    const node = page.locator('section[aria-labelledby=slots] summary');
    if ((await page.locator('#slots-rpc').isVisible()) === false) await node.first().click();
    await page.fill('#slots-rpc', rpc);
    await press(page, 'Look at my slots');
    await page.waitForSelector('text=This is for your eyes only', { timeout: PATIENCE });
    return page.innerText('section.slot');
  };
  const find = async (page: Page, text: string): Promise<void> => {
    await page.fill('#receipt', text);
    await press(page, 'Ask the ballot box');
  };
  /** The record's head as it was before anybody had voted. */
  let before: string;
  let receipt: string;
  let cast: string;
  /** The newest block then. */
  let opened: number;

  beforeAll(async () => {
    const head = (): Promise<Json> => getJson(parseServerUrl(all.site), '/v1/record/record.json');
    // A connection that lay idle may be closed in this very moment.
    before = JSON.stringify(await head().catch(head));
    opened = Number(await all.world.made.at.connection.rpc.getBlockNumber());
  });

  it('are shown with their history; a receipt is followed from any device', async () => {
    const { page, wrong } = await open(4);
    cast = await prepare(page, QUESTION, choose(page, 'yes'));
    expect(await page.locator('main [role=status]:empty').count()).toBeGreaterThan(0);
    await press(page, 'Cast this ballot');
    await until(page, `Your ballot is cast: ${QUESTION}`);
    await page.waitForFunction(() => document.activeElement?.id === 'contest-0', undefined, { timeout: PATIENCE });
    await until(page, 'On the chain, in block');
    const shown = await looked(page);
    expect(shown).toContain(`${cast} (cast from this device)`);
    expect(shown).toContain('Your slot holds the ballot that was cast from this device');
    expect(await page.locator('section.slot tbody tr').count()).toBe(1);
    expect(await looked(page, all.world.chain.url)).toContain(`${cast} (cast from this device)`);
    await lookAt(page, 'slots-voted');
    await page.click('text=Receipt of the ballot box');
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save the receipt')]);
    receipt = readFileSync(await download.path(), 'utf8');
    expect(wrong).toEqual([]);
    await page.context().close();
  }, 200_000);

  it('need no identity to find a ballot by its receipt: its signature is checked, its box asked', async () => {
    const { page } = await openPage(browser, DESKTOP);
    await page.goto(`${all.site}/vote/?lang=en`);
    await page.click('text=Find a ballot by its receipt');
    await page.setInputFiles('#receipt-file', {
      name: 'r.json',
      mimeType: 'application/json',
      buffer: Buffer.from(receipt),
    });
    await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('#receipt')?.value !== '');
    await press(page, 'Ask the ballot box');
    await until(page, `The receipt is signed by ${all.world.made.definition.boxes[0]?.id ?? ''}`);
    await until(page, 'On the chain, in block');
    await lookAt(page, 'find-receipt');
    const { tracker } = (JSON.parse(receipt) as { receipt: { statement: { tracker: string } } }).receipt.statement;
    await find(page, tracker.toUpperCase());
    await until(page, 'On the chain, in block');
    const other = tracker.replace(/^./u, (digit) => (digit === '0' ? '1' : '0'));
    // What the box has not signed, what it does not know, and what is neither.
    for (const [text, code] of [
      [receipt.replace(tracker, other), 'receipt/signature'],
      [other, 'not-found/tracker'],
      ['a receipt', 'receipt/shape'],
    ] as const) {
      await find(page, text);
      await page.waitForSelector(`.wrong:has-text("${code}")`, { timeout: PATIENCE });
    }
    await page.context().close();
  }, 100_000);

  it('that are empty are proved so by the state of the chain, where a node of it is named', async () => {
    const { page } = await open(5);
    const told = await looked(page);
    expect(told).toContain('Your slot is empty');
    expect(told).toContain('nothing proves that it is the newest');
    const proved = await looked(page, all.world.chain.url);
    expect(proved).toMatch(/Your slot was empty at block \d+ .*: the chain’s state proves it/u);
    expect(proved).toContain('names no validators');
    await lookAt(page, 'slots-empty');
    await page.context().close();
  }, 100_000);

  it('show what a public service hides: in its slots, in its record, and with a node that keeps silent about it', async () => {
    const { page } = await open(4);
    const hides = 'The public service hides an update of this slot';
    await page.route('**/v1/slots/**', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), slots: [] } });
    });
    expect(await looked(page)).toContain(hides);
    await page.route('**/v1/record/record.json', (route) =>
      route.fulfill({ body: before, contentType: 'application/json' }),
    );
    // A lie that agrees with itself: only a node can tell.
    expect(await looked(page)).toContain('nothing proves that it is the newest');
    expect(await looked(page, all.world.chain.url)).toContain(hides);
    await lookAt(page, 'slots-hidden');
    // The node leaves the vote out of what it tells, and cannot out of the state.
    const { ballots } = all.world.made.at;
    await page.route(`${all.world.chain.url}/**`, async (route) => {
      const asked = route.request().postDataJSON() as { method?: string } | null;
      const answer = await route.fetch();
      if (asked?.method !== 'eth_getLogs') return route.fulfill({ response: answer });
      const json = (await answer.json()) as { result: { address: string; blockNumber: string }[] };
      const result = json.result.filter(
        ({ address, blockNumber }) => address !== ballots || Number(blockNumber) <= opened,
      );
      return route.fulfill({ response: answer, json: { ...json, result } });
    });
    const shown = await looked(page, all.world.chain.url);
    expect(shown).toContain(hides);
    expect(shown).not.toContain(cast);
    await page.context().close();
  }, 200_000);
});

describe('a voter when voting closes', () => {
  it('is told so wherever the paper is, at the proof, too; is offered no other, and nothing goes to a box', async () => {
    const proving = await open(0);
    // So that the proof is not made before voting ends.
    await proving.page.route('**/v1/artifacts/**', () => undefined);
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
    await press(proving.page, 'Cast this ballot');
    await until(proving.page, 'The ballot is being proved valid');
    expect(await proving.page.getAttribute('progress[aria-label^="The ballot is being proved"]', 'value')).toBe('0');

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
    await proving.page.waitForFunction(() => document.activeElement?.id === 'contest-0', undefined, {
      timeout: PATIENCE,
    });
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
