import { describe, expect, it } from '@jest/globals';
import { keepTogether } from '../../../client/web/frame/visitor.ts';

const UNBROKEN = '\u00a0';

describe('a title of a definition, as pages show it', () => {
  it('has no sign that could stand alone on a line', () => {
    expect(keepTogether('Où faut-il une piste ?')).toBe(`Où faut-il une piste${UNBROKEN}?`);
    expect(keepTogether('Budget : « rues » !')).toBe(`Budget${UNBROKEN}: «${UNBROKEN}rues${UNBROKEN}»${UNBROKEN}!`);
    expect(keepTogether('Бюджет — 2027')).toBe(`Бюджет${UNBROKEN}— 2027`);
  });

  it('is otherwise as it was written', () => {
    for (const title of ['Where is a lane needed?', 'A  b', '« »', 'Où ?'])
      expect(keepTogether(title).replaceAll(UNBROKEN, ' ')).toBe(title);
    expect(keepTogether('Council, seat 1 (of 2)')).toBe('Council, seat 1 (of 2)');
  });
});
