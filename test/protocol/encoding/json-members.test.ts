import { describe, expect, it } from '@jest/globals';
import { readIndex, readLines, readMembers } from '../../../protocol/json-members.ts';

const code = expect.objectContaining({ code: 'x/shape' });

describe('readMembers', () => {
  it('takes an object with exactly the members', () => {
    expect(readMembers({ a: 1, b: null }, ['a', 'b'], 'x/shape')).toEqual({ a: 1, b: null });
    for (const bad of [{ a: 1 }, { a: 1, b: 2, c: 3 }, { a: 1, c: 2 }, [], null, 'ab', undefined]) {
      expect(() => readMembers(bad, ['a', 'b'], 'x/shape')).toThrow(code);
    }
  });

  it('does not take inherited members for own ones', () => {
    expect(() => readMembers({}, ['toString'], 'x/shape')).toThrow(code);
    expect(() => readMembers({}, ['constructor'], 'x/shape')).toThrow(code);
  });
});

describe('readIndex', () => {
  it('takes safe whole numbers from the minimum on', () => {
    expect([readIndex(0, 'x/shape'), readIndex(2 ** 53 - 1, 'x/shape'), readIndex(1, 'x/shape', 1)]).toEqual([
      0,
      2 ** 53 - 1,
      1,
    ]);
    for (const bad of [-1, 1.5, 2 ** 53, '1', null, true, undefined])
      expect(() => readIndex(bad, 'x/shape')).toThrow(code);
    expect(() => readIndex(0, 'x/shape', 1)).toThrow(code);
  });
});

describe('readLines', () => {
  it('splits lines that all end with a line feed', () => {
    expect(readLines('', 'x/shape')).toEqual([]);
    expect(readLines('a\nb\n', 'x/shape')).toEqual(['a', 'b']);
    expect(readLines('a\n\n', 'x/shape')).toEqual(['a', '']);
    expect(() => readLines('a\nb', 'x/shape')).toThrow(code);
  });
});
