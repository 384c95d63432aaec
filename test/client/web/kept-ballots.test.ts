import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../protocol/canonical-json.ts';
import type { KeptBallot } from '../../../client/web/voter/ballot/kept-ballots.ts';
import { decodeBallots, encodeBallots } from '../../../client/web/voter/ballot/kept-ballots.ts';
import { parseServerUrl } from '../../../client/http/server-url.ts';
import { isUnderWay, notBeforeOf } from '../../../client/web/voter/ballot/errands.ts';
import { streamOf } from '../../protocol/stream.ts';

const BALLOT: KeptBallot = {
  ...{ contest: 1, isChange: true, fingerprint: `0x${'ab'.repeat(32)}`, notBefore: 1_000, update: '{}' },
  ...{ state: 'waiting', code: '', block: null },
  promises: [
    {
      ...{ box: 'box-1', server: parseServerUrl('http://127.0.0.1:1'), tracker: 'a'.repeat(32) },
      ...{ round: 2, by: 5_000, receipt: { type: 'x' } },
    },
  ],
};

describe('ballots in the voter’s file', () => {
  it('come back as they were; none is no ballots', () => {
    const ballots = [BALLOT, { ...BALLOT, state: 'confirmed' as const, update: null, block: 7 }];
    expect(decodeBallots(encodeBallots(ballots))).toEqual(ballots);
    expect(decodeBallots(undefined)).toEqual([]);
  });

  it.each([
    ['a list of something else', [1]],
    ['no list', { ballots: [] }],
    ['another state', [{ ...((encodeBallots([BALLOT]) as Json[])[0] as object), state: 'counted' }]],
    ['a member too many', [{ ...((encodeBallots([BALLOT]) as Json[])[0] as object), vote: 1 }]],
    [
      'a promise without a tracker',
      [{ ...((encodeBallots([BALLOT]) as Json[])[0] as object), promises: [{ box: 'b' }] }],
    ],
  ])('are refused as %s', (_name, json) => {
    expect(() => decodeBallots(json as Json)).toThrow(expect.objectContaining({ code: 'vault/damaged' }));
  });

  it('are few: the oldest of very many are forgotten', () => {
    const many = Array.from({ length: 201 }, (_, i) => ({ ...BALLOT, contest: i }));
    expect(decodeBallots(encodeBallots(many))[0]?.contest).toBe(1);
  });
});

describe('when a ballot is handed in', () => {
  const view = { closesAt: 100_000 };
  it('is at once for the first, within a minute and at random after another one', () => {
    expect(notBeforeOf([], 2_000, view, streamOf('a'))).toBe(2_000);
    const random = streamOf('delays');
    const delays = Array.from({ length: 200 }, () => notBeforeOf([BALLOT], 1_100, view, random) - 1_100);
    expect(Math.min(...delays)).toBeLessThan(10);
    expect(Math.max(...delays)).toBeGreaterThan(50);
    expect(Math.max(...delays)).toBeLessThan(60);
  });

  it('is at once again when the other one is long ago, and shortly before the close', () => {
    expect(notBeforeOf([BALLOT], 1_700, view, streamOf('b'))).toBe(1_700);
    expect(notBeforeOf([{ ...BALLOT, notBefore: 99_800 }], 99_801, view, streamOf('c'))).toBe(99_801);
  });

  it('is over once it is on the chain or returned', () => {
    const states = ['kept', 'waiting', 'sent', 'confirmed', 'returned'] as const;
    expect(states.filter((state) => isUnderWay({ ...BALLOT, state }))).toEqual(['kept', 'waiting', 'sent']);
  });
});
