import { describe, expect, it } from '@jest/globals';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Seals } from '../../../protocol/seals/seals-file.ts';
import { decodeSeals } from '../../../protocol/seals/seals-file.ts';
import type { Sealable } from '../../../server/public/sealed-record.ts';
import { SealedRecord } from '../../../server/public/sealed-record.ts';

/** A record of so many entries, the last of which is its number. */
const held = (entries: number): Sealable => ({
  state: { seq: entries } as FollowState,
  segments: { closed: [], open: Array.from({ length: entries }, (_, i) => String(i)) },
});
const sealsOf = ({ seq }: FollowState): Seals => ({ headers: [Uint8Array.of(seq)], nodes: [] });

function sealedRecord(read: (state: FollowState) => Promise<Seals | undefined>) {
  const notes: string[] = [];
  const record = new SealedRecord(read, (code) => void notes.push(code), new AbortController().signal, 0);
  const change = async (entries: number): Promise<void> => {
    record.changed(held(entries));
    await record.idle();
  };
  return { record, notes, change };
}

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return (error as UrnaError).code;
  }
};

describe('a sealed record', () => {
  it('is there with its seals, which are had by their hash once there are newer ones', async () => {
    const { record, change } = sealedRecord((state) => Promise.resolve(sealsOf(state)));
    expect([codeOf(() => record.newest), codeOf(() => record.bytes(undefined))]).toEqual([
      'busy/seals',
      'not-found/file',
    ]);
    await change(1);
    const first = record.newest.file;
    await change(2);
    expect(record.newest.segments.open).toHaveLength(2);
    expect(decodeSeals(record.bytes(undefined)).headers).toEqual([Uint8Array.of(2)]);
    expect(decodeSeals(record.bytes(first.sha256)).headers).toEqual([Uint8Array.of(1)]);
    expect(record.bytes(first.sha256)).toHaveLength(first.bytes);
  });

  it('stays as it was where seals cannot be read, and is sealed with the next change', async () => {
    let fails = false;
    const { record, notes, change } = sealedRecord((state) =>
      fails ? Promise.reject(new UrnaError('chain/state', 'gone')) : Promise.resolve(sealsOf(state)),
    );
    await change(1);
    fails = true;
    await change(2);
    expect([notes, record.newest.segments.open.length]).toEqual([['chain/state'], 1]);
    fails = false;
    await change(3);
    expect(record.newest.segments.open).toHaveLength(3);
  });

  it('reads no seals where nothing has changed, and keeps a bounded number of old ones', async () => {
    let reads = 0;
    const { record, change } = sealedRecord((state) => Promise.resolve((reads++, sealsOf(state))));
    await change(1);
    const first = record.newest.file.sha256;
    await change(1);
    expect(reads).toBe(1);
    for (let entries = 2; entries <= 40; entries++) await change(entries);
    expect(codeOf(() => record.bytes(first))).toBe('not-found/file');
    expect(codeOf(() => record.bytes(record.newest.file.sha256))).toBe('ok');
  });
});
