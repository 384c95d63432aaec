import { describe, expect, it } from '@jest/globals';
import { applyMessage } from '../../../protocol/ceremony/apply.ts';
import type { CeremonyMessage } from '../../../protocol/ceremony/messages.ts';
import { startCeremony } from '../../../protocol/ceremony/state.ts';
import { answerShare, finalShare, receiveShares, shareMatches } from '../../../protocol/ceremony/trustee.ts';
import { equalPoints, multiplyBase, multiplyPublic, sum } from '../../../protocol/math/curve.ts';
import { l, r } from '../../../protocol/math/field.ts';
import { lagrangeCoefficients } from '../../../protocol/tally/combine.ts';
import { Run, SETUP, START, honestRun, spoil } from './run.ts';

const refused = (code: string): unknown => expect.objectContaining({ code });
describe('an honest ceremony', () => {
  it('gives keys that any threshold of trustees can use, and fewer cannot', async () => {
    const run = await honestRun();
    const shares = await Promise.all([1, 2, 3].map((m) => finalShare(run.state, run.secrets.get(m)!)));
    run.confirmAll();
    run.send({ kind: 'finish' });
    const { keys, stage } = run.state;
    expect(stage).toBe('done');
    for (const share of shares) expect(shareMatches(share, keys!.verificationKeys.get(share.trustee)!)).toBe(true);
    expect(shareMatches(shares[0]!, keys!.verificationKeys.get(2)!)).toBe(false);
    for (let lane = 0; lane < 2; lane++) {
      const PK = keys!.publicKeys[lane]!;
      expect(keys!.shiftedKeys[lane]).toEqual(multiplyPublic(PK, 1n << 125n));
      for (const pair of [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const) {
        const lambda = lagrangeCoefficients(pair.map((i) => i + 1));
        const points = pair.map((i, k) => multiplyPublic(multiplyBase(shares[i]!.shares[lane]!), lambda[k]!));
        expect(equalPoints(sum(points), PK)).toBe(true);
      }
      expect(shares.some((share) => equalPoints(multiplyBase(share.shares[lane]!), PK))).toBe(false);
    }
  });

  it('works with threshold 1 of 1 and with n of n', async () => {
    for (const [trustees, threshold] of [
      [1, 1],
      [2, 2],
    ] as const) {
      const run = await new Run({ ...SETUP, trustees, threshold, lanes: 1 }).toConfirm();
      run.confirmAll();
      run.send({ kind: 'finish' });
      expect(run.state.stage).toBe('done');
    }
  });

  it('is a pure function: the state given stays as it was', async () => {
    const run = new Run();
    await run.begin();
    const before = run.state;
    run.commitAll();
    expect(before.commits.size).toBe(0);
    expect(before.stage).toBe('commit');
  });
});

describe('startCeremony', () => {
  it.each([{ threshold: 0 }, { threshold: 4 }, { trustees: 33 }, { lanes: 0 }, { lanes: 9 }, { stageSeconds: 0.5 }])(
    'refuses %o',
    (change) => {
      expect(() => startCeremony({ ...SETUP, ...change }, START)).toThrow(refused('ceremony/setup'));
    },
  );
});

describe('commit and reveal', () => {
  it('refuse a trustee that is none, and a repeated message', async () => {
    const run = new Run();
    await run.begin();
    for (const trustee of [0, 4, 1.5]) {
      expect(() => run.send({ kind: 'commit', trustee, hash: 1n })).toThrow(refused('ceremony/index'));
    }
    run.send({ kind: 'commit', trustee: 1, hash: run.commitOf(1) });
    expect(() => run.send({ kind: 'commit', trustee: 1, hash: run.commitOf(1) })).toThrow(refused('ceremony/repeated'));
  });

  it('refuse an empty commitment', () => {
    expect(() => new Run().send({ kind: 'commit', trustee: 1, hash: 0n })).toThrow(refused('ceremony/commitment'));
  });

  it('refuse another attempt, another stage and a late message', async () => {
    const run = new Run();
    await run.begin();
    const commit = { kind: 'commit', trustee: 1, hash: run.commitOf(1) } as const;
    expect(() => run.send(commit, 2)).toThrow(refused('ceremony/attempt'));
    expect(() => run.send({ kind: 'reveal', trustee: 1, words: run.reveals.get(1)! })).toThrow(
      refused('ceremony/stage'),
    );
    run.time = START + 101;
    expect(() => run.send(commit)).toThrow(refused('ceremony/late'));
    run.time = START + 100;
    run.send(commit);
  });

  it('refuse a reveal that was not committed to: nobody chooses a key after seeing others', async () => {
    const run = new Run();
    await run.begin();
    run.commitAll();
    const other = new Run();
    await other.begin('other');
    expect(() => run.send({ kind: 'reveal', trustee: 1, words: other.reveals.get(1)! })).toThrow(
      refused('ceremony/commitment'),
    );
    expect(() => run.send({ kind: 'reveal', trustee: 2, words: run.reveals.get(1)! })).toThrow(
      refused('ceremony/commitment'),
    );
  });

  it('refuse a copied reveal, even when it was committed to: the proof names its trustee', async () => {
    const run = new Run();
    await run.begin();
    run.reveals.set(2, run.reveals.get(1)!);
    run.commitAll();
    run.send({ kind: 'reveal', trustee: 1, words: run.reveals.get(1)! });
    expect(() => run.send({ kind: 'reveal', trustee: 2, words: run.reveals.get(2)! })).toThrow(
      refused('ceremony/proof'),
    );
  });

  it('refuse the reveal of another attempt or contract', async () => {
    for (const setup of [
      { ...SETUP, chainId: 1n },
      { ...SETUP, election: `0x${'22'.repeat(20)}` as const },
    ]) {
      const [run, other] = [new Run(), new Run(setup)];
      await run.begin();
      await other.begin();
      run.reveals.set(1, other.reveals.get(1)!);
      run.commitAll();
      expect(() => run.send({ kind: 'reveal', trustee: 1, words: run.reveals.get(1)! })).toThrow(
        refused('ceremony/proof'),
      );
    }
  });

  it.each<[string, string, (words: bigint[]) => bigint[]]>([
    ['a word too few', 'ceremony/length', (w) => w.slice(1)],
    ['a word too many', 'ceremony/length', (w) => [...w, 0n]],
    ['a coordinate + r', 'point/invalid', (w) => w.map((x, i) => (i === 0 ? x + r : x))],
    ['a point off the curve', 'point/invalid', (w) => w.map((x, i) => (i === 1 ? x + 1n : x))],
    ['O as commitment', 'point/invalid', (w) => w.map((x, i) => (i < 2 ? BigInt(i) : x))],
    ['a low-order commitment', 'point/invalid', (w) => w.map((x, i) => (i === 2 ? 0n : i === 3 ? r - 1n : x))],
    ['K off the curve', 'point/invalid', (w) => w.map((x, i) => (i === 8 ? x + 1n : x))],
    ['z ≥ l', 'ceremony/response', (w) => w.map((x, i) => (i === 10 ? x + l : x))],
    ['another z', 'ceremony/proof', (w) => w.map((x, i) => (i === 10 ? (x + 1n) % l : x))],
    ['a transport key of low order', 'ceremony/transport-key', (w) => w.map((x, i) => (i === 11 ? 0n : x))],
    ['another transport key', 'ceremony/proof', (w) => w.map((x, i) => (i === 11 ? x ^ (1n << 128n) : x))],
  ])('refuse %s', async (_, code, alter) => {
    const run = new Run();
    await run.begin();
    run.reveals.set(1, alter(run.reveals.get(1)!));
    run.commitAll();
    expect(() => run.send({ kind: 'reveal', trustee: 1, words: run.reveals.get(1)! })).toThrow(refused(code));
  });
});

describe('deal', () => {
  it('refuses a wrong length, and a second deal', async () => {
    const run = new Run();
    await run.begin();
    run.commitAll();
    run.revealAll();
    const bytes = await run.dealOf(1);
    expect(bytes).toHaveLength(2 * 2 * 80);
    expect(() => run.send({ kind: 'deal', trustee: 1, bytes: bytes.subarray(1) })).toThrow(refused('ceremony/length'));
    expect(() => run.send({ kind: 'deal', trustee: 1, bytes: new Uint8Array(5 * 80) })).toThrow(
      refused('ceremony/length'),
    );
    run.send({ kind: 'deal', trustee: 1, bytes });
    expect(() => run.send({ kind: 'deal', trustee: 1, bytes })).toThrow(refused('ceremony/repeated'));
  });
});

describe('timeout', () => {
  it.each([
    ['commit', (run: Run) => run.send({ kind: 'commit', trustee: 1, hash: run.commitOf(1) })],
    [
      'reveal',
      (run: Run) => {
        run.commitAll();
        run.send({ kind: 'reveal', trustee: 1, words: run.reveals.get(1)! });
      },
    ],
    [
      'deal',
      async (run: Run) => {
        run.commitAll();
        run.revealAll();
        run.send({ kind: 'deal', trustee: 1, bytes: await run.dealOf(1) });
      },
    ],
    [
      'confirm',
      async (run: Run) => {
        run.commitAll();
        run.revealAll();
        await run.dealAll();
        run.confirm(1);
      },
    ],
  ] as const)('in stage %s names who is missing and aborts below the threshold', async (stage, prepare) => {
    const run = new Run();
    await run.begin();
    await prepare(run);
    expect(run.state.stage).toBe(stage);
    expect(() => run.send({ kind: 'timeout' })).toThrow(refused('ceremony/timeout'));
    run.time = run.state.deadline + 1;
    run.send({ kind: 'timeout' });
    expect(run.state).toMatchObject({ stage: 'aborted', active: [1] });
    expect(run.state.exclusions.map(({ trustee, reason }) => [trustee, reason])).toEqual([
      [2, 'missing'],
      [3, 'missing'],
    ]);
    expect(() => run.send({ kind: 'timeout' })).toThrow(refused('ceremony/stage'));
  });

  it('finds nothing when all have confirmed', async () => {
    const run = await honestRun();
    run.confirmAll();
    run.time = run.state.deadline + 1;
    expect(() => run.send({ kind: 'timeout' })).toThrow(refused('ceremony/timeout'));
    run.send({ kind: 'finish' });
    expect(run.state.stage).toBe('done');
  });
});

describe('receiveShares', () => {
  it('refuses secrets of another run, which would make honest dealers look guilty', async () => {
    const run = await honestRun();
    const other = new Run();
    await other.begin('other');
    await expect(receiveShares(run.state, other.secrets.get(1)!)).rejects.toMatchObject({ code: 'ceremony/secret' });
    await expect(receiveShares(run.state, { ...run.secrets.get(1)!, attempt: 2 })).rejects.toMatchObject({
      code: 'ceremony/attempt',
    });
  });
});

describe('applyMessage', () => {
  it('replays to the same state from the messages alone', async () => {
    const run = await new Run().toConfirm(spoil(3, 0));
    run.send({ kind: 'accuse', trustee: 1, dealer: 3, lane: 0 });
    run.send({ kind: 'answer', trustee: 3, accuser: 1, lane: 0, share: answerShare(run.secrets.get(3)!, 1, 0) });
    run.confirmAll();
    run.send({ kind: 'finish' });
    const replayed = run.messages.reduce(
      (state, m: CeremonyMessage) => applyMessage(state, m),
      startCeremony(SETUP, START),
    );
    expect(replayed).toEqual(run.state);
  });
});
