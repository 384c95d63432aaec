import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { decodeOpening } from '../../protocol/ballot/opening.ts';
import { DESKTOP, lookAt, openPage } from '../client/web/browser.ts';
import { checkOnAnotherDevice } from './checker-story.ts';
import { PATIENCE, encrypt, prepare, press, restore, until, untilTitle } from './voting-page.ts';

/** A running `npm start`, and voters who are on its roll. */
export interface Place {
  /** Of the public service, which serves the pages. */
  readonly site: string;
  /** Of the chain's node. */
  readonly chain: string;
  readonly boxes: readonly string[];
  readonly voters: readonly { readonly folder: string; readonly district: string }[];
}

const [BRIDGE, COUNCIL] = ['Shall the old bridge be rebuilt?', 'Council of the North: up to three'];
const ON_CHAIN = 'On the chain, in block';

const look = (page: Page, name: string): Promise<void> => lookAt(page, `ballot-${name}`);

const choose = (page: Page, option: string) => () => page.check(`label:has-text("${option}") input`);

async function unlock(page: Page, folder: string): Promise<void> {
  await untilTitle(page, 'Open your identity');
  await page.fill('#passphrase', readFileSync(`${folder}/passphrase`, 'utf8').trim());
  await page.click('button[type=submit]');
  await untilTitle(page, 'Your identity is open');
}

/** Challenges a first ballot, casts a second one while the boxes cannot be reached, votes in another contest and comes back to it. */
export async function carefulVoter(browser: Browser, { site, boxes, voters: [voter] }: Place): Promise<void> {
  const { page, wrong } = await openPage(browser, DESKTOP);
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  await restore(page, site, voter!);
  await look(page, 'contests');
  await page.click(`button[aria-label$="${BRIDGE}"]`);
  await until(page, 'Your slot is empty');
  await look(page, 'paper');
  await press(page, 'Continue');
  await page.waitForSelector('.paper [role=alert]');
  await choose(page, 'Yes')();
  await press(page, 'Continue');
  await look(page, 'review');
  const challenged = await encrypt(page);
  await look(page, 'decide');
  await press(page, 'Challenge it');
  await untilTitle(page, 'This ballot has been opened');
  await look(page, 'challenged');
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download the opened ballot')]);
  const opening = readFileSync(await download.path(), 'utf8');
  expect(decodeOpening(opening).values).toEqual([1n, 0n]);
  await checkOnAnotherDevice(site, { opening, noted: challenged, contest: BRIDGE, option: 'Yes' }, look);
  await press(page, 'Prepare the ballot again');
  const cast = await encrypt(page);
  expect(cast).toMatch(/^[0-9a-f]{4}(?: [0-9a-f]{4}){4}$/u);
  expect(cast).not.toBe(challenged);
  for (const box of boxes) await page.route(`${box}/**`, (route) => route.abort());
  await press(page, 'Cast this ballot');
  await page.waitForSelector('.failure:has-text("server/unreachable")', { timeout: PATIENCE });
  for (const box of boxes) await page.unroute(`${box}/**`);
  await until(page, ON_CHAIN);
  await page.waitForSelector(`.kept:has-text("${cast}")`);
  await look(page, 'cast');
  await prepare(page, COUNCIL, async () => {
    for (const name of ['Albers', 'Cohen']) await choose(page, name)();
  });
  await press(page, 'Cast this ballot');
  await until(page, 'about to be handed in');
  await page.reload();
  await unlock(page, voter!.folder);
  await page.waitForFunction((text) => document.body.innerText.split(text).length === 3, ON_CHAIN, {
    timeout: PATIENCE,
  });
  // Nothing that was sent holds the identity; what was chosen is nowhere but in the ciphertext.
  const opened = sent.filter((line) => /"values"|randomness/u.test(line));
  expect(opened).toEqual([]);
  expect(wrong.filter((line) => !line.includes('ERR_FAILED'))).toEqual([]);
  await page.context().close();
}

/** Changes a vote on another device. Its update waits for a round of all slots; then it is on the chain. */
export async function otherMind(browser: Browser, { site, chain, voters: [voter] }: Place): Promise<void> {
  const { page } = await openPage(browser, DESKTOP);
  await restore(page, site, voter!);
  await page.click(`button[aria-label$="${BRIDGE}"]`);
  await until(page, 'a ballot that this device does not know');
  await look(page, 'change');
  await choose(page, 'No')();
  await press(page, 'Continue');
  await encrypt(page);
  await press(page, 'Cast this ballot');
  await until(page, 'A changed vote goes on the chain in round');
  await look(page, 'waiting');
  await passRound(site, chain);
  await until(page, ON_CHAIN);
  await page.context().close();
}

/** One voter at two devices: what the second one casts meets a slot that is taken, and says so. */
export async function twoDevices(browser: Browser, { site, voters: [, voter] }: Place): Promise<void> {
  const pages: Page[] = [];
  for (const option of ['Yes', 'No']) {
    const { page } = await openPage(browser, DESKTOP);
    await restore(page, site, voter!);
    await prepare(page, BRIDGE, choose(page, option));
    pages.push(page);
  }
  const [first, second] = pages as [Page, Page];
  await press(first, 'Cast this ballot');
  await until(first, ON_CHAIN);
  await press(second, 'Cast this ballot');
  await until(second, 'your slot had changed before');
  await look(second, 'returned');
  await second.click(`button[aria-label$="${BRIDGE}"]`);
  await until(second, 'Your slot holds a ballot');
  for (const page of pages) await page.context().close();
}

/** Part of a round by which boxes have posted all that is theirs. */
const POSTED = 0.74;

/** Sets the chain's clock into the next round, late enough for every slot to be due. */
async function passRound(site: string, chain: string): Promise<void> {
  const { times, status } = (await (await fetch(`${site}/v1/election`)).json()) as {
    times: { rounds: { startsAt: number; endsAt: number }[] };
    status: { time: number };
  };
  const { startsAt, endsAt } = times.rounds.find((round) => round.startsAt > status.time)!;
  for (const [method, params] of [
    ['evm_setNextBlockTimestamp', [Math.floor(startsAt + POSTED * (endsAt - startsAt))]],
    ['evm_mine', []],
  ]) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answer = await fetch(chain, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await answer.json()).not.toHaveProperty('error');
  }
}
