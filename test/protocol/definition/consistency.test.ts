import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../protocol/canonical-json.ts';
import { findProblems } from '../../../protocol/definition/decode.ts';
import { changed, exampleDefinition } from './example.ts';
import type { Draft } from './example.ts';

const example = exampleDefinition();
const times = example['times'] as Record<string, number>;
const keys = (member: string): string[] => (example[member] as { keys: string[] }).keys;
const found = (value: Json): string[] => findProblems(value).map(({ code, path }) => `${code} ${path}`);
const binding = (fields: Draft = {}): Json =>
  ({
    ...exampleDefinition(),
    environment: 'binding',
    assurance: 'two-office',
    chain: { id: 1, profile: 'besu-qbft', validators: [`0x${'11'.repeat(20)}`] },
    ...fields,
  }) as Json;

describe('times', () => {
  it.each([
    ['registrationCloses', times['registrationOpens'], ['$.times.registrationCloses']],
    ['opensAt', times['registrationCloses']! + times['challengeSeconds']! - 1, ['$.times.opensAt']],
    ['closesAt', times['opensAt'], ['$.times.closesAt']],
    ['closesAt', times['opensAt']! + 7, ['$.times.closesAt']],
  ])('refuses %s at %s', (member, value, places) => {
    expect(found(changed(`times.${member}`, value))).toEqual(places.map((place) => `definition/times ${place}`));
  });

  it('accepts the bounds themselves', () => {
    expect(found(changed('times.opensAt', times['registrationCloses']! + times['challengeSeconds']!))).toEqual([]);
    expect(found(changed('times.closesAt', times['opensAt']! + 8))).toEqual([]);
  });
});

describe('parties', () => {
  it('refuses a key twice: it would count twice', () => {
    for (const member of ['officers', 'trustees']) {
      const repeated = [keys(member)[0], keys(member)[1], keys(member)[0]];
      expect(found(changed(`${member}.keys`, repeated))).toEqual([`definition/duplicate $.${member}.keys[2]`]);
    }
    const box = (example['boxes'] as { id: string; address: string }[])[0]!;
    expect(found(changed('boxes.1.address', box.address))).toEqual(['definition/duplicate $.boxes[1].address']);
    expect(found(changed('boxes.1.id', box.id))).toEqual(['definition/duplicate $.boxes[1].id']);
  });

  it('refuses a quorum and a threshold that nobody can reach', () => {
    expect(found(changed('officers.quorum', 4))).toEqual(['definition/quorum $.officers.quorum']);
    expect(found(changed('trustees.threshold', 4))).toEqual(['definition/threshold $.trustees.threshold']);
  });

  it('refuses a registrar that is a box', () => {
    expect(found(changed('boxes.1.address', example['registrar']))).toEqual(['definition/roles $.boxes[1].address']);
  });
});

describe('assurance', () => {
  it('accepts a binding election with two offices, several validators and no lone key', () => {
    expect(found(binding())).toEqual([]);
  });

  it('refuses what is not worth the name', () => {
    expect(found(binding({ assurance: 'single-office' }))).toEqual(['definition/assurance $.assurance']);
    expect(found(binding({ chain: { id: 1, profile: 'embedded' } }))).toEqual(['definition/assurance $.chain.profile']);
    expect(found(binding({ trustees: { keys: keys('trustees'), threshold: 1 } }))).toEqual([
      'definition/assurance $.trustees.threshold',
    ]);
    expect(found(binding({ officers: { keys: keys('officers'), quorum: 1 } }))).toEqual([
      'definition/assurance $.officers.quorum',
    ]);
    expect(found(changed('trustees.threshold', 1))).toEqual([]);
  });
});

describe('validators', () => {
  const chain = (validators: readonly string[], profile = 'clique') => changed('chain', { id: 1, profile, validators });
  const [a, b, c] = keys('officers') as [string, string, string];
  const sorted = [a, b, c].sort();

  it('may be named where their seals are checked, in increasing order', () => {
    expect(found(chain(sorted))).toEqual([]);
    expect(found(chain([sorted[1]!, sorted[0]!]))).toEqual(['definition/validators $.chain.validators[1]']);
    expect(found(chain([a, a]))).toEqual(['definition/validators $.chain.validators[1]']);
    expect(found(chain(sorted, 'besu-qbft'))).toEqual([]);
    expect(found(chain([a], 'embedded'))).toEqual(['definition/validators $.chain.validators']);
  });

  it.each(['clique', 'besu-qbft'])(
    'must be named by a binding election on %s, where their seals can be checked',
    (profile) => {
      const named = { chain: { id: 1, profile, validators: sorted } };
      const unnamed = { chain: { id: 1, profile } };
      expect(found(binding(named))).toEqual([]);
      expect(found(binding(unnamed))).toEqual(['definition/validators $.chain.validators']);
      for (const environment of ['development', 'rehearsal'])
        expect(found(binding({ ...unnamed, environment }))).toEqual([]);
    },
  );

  it('are at least one, and addresses', () => {
    for (const wrong of [[], ['0x00'], [a.toUpperCase()]]) {
      expect(found(chain(wrong)).every((each) => each.startsWith('definition/shape $.chain.validators'))).toBe(true);
      expect(found(chain(wrong))).not.toEqual([]);
    }
  });
});

