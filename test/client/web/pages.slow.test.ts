import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { webHash } from '../../../protocol/definition/web-hash.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import type { PublicService } from '../../../server/public/service.ts';
import { PublicWorld } from '../../server/public/public-world.ts';
import { oldBrowsers, offlinePages, withoutMemory } from './hindered-browsers.ts';
import { newFolder, urna, verdict } from '../cli/urna.ts';
import { DESKTOP, axeFindings, lookAt, openBrowser, openPage, shoot, visitIn } from './browser.ts';
import { shownVerdict } from './verdict.ts';

const WEB = join(import.meta.dirname, '../../../dist/web');

let world: PublicWorld;
let service: PublicService;
let browser: Browser;
let url: string;

beforeAll(async () => {
  expect(existsSync(join(WEB, 'urna-web.json'))).toBe(true);
  world = await PublicWorld.open();
  world.webFolder = WEB;
  await world.vote();
  service = await world.service();
  url = await service.server.listen({ port: 0, host: '127.0.0.1' });
  await world.caughtUp(service);
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await world.end(service);
  await world.stop();
  await terminate();
});

const visit = (path: string, name: string, ready: (page: Page) => Promise<unknown>): Promise<void> =>
  visitIn(browser, `${url}/${path}`, name, ready);

describe('the election’s page', () => {
  it('says where the election stands, in three languages, on a desktop and a telephone', async () => {
    await visit('', 'election-open', (page) => page.waitForSelector('.hash'));
  }, 120_000);

  it('says of a binding election that it is a real one, in three languages', async () => {
    const { page } = await openPage(browser, DESKTOP);
    await page.route('**/v1/election', async (route) => {
      const answer = (await (await route.fetch()).json()) as { definition: { chain: object } };
      const { definition } = answer;
      const binding = {
        environment: 'binding',
        assurance: 'two-office',
        chain: { ...definition.chain, profile: 'besu-qbft', validators: [`0x${'11'.repeat(20)}`] },
      };
      await route.fulfill({ json: { ...answer, definition: { ...definition, ...binding } } });
    });
    const real = { en: 'This is a real election', fr: 'Ceci est une véritable élection', ru: 'Это настоящие выборы' };
    for (const [language, text] of Object.entries(real)) {
      await page.goto(`${url}/?lang=${language}`);
      await page.waitForSelector(`aside.warnings p:has-text("${text}")`);
    }
    await page.context().close();
  });

  it('shows the fingerprint of the definition that the service serves', async () => {
    const { page } = await openPage(browser, DESKTOP);
    await page.goto(url);
    const shown = (await page.textContent('.hash'))?.replaceAll(/\s/gu, '');
    expect(`0x${shown}`).toBe(service.parts.store.context.definitionHash);
  });

  it('changes its language when told, and keeps it on the next page', async () => {
    const { page } = await openPage(browser, DESKTOP);
    await page.goto(url);
    await page.waitForSelector('.hash');
    await page.click('button[lang=ru]');
    await page.waitForSelector('html[lang=ru]');
    await page.click('nav >> text=Результаты');
    await page.waitForSelector('h1:has-text("Результаты")');
  });

  it('says what is wrong where no service answers, and goes on when one does', async () => {
    const { page } = await openPage(browser, DESKTOP);
    await page.route('**/v1/**', (route) => route.abort());
    await page.goto(`${url}/?lang=en`);
    await page.waitForSelector('[role=alert]');
    expect(await page.textContent('[role=alert]')).toContain('server/unreachable');
    expect(await axeFindings(page)).toEqual([]);
    await page.unroute('**/v1/**');
    await page.click('[role=alert] button');
    await page.waitForSelector('.hash');
  });

  it('says so in a browser that is too old for it', () => oldBrowsers(browser, url), 300_000);
  it('says so where there is no connection', () => offlinePages(browser, url), 120_000);

  it('runs no script but its own, and may be framed by nobody; results may', async () => {
    const { page, wrong } = await openPage(browser, DESKTOP);
    await page.goto(url);
    await page.waitForSelector('.hash');
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.head.append(script);
    });
    expect(await page.evaluate(() => 'intruder' in window)).toBe(false);
    expect(wrong.join()).toMatch(/Content Security Policy/u);
    const policy = async (path: string): Promise<string | null> =>
      (await fetch(`${url}/${path}`)).headers.get('content-security-policy');
    expect([await policy(''), await policy('observe/'), await policy('results/')]).toEqual([
      ...["frame-ancestors 'none'", "frame-ancestors 'none'", 'frame-ancestors *'],
    ]);
  });
});

