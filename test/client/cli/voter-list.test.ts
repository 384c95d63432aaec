import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseVoterList } from '../../../client/cli/credentials/voter-list.ts';
import { UrnaError } from '../../../protocol/errors.ts';

const SLUGS = ['north', 'south'];

function refusal(text: string): { code: string; message: string } {
  try {
    parseVoterList(text, SLUGS);
  } catch (error) {
    if (error instanceof UrnaError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('the list was accepted');
}

describe('parseVoterList', () => {
  it('reads commas and semicolons, with and without byte order mark, in any order of columns', () => {
    const expected = [{ id: 'a1', name: 'Ann', district: 1, address: ['1 Road', 'Town'] }];
    for (const mark of ['', '\uFEFF']) {
      for (const [s, end] of [
        [',', '\n'],
        [';', '\r\n'],
      ] as const) {
        const text = `${mark}${['District', 'id', 'NAME', 'address'].join(s)}${end}${['south', 'a1', 'Ann', '1 Road|Town'].join(s)}${end}`;
        expect(parseVoterList(text, SLUGS)).toEqual(expected);
      }
    }
  });

  it('keeps quoted separators, quotes and line breaks of CSV apart', () => {
    const text = 'id,name,district\n1,"Smith, ""Joe""",north\n';
    expect(parseVoterList(text, SLUGS)[0]?.name).toBe('Smith, "Joe"');
    expect(refusal('id,name,district\n1,"two\nlines",north\n').code).toBe('voters/lines');
  });

  it('names missing, unknown and repeated columns', () => {
    expect(refusal('id,name\n1,Ann\n')).toEqual({
      code: 'voters/columns',
      message: expect.stringContaining('district'),
    });
    expect(refusal('id,name,district,salary\n1,Ann,north,1\n').code).toBe('voters/columns');
    expect(refusal('id,name,district,id\n1,Ann,north,1\n').code).toBe('voters/columns');
  });

  it('reports all problems at once, each with its line', () => {
    const { code, message } = refusal(
      'id,name,district\n1,Ann,north\n1,Bob,north\n2,,north\n../3,Eve,north\n4,Joe,east\n',
    );
    expect(code).toBe('voters/lines');
    expect(message).toContain('line 3: id "1" stands already on line 2');
    expect(message).toContain('line 4: the name');
    expect(message).toContain('line 5: the id');
    expect(message).toContain('line 6: there is no district "east"');
  });

  it('takes ids that differ in letter case only for duplicates, since they name files', () => {
    expect(refusal('id,name,district\na,Ann,north\nA,Bob,north\n').message).toContain('stands already');
  });

  it('refuses rows of another length, broken quotes, and a list without voters', () => {
    expect(refusal('id,name,district\n1,Ann\n').code).toBe('voters/syntax');
    expect(refusal('id,name,district\n1,"Ann,north\n').code).toBe('voters/syntax');
    expect(refusal('id,name,district\n').code).toBe('voters/empty');
    expect(refusal('').code).toMatch(/^voters\//u);
  });

  it('answers any text with voters or a stable code', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (body) => {
        const text = `id;name;district\n${body}`;
        try {
          for (const { id } of parseVoterList(text, SLUGS)) expect(id).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/u);
        } catch (error) {
          expect(error).toBeInstanceOf(UrnaError);
        }
      }),
    );
  });
});
