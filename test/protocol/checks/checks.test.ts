import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CHECKS, checkOfKind } from '../../../protocol/checks/checks.ts';
import { runCheck, runChecks } from '../../../protocol/checks/run.ts';
import { CHECK_TITLES, checkTitle } from '../../../protocol/checks/titles.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { kinds } from '../../../protocol/record/kinds.ts';
import { copyOf, find, recordOf } from './world/forge.ts';
import { tampered } from './world/tamper.ts';
import { TAMPERS } from './world/tampers.ts';
import { buildWorld } from './world/world.ts';
import type { World } from './world/world.ts';

const first = CHECKS.flatMap(({ number }) => TAMPERS.find(({ check }) => check === number) ?? []);
const schema = new URL('../../../protocol/schemas/checks-report.schema.json', import.meta.url);
const isReport = new Ajv2020().compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
let world: World;

beforeAll(async () => {
  world = await buildWorld();
});
afterAll(terminate);

describe('runChecks', () => {
  it('finds a true record true, counting what it examined', async () => {
    const seen: number[] = [];
    const report = await runChecks(world.entries, world.evidence, { progress: (entries) => seen.push(entries) });
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.checks.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    // Nobody seals the blocks of a simulated chain.
    for (const { items } of report.checks.slice(0, -1)) expect(items).toBeGreaterThan(0);
    expect(report.checks.at(-1)).toMatchObject({ number: 20, items: 0, detail: expect.stringContaining('not sealed') });
    expect(report.sealed).toBe(false);
    expect(report).toMatchObject({ ok: true, complete: true, entries: world.entries.length });
    expect(seen.at(-1)).toBe(world.entries.length);
    const told = Object.fromEntries(Object.entries(report).filter(([member]) => member !== 'replay'));
    expect(isReport(told)).toBe(true);
    expect(isReport({ ...told, checks: report.checks.slice(1) })).toBe(true);
    expect(isReport({ ...told, checks: [{ ...report.checks[0], number: 21 }] })).toBe(false);
    const [round] = report.rounds;
    expect(isReport({ ...told, rounds: [{ ...round, boxes: [{ ...round!.boxes[0], missing: -1 }] }] })).toBe(false);
  });

  it('takes entries as JSON values and from an asynchronous source', async () => {
    async function* source(): AsyncGenerator<unknown> {
      for (const entry of JSON.parse(JSON.stringify(world.entries)) as unknown[]) yield await Promise.resolve(entry);
    }
    expect(await runCheck(4, source(), world.evidence)).toMatchObject({ number: 4, ok: true, items: 7 });
  });

  it('says that a record that stops early is not complete', async () => {
    const report = await runChecks(world.entries.slice(0, -1), world.evidence, { only: [1, 4, 7, 10, 18] });
    expect(report.entries).toBe(world.entries.length - 1);
    expect(report).toMatchObject({ ok: true, complete: false });
    expect(report.checks.at(-1)).toMatchObject({
      number: 18,
      ok: true,
      items: 0,
      detail: expect.stringContaining('nothing'),
    });
  });

  it('finds fault with an empty record', async () => {
    const report = await runChecks([], world.evidence);
    expect(report.checks.filter(({ ok }) => !ok).map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(report.complete).toBe(false);
  });

  it('passes no check when the definition cannot be read', async () => {
    const evidence = { ...world.evidence, definition: new TextEncoder().encode('{}') };
    const report = await runChecks(world.entries, evidence);
    expect(report.ok).toBe(false);
    expect(report.checks.every(({ ok }) => !ok)).toBe(true);
    expect(report).toMatchObject({ sealed: false, rounds: [] });
    expect(report.checks[0]?.detail).toContain('the definition cannot be read');
  });

  it('never throws, whatever the entries are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.jsonValue(), fc.record({ kind: fc.constantFrom(...Object.keys(kinds)), data: fc.jsonValue() })),
          { minLength: 1, maxLength: 8 },
        ),
        async (values) => {
          const report = await runChecks(values, world.evidence, { only: [1, 4, 10, 12] });
          expect(report.ok).toBe(false);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    ['updates', 12],
    ['counts', 17],
    ['ceremony-deal', 8],
    ['certify', 18],
  ] as const)('a malformed %s is a failure of check %d, with its place', async (kind, number) => {
    const forgery = copyOf(world);
    const entry = find(forgery, kind);
    entry.data = { ...entry.data, surprise: 1 };
    const result = await runCheck(number, recordOf(forgery), forgery.evidence);
    expect(result.ok).toBe(false);
    expect(result.detail).toContain(`entry ${entry.seq}: malformed`);
  });
});

describe('runCheck', () => {
  it.each(first.map((tamper) => [tamper.check, tamper.lie, tamper] as const))(
    '%d finds that %s',
    async (check, _, tamper) => {
      const forgery = await tampered(world, tamper);
      const result = await runCheck(check, recordOf(forgery), forgery.evidence);
      expect(result).toMatchObject({ number: check, ok: false });
      expect(result.detail).not.toBe('');
    },
  );
});

describe('CHECK_TITLES', () => {
  it('names every check once, in order, in plain words', () => {
    expect(CHECK_TITLES.map(({ number }) => number)).toEqual(CHECKS.map(({ number }) => number));
    expect(new Set(CHECK_TITLES.map(({ title }) => title)).size).toBe(20);
    expect(checkTitle(11).name).toBe('proofs');
    expect(() => checkTitle(21)).toThrow('no element');
  });

  it('gives every kind of entry, and what is none, an owner', () => {
    for (const kind of Object.keys(kinds)) expect(checkOfKind(kind)).toBeGreaterThanOrEqual(1);
    expect([checkOfKind('rumour'), checkOfKind(undefined), checkOfKind('toString')]).toEqual([10, 10, 10]);
  });
});