describe('districts, contests and options', () => {
  it('have ids of their own', () => {
    expect(found(changed('districts.1.id', 'north'))).toContain('definition/duplicate $.districts[1].id');
    expect(found(changed('contests.1.id', 'mayor'))).toEqual(['definition/duplicate $.contests[1].id']);
    expect(found(changed('contests.0.options.1.id', 'ada'))).toEqual([
      'definition/duplicate $.contests[0].options[1].id',
    ]);
  });

  it('leave no district without a contest', () => {
    const draft = changed('contests.0.units.1.districts', ['south']);
    expect(found(draft)).toContain('definition/district-unused $.districts[2].id');
  });
});

describe('units', () => {
  it('refuses a district in two units of a contest, or twice in one', () => {
    expect(found(changed('contests.0.units.1.districts', ['isle', 'north']))).toEqual([
      'definition/unit-overlap $.contests[0].units[1].districts[1]',
    ]);
    expect(found(changed('contests.0.units.1.districts', ['isle', 'isle']))).toEqual([
      'definition/unit-overlap $.contests[0].units[1].districts[1]',
    ]);
  });

  it('refuses unknown districts', () => {
    expect(found(changed('contests.1.units.0.districts', ['east']))).toEqual([
      'definition/unit-district $.contests[1].units[0].districts[0]',
    ]);
  });

  it('refuses two units of one id', () => {
    const draft = changed('contests.0.units.1', { id: 'mainland', districts: ['isle'], mergeInto: null });
    expect(found(draft)).toEqual(['definition/duplicate $.contests[0].units[1].id']);
  });

  it('merges one level deep, into another unit of the same contest', () => {
    const merge = (value: unknown): string[] => found(changed('contests.0.units.1.mergeInto', value));
    expect(merge('isle')).toEqual(['definition/merge $.contests[0].units[1].mergeInto']);
    expect(merge('north')).toEqual(['definition/merge $.contests[0].units[1].mergeInto']); // a unit of another contest
    const chain = changed('contests.0.units.0.mergeInto', 'isle');
    expect(found(chain)).toEqual([
      'definition/merge $.contests[0].units[0].mergeInto',
      'definition/merge $.contests[0].units[1].mergeInto',
    ]);
  });
});

describe('rules', () => {
  it('are those of the table of presets', () => {
    expect(found(changed('contests.0.preset', 'lottery'))).toEqual(['rules/preset $.contests[0].preset']);
    expect(found(changed('contests.0.params.extra', 1))).toEqual(['rules/params $.contests[0].params']);
    expect(found(changed('contests.0.params', { max: 2000 }, changed('contests.0.preset', 'score')))).toEqual([
      'rules/params $.contests[0].params',
    ]);
  });

  it('refuses counts that could not be searched, over all districts of the contest', () => {
    const score = changed('contests.0.params', { max: 1023 }, changed('contests.0.preset', 'score'));
    expect(found(score)).toEqual([]);
    for (const i of [0, 1, 2]) changed(`districts.${i}.voters`, 2 ** 14, score);
    expect(found(score)).toEqual(['rules/bounds $.contests[0]']);
  });
});

describe('sizes', () => {
  it('refuses a key ceremony that no block could finish', () => {
    const many = Array.from({ length: 32 }, (_, i) => `0x${(0x900 + i).toString(16).padStart(40, '0')}`);
    const draft = changed('trustees', { keys: many, threshold: 32 });
    expect(found(draft)).toEqual(['definition/size $.trustees']);
    expect(found(changed('trustees', { keys: many, threshold: 8 }))).toEqual([]);
  });

  it('refuses more polls than have a number of 16 bits', () => {
    const title = { en: 'a', fr: 'b', ru: 'c' };
    const districts = Array.from({ length: 4096 }, (_, i) => ({ id: `d${i}`, title, voters: 1 }));
    const contest = (i: number): Draft => ({
      ...(exampleDefinition()['contests'] as Draft[])[0],
      id: `c${i}`,
      units: [{ id: 'all', districts: districts.map(({ id }) => id), mergeInto: null }],
    });
    const contests = Array.from({ length: 16 }, (_, i) => contest(i));
    expect(found({ ...exampleDefinition(), districts, contests } as Json)).toEqual(['definition/size $.contests']);
    expect(found({ ...exampleDefinition(), districts, contests: contests.slice(1) } as Json)).toEqual([]);
  });
});
