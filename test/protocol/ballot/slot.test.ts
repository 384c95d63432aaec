import { describe, expect, it } from '@jest/globals';
import { emptyCiphertext } from '../../../protocol/ballot/ciphertext.ts';
import type { PollId } from '../../../protocol/ballot/slot.ts';
import {
  contextBase,
  decodeSlotWord,
  encodeSlotWord,
  fingerprint,
  nextHead,
  pollScope,
  updateContext,
} from '../../../protocol/ballot/slot.ts';
import { G } from '../../../protocol/math/curve.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { r } from '../../../protocol/math/field.ts';

const id: PollId = { chainId: 1n, election: '0x1111111111111111111111111111111111111111', poll: 2 };
const others: readonly PollId[] = [
  { ...id, chainId: 2n },
  { ...id, election: '0x2222222222222222222222222222222222222222' },
  { ...id, poll: 3 },
];
const slot = 77n as Field;
const ciphertext = { R: G, C: [G] };

describe('names of a poll', () => {
  it('differ by chain, contract and poll, and from one another', () => {
    const names = [id, ...others].flatMap((each) => [
      pollScope(each),
      contextBase(each) >> 8n,
      fingerprint(each, slot, ciphertext) >> 8n,
    ]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('updateContext', () => {
  it('fits one head of one slot of one poll', () => {
    const contexts = [
      updateContext(contextBase(id), slot, 0n),
      updateContext(contextBase(id), slot, 1n),
      updateContext(contextBase(id), 78n as Field, 0n),
      ...others.map((each) => updateContext(contextBase(each), slot, 0n)),
    ];
    expect(new Set(contexts).size).toBe(contexts.length);
    expect(contexts.every((context) => context < r)).toBe(true);
  });
});

describe('nextHead', () => {
  it('chains heads and every coordinate', () => {
    const heads = [
      nextHead(0n, ciphertext),
      nextHead(1n, ciphertext),
      nextHead(0n, { R: { x: G.x, y: G.y + 1n }, C: [G] }),
      nextHead(0n, { R: G, C: [{ x: G.x + 1n, y: G.y }] }),
      nextHead(0n, emptyCiphertext(1)),
      nextHead(0n, emptyCiphertext(4)),
    ];
    expect(new Set(heads).size).toBe(heads.length);
  });
});

describe('encodeSlotWord and decodeSlotWord', () => {
  it('are inverse, and no slot that is occupied has the word 0', () => {
    for (const [head, round] of [
      [0n, 0],
      [5n, 254],
      [(1n << 248n) - 1n, 3],
    ] as const) {
      const word = encodeSlotWord(head as Field, round);
      expect(word).not.toBe(0n);
      expect(decodeSlotWord(word)).toEqual({ head, round });
    }
    expect(decodeSlotWord(0n)).toBeUndefined();
  });

  it.each([-1, 255, 1.5])('refuse the round %s', (round) => {
    expect(() => encodeSlotWord(1n as Field, round)).toThrow(expect.objectContaining({ code: 'slot/round' }));
  });

  it.each([256n, -1n, 1n << 256n])('refuse the word %s', (word) => {
    expect(() => decodeSlotWord(word)).toThrow(expect.objectContaining({ code: 'slot/word' }));
  });
});
