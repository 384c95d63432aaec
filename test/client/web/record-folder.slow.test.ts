import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { terminate } from '../../../protocol/math/groth16.ts';
import { recordOf } from '../../protocol/checks/world/forge.ts';
import { tampered } from '../../protocol/checks/world/tamper.ts';
import { TAMPERS } from '../../protocol/checks/world/tampers.ts';
import { buildWorld } from '../../protocol/checks/world/world.ts';
import { writeRecord } from '../../tampered/write.ts';
import { newFolder } from '../cli/urna.ts';
import { DESKTOP, PHONE, axeFindings, lookAt, openBrowser, openPage, overflows, shoot } from './browser.ts';
import { buildWeb } from './build.ts';
import { shownVerdict } from './verdict.ts';

describe('a record in a folder', () => {
  const [folder, web] = [newFolder(), newFolder()];
  let browser: Browser;
  let host: FastifyInstance;
  let address: string;
  const lie = TAMPERS.find(({ check }) => check === 11)!;

  beforeAll(async () => {
    const told = await buildWorld();
    await writeRecord(join(folder, 'valid'), told.entries, told.evidence);
    const forgery = await tampered(told, lie);
    await writeRecord(join(folder, 'lie'), recordOf(forgery), forgery.evidence);
    await writeRecord(join(folder, 'cut'), told.entries, told.evidence);
    truncateSync(join(folder, 'cut/segments/000000.jsonl.gz'), 1000);
    // The record's contracts are invented: the verifier is built for them.
    buildWeb(web, join(folder, 'valid/files/build.json'));
    browser = await openBrowser();
    host = fastify();
    await host.register(staticFiles, { root: web });
    address = await host.listen({ port: 0, host: '127.0.0.1' });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await host.close();
    await terminate();
  });

  async function verify(name: string, language: string): Promise<Page> {
    const { page } = await openPage(browser, DESKTOP);
    await page.goto(`${address}/observe/?lang=${language}`);
    await page.check('input[type=radio] >> nth=2');
    await page.setInputFiles('#folder', join(folder, name));
    await page.click('button[type=submit]');
    return page;
  }

  it('is verified without any service', async () => {
    const page = await verify('valid', 'en');
    expect((await shownVerdict(page)).map(({ ok }) => ok)).toEqual(Array.from({ length: 20 }, () => true));
    expect(await page.textContent('#verdict')).toBe('Every check passed.');
    // Nobody seals the blocks of a simulated chain: the check of seals must not look passed.
    expect(await page.textContent('#verdict ~ .wide tbody tr:last-child td >> nth=1')).toBe('chain not sealed');
    expect(await page.locator('text=The chain is not sealed:').count()).toBe(1);
    const turns = page.getByRole('region', { name: 'Slots that were due to each ballot box' }).locator('tbody tr');
    const rows = await turns.evaluateAll((all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
    );
    expect(rows[0]).toEqual(['1', 'box-0left its pattern', '7', '1', '0', '1', '5']);
    expect(rows).toHaveLength(6);
    expect(await axeFindings(page)).toEqual([]);
    await lookAt(page, 'observe-turns');
  }, 300_000);

  it('is found out where it lies: the check, and where', async () => {
    const page = await verify('lie', 'fr');
    const failed = (await shownVerdict(page)).filter(({ ok }) => !ok).map(({ number }) => number);
    expect(failed).toEqual([lie.check, ...(lie.also ?? [])]);
    expect(await page.textContent('#verdict')).toContain('Ce procès-verbal n’est pas celui d’une élection correcte');
    expect(await page.textContent('.detail >> nth=0')).toMatch(/entry \d+/u);
    expect(await axeFindings(page)).toEqual([]);
    await shoot(page, 'observe-lie-fr');
  }, 300_000);

  it('is verified by the page that was saved as one file, without a network', async () => {
    const { page, wrong } = await openPage(browser, PHONE);
    await page.context().setOffline(true);
    await page.goto(pathToFileURL(join(web, 'urna-observer.html')).href);
    await page.setInputFiles('#folder', join(folder, 'lie'));
    expect(await axeFindings(page)).toEqual([]);
    await page.click('button[type=submit]');
    const failed = (await shownVerdict(page)).filter(({ ok }) => !ok).map(({ number }) => number);
    expect(failed).toEqual([lie.check, ...(lie.also ?? [])]);
    expect({ wrong, axe: await axeFindings(page), tooWide: await overflows(page) }).toEqual({
      wrong: [],
      axe: [],
      tooWide: false,
    });
    await shoot(page, 'observer-file-phone');
  }, 300_000);

  it('is refused where it is not whole, with the file’s name', async () => {
    const page = await verify('cut', 'ru');
    await page.waitForSelector('[role=alert]');
    expect(await page.textContent('[role=alert]')).toMatch(/000000\.jsonl\.gz[^]*record\/gzip/u);
    expect(await axeFindings(page)).toEqual([]);
    await shoot(page, 'observe-cut-ru');
  }, 300_000);
});