describe('the results’ page', () => {
  it('says so while there are none', async () => {
    await visit('results/', 'results-none', (page) => page.waitForSelector('text=/results yet|pas encore|ещё нет/'));
  }, 120_000);

  it('has the table first, the same numbers as the service', async () => {
    await world.story.tally();
    await world.caughtUp(service);
    await visit('results/', 'results-provisional', (opened) => opened.waitForSelector('.phase.counted'));
    await world.story.certify();
    await world.caughtUp(service);
    await visit('results/', 'results', (page) => page.waitForSelector('table'));
    const { page } = await openPage(browser, DESKTOP);
    await page.goto(`${url}/results/?lang=en`);
    await page.waitForSelector('table');
    const answer = (await (await fetch(`${url}/v1/results.json`)).json()) as { units: { counts: object }[] };
    const wanted = answer.units.reduce(
      (sum, { counts }) => sum + Object.values(counts).reduce((a, b) => a + Number(b), 0),
      0,
    );
    const cells = await page.locator('section.contest .result tbody td:nth-child(2)').allTextContents();
    expect(cells.reduce((sum, text) => sum + Number(text), 0)).toBe(wanted);
    expect(wanted).toBeGreaterThan(0);
    expect(await page.textContent('.phase')).toBe('Certified');
  }, 120_000);

  it('names units as their districts are named, says which one took in another, and has all of them open on paper', async () => {
    const { page } = await openPage(browser, DESKTOP);
    await page.goto(`${url}/results/?lang=en`);
    await page.click('text=By unit');
    const shown = await page.locator('.units caption, .units p').allTextContents();
    expect(shown).toEqual([
      'Question – North: counted',
      'Question – South: too small to be counted alone: counted with North',
    ]);
    await page.click('text=By unit');
    await page.emulateMedia({ media: 'print' });
    await page.waitForSelector('.units caption', { state: 'visible' });
    expect(
      await page.locator('nav, .screen, .languages').evaluateAll((all) => all.filter((e) => e.checkVisibility())),
    ).toEqual([]);
    await shoot(page, 'results-print');
    await page.emulateMedia({ media: 'screen' });
    await page.waitForSelector('.units caption', { state: 'hidden' });
    await page.context().close();
  });

  it('lead to what was checked, by whom, and how to check it oneself', async () => {
    const { page } = await openPage(browser, DESKTOP);
    await page.goto(`${url}/results/?lang=en`);
    await page.click('text=More about the checks');
    await page.waitForSelector('#which');
    expect(await page.locator('#which ~ ol > li').count()).toBe(20);
    const { hash } = (await (await fetch(`${url}/v1/record/record.json`)).json()) as { hash: string };
    const shown = (await page.textContent('dd.hash >> nth=1'))?.replaceAll(/\s/gu, '');
    expect(`0x${shown}`).toBe(hash);
    await visit('checked/', 'checked', (opened) => opened.waitForSelector('#which'));
  }, 120_000);

  it('has an address for each contest', async () => {
    const { page } = await openPage(browser, DESKTOP);
    const [contest] = world.made.definition.contests;
    await page.goto(`${url}/results/?lang=en`);
    await page.click('text=Link to this contest');
    await page.waitForURL(/contest=/u);
    await page.waitForSelector('table');
    expect(await page.locator('section.contest h2').allTextContents()).toEqual([contest!.title.en]);
    await page.goto(`${url}/results/?lang=en&contest=another`);
    await page.waitForSelector('text=no contest of that name');
  });

  it('are shown in another site’s page by what one copies from there, without navigation, with all warnings', async () => {
    const { page, wrong } = await openPage(browser, DESKTOP);
    await page.goto(`${url}/results/?lang=fr`);
    await page.click('text=Afficher ces résultats dans une autre page');
    const frame = await page.inputValue('textarea');
    await lookAt(page, 'results-embed');
    const other = fastify();
    other.get('/', (_, reply) => reply.type('text/html').send(`<!doctype html><title>News</title>${frame}`));
    await page.goto(await other.listen({ port: 0, host: '127.0.0.1' }));
    const inner = page.frameLocator('iframe');
    await inner.locator('section.contest table').first().waitFor();
    expect(await inner.locator('html').getAttribute('lang')).toBe('fr');
    expect(await inner.locator('nav, .languages').count()).toBe(0);
    expect(await inner.locator('aside.warnings p').count()).toBe(2);
    expect(await inner.locator('text=Tous les résultats').getAttribute('target')).toBe('_blank');
    await shoot(page, 'results-embedded');
    expect(wrong).toEqual([]);
    await other.close();
    await page.context().close();
  }, 60_000);
});

