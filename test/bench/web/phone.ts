import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import type { Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { VotingWorld } from '../../client/web/voting-world.ts';
import { openVotingWorld } from '../../client/web/voting-world.ts';
import type { Row } from '../row.ts';
import { rowAtMost } from '../row.ts';
import type { Lap, Voted } from './in-page.ts';
import type { NarrowGroup, Usage } from './narrow-group.ts';
import { descendants, openNarrowGroup } from './narrow-group.ts';

/** Chromium, in a group from its first byte on. */
const BROWSER = join(import.meta.dirname, 'chromium-in-group.sh');
const WEB = join(import.meta.dirname, '../../../dist/web');
/** Seconds that a proof may take on a phone: a core six times slower than this one, and 1 GiB for all of the browser (issue of the web client). */
const LIMIT = 60;
const [SHARE, MEMORY] = [1 / 6, 2 ** 30] as const;
/** Seconds after which a step is said not to have been reached. */
const PATIENCE = 120;

/** What the voter does, as a script. */
const { code: script } = transformSync(readFileSync(join(import.meta.dirname, 'in-page.ts'), 'utf8'), {
  ...{ loader: 'ts', format: 'iife', globalName: 'voter', target: 'es2022' },
});
const tell = (text: string): boolean => process.stderr.write(`phone: ${text}\n`);

/**
 * A ballot in the built page's own worker, in Chromium whose renderer, with all of its threads, has a sixth of one core and 1 GiB, from the opened
 * identity on. `phone/ballot-8`: from the opened paper to the ballot that is cast, for a voter who chooses at once, so that nothing is done
 * before. `…/click`: from "cast" on where the voter has read until all was prepared.
 */
export async function rows(): Promise<Row[]> {
  return [...(await measure(4)), ...(await measure(8))];
}

async function measure(lanes: 4 | 8): Promise<Row[]> {
  const name = `phone/ballot-${2 * lanes}`;
  tell(`an election for ${name} …`);
  const world = await openVotingWorld(WEB, 2, lanes);
  try {
    const atOnce = await vote(world, 0, false);
    const read = await vote(world, 1, true);
    if (atOnce === undefined || read === undefined) return [];
    const after = (laps: readonly Lap[], first: string): number =>
      laps.slice(laps.findIndex((lap) => lap.name === first)).reduce((sum, { seconds }) => sum + seconds, 0);
    return [
      rowAtMost(name, after(atOnce, 'choice'), 's', LIMIT),
      {
        ...rowAtMost(`${name}/prepared`, after(read, 'choice') - after(read, 'proof'), 's', LIMIT),
        met: null,
        target: '–',
      },
      { ...rowAtMost(`${name}/click`, after(read, 'proof'), 's', LIMIT), met: null, target: '–' },
    ];
  } finally {
    await world.close();
  }
}

/** @returns the laps; undefined if there is no group, or a step was not reached in time */
async function vote(world: VotingWorld, voter: number, isRead: boolean): Promise<readonly Lap[] | undefined> {
  const narrow = openNarrowGroup(`urna-phone-${process.pid}`, SHARE, MEMORY);
  if (typeof narrow === 'string') {
    tell(`not measured, no control group can be made here: ${narrow}`);
    return undefined;
  }
  const env = { ...process.env, URNA_GROUP: narrow.memoryProcesses } as Record<string, string>;
  const server = await chromium.launchServer({ executablePath: BROWSER, args: ['--no-sandbox'], env });
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 320, height: 640 } });
    const page = await context.newPage();
    await world.open(page, voter);
    tell(`a voter who ${isRead ? 'reads until all is prepared' : 'casts at once'} …`);
    narrow.slow(descendants(server.process().pid ?? -1, '--type=renderer'));
    return await measured(page, narrow, isRead);
  } finally {
    await server.close();
    narrow.close();
  }
}

async function measured(page: Page, narrow: NarrowGroup, isRead: boolean): Promise<readonly Lap[] | undefined> {
  const [began, before] = [performance.now(), narrow.usage()];
  const { laps, missed } = (await page.evaluate(`${script}; voter.voteInPage(${isRead}, ${PATIENCE * 1000})`)) as Voted;
  report(laps, (performance.now() - began) / 1000, before, narrow.usage());
  if (missed !== '') tell(`not within ${PATIENCE} s: ${missed}`);
  return missed === '' ? laps : undefined;
}

/** How far the quota was what held the page up: on a busy machine a group may get less than its quota, and the figures are too high then, never too low. */
function report(laps: readonly Lap[], wall: number, before: Usage, after: Usage): void {
  tell(laps.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(', '));
  const cpu = after.cpu - before.cpu;
  const share = ((100 * cpu) / (wall * SHARE)).toFixed(0);
  const [periods, throttled] = [after.periods - before.periods, after.throttled - before.throttled];
  tell(
    `${cpu.toFixed(1)} s of processor time in ${wall.toFixed(1)} s: ${share} % of the quota, used up in ${throttled} of ${periods} periods`,
  );
  tell(`${(after.memory / 2 ** 20).toFixed(0)} MiB at most`);
}
