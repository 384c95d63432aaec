import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runChecks } from '../../protocol/checks/run.ts';
import { terminate } from '../../protocol/math/groth16.ts';
import { kinds } from '../../protocol/record/kinds.ts';
import { recordOf } from '../protocol/checks/world/forge.ts';
import { buildWorld } from '../protocol/checks/world/world.ts';
import type { World } from '../protocol/checks/world/world.ts';
import { fieldsOf, nameOf, withField } from './field-lies.ts';
import { FIELDS } from './fields.ts';

/** Kinds that do not happen in the world. */
const ABSENT = ['cancel', 'ceremony-abort'];
let world: World;

beforeAll(async () => {
  world = await buildWorld();
});
afterAll(terminate);

describe('a record of which one field was changed', () => {
  it('is listed for every field of every kind', () => {
    expect(fieldsOf(world).map(nameOf).sort()).toEqual(Object.keys(FIELDS).sort());
    const present = new Set(fieldsOf(world).map(({ kind }) => kind));
    expect(
      Object.keys(kinds)
        .filter((kind) => !present.has(kind))
        .sort(),
    ).toEqual(ABSENT);
  });

  it.each(Object.entries(FIELDS))('%s: %s', async (name, expected) => {
    const field = fieldsOf(world).find((each) => nameOf(each) === name);
    if (field === undefined) throw new Error(`the world has no field ${name}`);
    const { entries, evidence } = withField(world, field);
    const { checks } = await runChecks(recordOf({ world, entries, evidence }), evidence);
    const first = checks.find(({ ok }) => !ok)?.number;
    expect(first).toBe(typeof expected === 'number' ? expected : undefined);
  });
});
