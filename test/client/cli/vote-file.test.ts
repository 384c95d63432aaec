import { describe, expect, it } from '@jest/globals';
import { readVotes, valuesOf } from '../../../client/cli/voter/vote-file.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import type { Contest } from '../../../protocol/definition/definition.ts';
import { smallDefinition } from './definition.ts';
import { newFolder, put } from './urna.ts';

const { definition } = smallDefinition();

function contest(id: string): Contest {
  const found = definition.contests.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no contest ${id}`);
  return found;
}

function code(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
}

describe('valuesOf', () => {
  it('reads chosen options and values alike, and fills unused places with 0', () => {
    expect(valuesOf(contest('bridge'), ['no'])).toEqual([0n, 1n]);
    expect(valuesOf(contest('bridge'), { no: 1 })).toEqual([0n, 1n]);
    expect(valuesOf(contest('council'), ['dahl', 'albers'])).toEqual([1n, 0n, 0n, 1n, 0n, 0n, 0n, 0n]);
  });

  it('reads a ranking as a list, the best first', () => {
    const ranking: Contest = { ...contest('council'), preset: 'ranking', params: {} };
    const order = ['cohen', 'albers', 'bianchi', 'dahl', 'eriksen'];
    expect(valuesOf(ranking, order)).toEqual([4n, 3n, 5n, 2n, 1n, 0n, 0n, 0n]);
  });

  it('refuses what breaks the rule without telling the vote', () => {
    for (const choice of [[], ['yes', 'no'], { yes: 2 }, { yes: 0 }] as Json[]) {
      expect(code(() => valuesOf(contest('bridge'), choice))).toBe('vote/rule');
    }
    expect(code(() => valuesOf(contest('projects'), ['tram', 'trees']))).toBe('vote/rule');
    try {
      valuesOf(contest('projects'), ['tram', 'trees']);
    } catch (error) {
      expect((error as Error).message).not.toMatch(/tram|trees|115/u);
    }
  });

  it('refuses unknown and repeated options, negative, fractional and huge values, and other shapes', () => {
    expect(code(() => valuesOf(contest('bridge'), ['maybe']))).toBe('vote/option');
    expect(code(() => valuesOf(contest('council'), ['dahl', 'dahl']))).toBe('vote/option');
    expect(code(() => valuesOf(contest('bridge'), { __proto__x: 1 }))).toBe('vote/option');
    for (const value of [-1, 0.5, 2 ** 60, '1', true, null] as Json[]) {
      expect(code(() => valuesOf(contest('bridge'), { yes: value }))).toBe('vote/file');
    }
    for (const choice of [null, 1, 'yes', true] as Json[])
      expect(code(() => valuesOf(contest('bridge'), choice))).toBe('vote/file');
  });
});

describe('readVotes', () => {
  it('refuses a file that others can read, one without votes, and unknown contests', async () => {
    const folder = newFolder();
    const read = async (name: string, text: string, mode = 0o600): Promise<string> => {
      const path = put(folder, name, text, mode);
      return readVotes(path, definition).then(
        () => 'none',
        (error: unknown) => (error as { code: string }).code,
      );
    };
    expect(await read('open', '{"bridge":["yes"]}', 0o640)).toBe('secret/permissions');
    expect(await read('empty', '{}')).toBe('vote/file');
    expect(await read('list', '[]')).toBe('vote/file');
    expect(await read('other', '{"tunnel":["yes"]}')).toBe('name/contest');
    expect(await read('good', '{"bridge":["yes"]}')).toBe('none');
  });
});
