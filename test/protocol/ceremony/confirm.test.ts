import { describe, expect, it } from '@jest/globals';
import { makeDeal } from '../../../protocol/ceremony/deal.ts';
import { ceremonyBase } from '../../../protocol/ceremony/setup.ts';
import { transcriptHash } from '../../../protocol/ceremony/state.ts';
import { answerShare, finalShare, receiveShares, shareMatches } from '../../../protocol/ceremony/trustee.ts';
import { l } from '../../../protocol/math/field.ts';
import { streamOf } from '../stream.ts';
import { Run, SETUP, honestRun, spoil } from './run.ts';

const refused = (code: string): unknown => expect.objectContaining({ code });

describe('confirm and accuse', () => {
  it('confirm only the transcript that the chain holds', async () => {
    const run = await honestRun();
    const lied = transcriptHash((await new Run().toConfirm(spoil(2, 0))).state);
    expect(() => run.send({ kind: 'confirm', trustee: 1, transcript: lied })).toThrow(refused('ceremony/transcript'));
    run.confirm(1);
    expect(() => run.confirm(1)).toThrow(refused('ceremony/repeated'));
    expect(() => run.send({ kind: 'finish' })).toThrow(refused('ceremony/unfinished'));
    expect(() => run.send({ kind: 'accuse', trustee: 1, dealer: 2, lane: 0 })).toThrow(refused('ceremony/accusation'));
  });

  it('a spoiled share is found by its recipient alone, accused, answered and then used; nobody is blamed', async () => {
    const run = await new Run().toConfirm(spoil(2, 1));
    const { faults } = await receiveShares(run.state, run.secrets.get(1)!);
    expect(faults).toEqual([{ dealer: 2, lane: 1, fault: 'cannot be opened' }]);
    await expect(finalShare(run.state, run.secrets.get(1)!)).rejects.toMatchObject({ code: 'ceremony/faulty-shares' });
    expect((await receiveShares(run.state, run.secrets.get(3)!)).faults).toEqual([]);
    run.send({ kind: 'accuse', trustee: 1, dealer: 2, lane: 1 });
    expect(() => run.confirm(1)).toThrow(refused('ceremony/open-accusation'));
    run.send({ kind: 'answer', trustee: 2, accuser: 1, lane: 1, share: answerShare(run.secrets.get(2)!, 1, 1) });
    const share = await finalShare(run.state, run.secrets.get(1)!);
    run.confirmAll();
    run.send({ kind: 'finish' });
    expect(run.state.exclusions).toEqual([]);
    expect(shareMatches(share, run.state.keys!.verificationKeys.get(1)!)).toBe(true);
  });

  it('a well-sealed wrong share is found too', async () => {
    const run = new Run();
    await run.begin();
    run.commitAll();
    run.revealAll();
    const honest = run.secrets.get(2)!;
    const wrong = { ...honest, polynomials: honest.polynomials.map((f) => [...f].reverse()) };
    const recipients = [1, 3].map((trustee) => ({
      trustee,
      transportKey: run.state.reveals.get(trustee)!.reveal.transportKey,
    }));
    const bytes = await makeDeal(ceremonyBase(SETUP, 1), 2, wrong.polynomials, recipients, streamOf('w'));
    run.send({ kind: 'deal', trustee: 2, bytes });
    run.send({ kind: 'deal', trustee: 1, bytes: await run.dealOf(1) });
    run.send({ kind: 'deal', trustee: 3, bytes: await run.dealOf(3) });
    const { faults } = await receiveShares(run.state, run.secrets.get(3)!);
    expect(faults).toEqual([0, 1].map((lane) => ({ dealer: 2, lane, fault: 'differs from the commitments' })));
  });

  it('a wrong answer names the dealer at once, and the next attempt goes on without', async () => {
    const run = await new Run().toConfirm(spoil(2, 0));
    run.send({ kind: 'accuse', trustee: 1, dealer: 2, lane: 0 });
    const share = answerShare(run.secrets.get(2)!, 1, 0);
    run.send({ kind: 'answer', trustee: 2, accuser: 1, lane: 0, share: (share + 1n) % l });
    expect(run.state).toMatchObject({ attempt: 2, stage: 'commit', active: [1, 3] });
    expect(run.state.exclusions).toEqual([{ trustee: 2, attempt: 1, reason: 'wrong-answer' }]);
    expect(() => run.send({ kind: 'commit', trustee: 2, hash: 1n })).toThrow(refused('ceremony/inactive'));
    await run.toConfirm();
    const shares = await Promise.all([1, 3].map((m) => finalShare(run.state, run.secrets.get(m)!)));
    run.confirmAll();
    run.send({ kind: 'finish' });
    expect([...run.state.keys!.verificationKeys.keys()]).toEqual([1, 3]);
    expect(shares.every((x) => shareMatches(x, run.state.keys!.verificationKeys.get(x.trustee)!))).toBe(true);
  });

  it('an answer + l is a wrong answer', async () => {
    const run = await honestRun();
    run.send({ kind: 'accuse', trustee: 1, dealer: 2, lane: 0 });
    run.send({ kind: 'answer', trustee: 2, accuser: 1, lane: 0, share: answerShare(run.secrets.get(2)!, 1, 0) + l });
    expect(run.state.exclusions).toEqual([{ trustee: 2, attempt: 1, reason: 'wrong-answer' }]);
  });

  it('an accused dealer that keeps silent is named, its accuser is not', async () => {
    const run = await honestRun();
    run.send({ kind: 'accuse', trustee: 1, dealer: 2, lane: 0 });
    run.confirm(2);
    run.confirm(3);
    run.time = run.state.deadline;
    expect(() => run.send({ kind: 'timeout' })).toThrow(refused('ceremony/timeout'));
    run.time += 1;
    run.send({ kind: 'timeout' });
    expect(run.state.exclusions).toEqual([{ trustee: 2, attempt: 1, reason: 'no-answer' }]);
  });

  it('a false accusation costs the accused nothing', async () => {
    const run = await honestRun();
    run.send({ kind: 'accuse', trustee: 3, dealer: 1, lane: 0 });
    run.send({ kind: 'answer', trustee: 1, accuser: 3, lane: 0, share: answerShare(run.secrets.get(1)!, 3, 0) });
    run.confirmAll();
    run.send({ kind: 'finish' });
    expect(run.state.exclusions).toEqual([]);
  });

  it('open shares of two recipients force a new attempt that names nobody', async () => {
    const run = await honestRun();
    run.send({ kind: 'accuse', trustee: 3, dealer: 1, lane: 0 });
    run.send({ kind: 'accuse', trustee: 2, dealer: 1, lane: 0 });
    run.send({ kind: 'answer', trustee: 1, accuser: 3, lane: 0, share: answerShare(run.secrets.get(1)!, 3, 0) });
    expect(run.state.attempt).toBe(1);
    run.send({ kind: 'answer', trustee: 1, accuser: 2, lane: 0, share: answerShare(run.secrets.get(1)!, 2, 0) });
    expect(run.state).toMatchObject({ attempt: 2, stage: 'commit', active: [1, 2, 3], exclusions: [] });
  });

  it('an accusation and an answer leave time to react', async () => {
    const run = await honestRun();
    const first = run.state.deadline;
    run.time = first;
    run.send({ kind: 'accuse', trustee: 1, dealer: 2, lane: 0 });
    expect(run.state.deadline).toBe(first + 100);
    run.time = first + 100;
    run.send({ kind: 'answer', trustee: 2, accuser: 1, lane: 0, share: answerShare(run.secrets.get(2)!, 1, 0) });
    expect(run.state.deadline).toBe(first + 200);
    expect(() => run.send({ kind: 'accuse', trustee: 1, dealer: 3, lane: 0 })).toThrow(refused('ceremony/late'));
  });

  it.each<[string, string, { dealer: number; lane: number }]>([
    ['oneself', 'ceremony/accusation', { dealer: 1, lane: 0 }],
    ['a stranger', 'ceremony/accusation', { dealer: 4, lane: 0 }],
    ['a lane that is none', 'ceremony/accusation', { dealer: 2, lane: 2 }],
    ['a lane below 0', 'ceremony/accusation', { dealer: 2, lane: -1 }],
  ])('refuse an accusation of %s', async (_, code, accusation) => {
    const run = await honestRun();
    expect(() => run.send({ kind: 'accuse', trustee: 1, ...accusation })).toThrow(refused(code));
  });

  it('refuse the same accusation twice, and an answer nobody asked for', async () => {
    const run = await honestRun();
    run.send({ kind: 'accuse', trustee: 1, dealer: 2, lane: 0 });
    expect(() => run.send({ kind: 'accuse', trustee: 1, dealer: 2, lane: 0 })).toThrow(refused('ceremony/repeated'));
    const answer = { kind: 'answer', trustee: 3, accuser: 1, lane: 0, share: 1n } as const;
    expect(() => run.send(answer)).toThrow(refused('ceremony/accusation'));
    const right = { ...answer, trustee: 2, share: answerShare(run.secrets.get(2)!, 1, 0) };
    run.send(right);
    expect(() => run.send(right)).toThrow(refused('ceremony/accusation'));
  });
});
