import { describe, expect, it } from '@jest/globals';
import { UrnaError, at, require } from '../../../protocol/errors.ts';

describe('require', () => {
  it('throws the code and sentence it was given, unless the condition holds', () => {
    expect(() => require(true, 'a/b', 'x')).not.toThrow();
    expect(() => require(false, 'a/b', 'a sentence')).toThrow(new UrnaError('a/b', 'a sentence'));
    expect(() => require(false, 'a/b', 'x')).toThrow(expect.objectContaining({ name: 'UrnaError', code: 'a/b' }));
  });
});

describe('at', () => {
  it('reads what is there and nothing else', () => {
    expect(at([5, 6], 1)).toBe(6);
    for (const index of [-1, 2, 0.5]) {
      expect(() => at([5, 6], index)).toThrow(expect.objectContaining({ code: 'internal/index' }));
    }
  });
});
