import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { VotingWorld } from '../../client/web/voting-world.ts';
import { openVotingWorld } from '../../client/web/voting-world.ts';
import { prepare, press } from '../../e2e/voting-page.ts';
import type { Row } from '../row.ts';
import { rowAtMost } from '../row.ts';
import type { NarrowGroup } from './narrow-group.ts';
import { cpuSeconds, descendants, openNarrowGroup } from './narrow-group.ts';

const WEB = join(import.meta.dirname, '../../../dist/web');
/** Seconds that a proof may take on a phone: a core six times slower than this one, and 1 GiB for all of the page (issue of the web client). */
const LIMIT = 60;
const [SHARE, MEMORY] = [1 / 6, 2 ** 30] as const;
/** Longest wait for a step, milliseconds. */
const PATIENCE = 900_000;

/** Seconds, and seconds of processor time. */
interface Taken {
  readonly wall: number;
  readonly cpu: number;
}

/**
 * A ballot in the built page's own worker, in Chromium whose renderer has a sixth of a core and 1 GiB. `phone/ballot-8`: the whole proof, for a
 * voter who chooses at once, so that nothing is done before: slot, circuit, preparation and proof, from the opened paper to the ballot that is cast.
 * `…/click`: from "cast" on where the voter has read for that long.
 */
export async function rows(): Promise<Row[]> {
  const narrow = openNarrowGroup(`urna-phone-${process.pid}`, SHARE, MEMORY);
  if (typeof narrow === 'string') {
    process.stderr.write(`phone: not measured, no control group can be made here: ${narrow}\n`);
    return [];
  }
  try {
    return [...(await measure(narrow, 4)), ...(await measure(narrow, 8))];
  } finally {
    narrow.close();
  }
}

async function measure(narrow: NarrowGroup, lanes: 4 | 8): Promise<Row[]> {
  const world = await openVotingWorld(WEB, 2, lanes);
  try {
    const atOnce = await vote(world, narrow, 0, false);
    const read = await vote(world, narrow, 1, true);
    const name = `phone/ballot-${2 * lanes}`;
    return [
      rowAtMost(name, atOnce.wall, 's', LIMIT),
      { ...rowAtMost(`${name}/cpu`, atOnce.cpu, 's', LIMIT * SHARE), met: null, target: '–' },
      { ...rowAtMost(`${name}/click`, read.wall, 's', LIMIT), met: null, target: '–' },
      { ...rowAtMost(`${name}/click/cpu`, read.cpu, 's', LIMIT * SHARE), met: null, target: '–' },
    ];
  } finally {
    await world.close();
  }
}

/** @param isRead - whether the voter waits with casting until all is prepared, which is not counted then */
async function vote(world: VotingWorld, narrow: NarrowGroup, voter: number, isRead: boolean): Promise<Taken> {
  const server = await chromium.launchServer({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const browser = await chromium.connect(server.wsEndpoint());
  try {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1200, height: 900 } });
    const page = await context.newPage();
    await world.open(page, voter);
    const renderers = descendants(server.process().pid ?? -1, '--type=renderer');
    if (renderers.length === 0) throw new Error('no renderer was found');
    narrow.add(renderers);
    const begin = (): (() => Taken) => {
      const [wall, cpu] = [performance.now(), cpuSeconds(renderers)];
      return () => ({ wall: (performance.now() - wall) / 1000, cpu: cpuSeconds(renderers) - cpu });
    };
    const whole = begin();
    await prepare(page, 'Question', () => page.check('.ballot input >> nth=0', { timeout: PATIENCE }));
    if (isRead) await untilReady(page);
    const click = begin();
    await press(page, 'Cast this ballot');
    await page.waitForSelector('text=Your ballot is cast', { timeout: PATIENCE });
    return (isRead ? click : whole)();
  } finally {
    await browser.close();
    await server.close();
  }
}

function untilReady(page: Page): Promise<unknown> {
  return page.waitForSelector('text=All is ready for your ballot', { timeout: PATIENCE });
}