describe('the observer’s page', () => {
  it('verifies the service’s record in the browser, each check as the command does', async () => {
    await visit('observe/', 'observe', (page) => page.waitForSelector('form'));
    const { page, wrong } = await openPage(browser, DESKTOP);
    await page.goto(`${url}/observe/?lang=en`);
    await page.click('button[type=submit]');
    const shown = await shownVerdict(page);
    expect(await axeFindings(page)).toEqual([]);
    await shoot(page, 'observe-verdict');
    const folder = newFolder();
    await urna(folder, ['record', 'fetch', url, '--out', 'record']);
    const { answer } = await urna(folder, ['record', 'verify', 'record', '--so-far', '--json']);
    const checks = answer!.data['checks'] as { number: number; title: string; items: number; ok: boolean }[];
    expect(shown).toEqual(checks.map(({ number, title, items, ok }) => ({ number, title, items, ok })));
    // A screen reader is told as soon as it is there.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('verdict');
    expect(wrong).toEqual([]);
  }, 120_000);

  it('says so where the device has no memory for it', () => withoutMemory(browser, url), 90_000);

  it('shows rounds, updates over time, and among how many ballots of a unit one is hidden', async () => {
    const { page } = await openPage(browser, DESKTOP);
    await page.goto(`${url}/observe/?lang=en`);
    await page.click('button[type=submit]');
    await shownVerdict(page);
    const cells = (row: string): Promise<string[]> => page.locator(`${row} td.number`).allTextContents();
    const { units } = (await (await fetch(`${url}/v1/turnout`)).json()) as { units: { ballots: number }[] };
    const shown = await cells('[aria-label="Among how many a ballot is hidden"] tbody tr');
    expect(shown.filter((_, i) => i % 3 === 0).map((text) => parseInt(text, 10))).toEqual(
      units.map((unit) => unit.ballots),
    );
    const rounds = (await cells('[aria-label="Rounds"] tbody tr')).map(Number);
    expect(rounds.filter((_, i) => i % 2 === 0).reduce((sum, count) => sum + count, 0)).toBe(
      units.reduce((sum, { ballots }) => sum + ballots, 0),
    );
    await page.click('text=Updates over time, as numbers');
    await lookAt(page, 'observe-figures');
  }, 240_000);

  it('makes the record from a node of the chain itself, and finds the same; what is no such node or election it names', async () => {
    const { page, wrong } = await openPage(browser, DESKTOP);
    await page.goto(`${url}/observe/?lang=en`);
    await page.click('button[type=submit]');
    const fromRecord = await shownVerdict(page);
    const hash = await page.textContent('.hash');
    await page.reload();
    await page.check('label:has-text("A node of the chain") input');
    const { election } = world.made.at;
    await page.waitForFunction(
      (address) => document.querySelector<HTMLInputElement>('#election')?.value === address,
      election,
    );
    await page.fill('#rpc', world.chain.url);
    await page.click('button[type=submit]');
    expect(await shownVerdict(page)).toEqual(fromRecord);
    expect(await page.textContent('.hash')).toBe(hash);
    expect(wrong).toEqual([]);
    await shoot(page, 'observe-chain');
    expect(await axeFindings(page)).toEqual([]);
    for (const [field, value, code] of [
      ['#election', `0x${'12'.repeat(20)}`, 'chain/not-an-election'],
      ['#election', '0x12', 'encoding/hex'],
      ['#rpc', 'http://127.0.0.1:9', 'chain/unreachable'],
      ['#rpc', 'no address', 'chain/url'],
    ] as const) {
      await page.fill(field, value);
      await page.click('button[type=submit]');
      await page.waitForSelector(`.failure:has-text("${code}")`, { timeout: 60_000 });
      if (field === '#election') await page.fill(field, election);
    }
  }, 240_000);
});

describe('urna observe web', () => {
  it('finds the service’s files to be those that the definition names', async () => {
    const folder = newFolder();
    const named = webHash(Uint8Array.from(readFileSync(join(WEB, 'urna-web.json'))));
    writeFileSync(join(folder, 'election.json'), canonicalBytes({ ...world.made.definition, webHash: named }));
    const found = await verdict(folder, 'observe', 'web', url, '--definition', 'election.json');
    expect(found).toEqual({ exit: 0, code: 'ok' });
  });
});
