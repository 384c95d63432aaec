import { decodeEventLog } from 'viem';
import { decodeHex, encodeHex, wordHex } from '../../protocol/encoding.ts';
import type { EntryData } from '../../protocol/record/entry.ts';
import { ceremonyAbi } from '../client/abi/ceremony.ts';
import type { Content, Happening } from './happening.ts';
import { callArgs, content, pointsOf, toCount, wordsHex } from './happening.ts';

/** Bytes of one sealed share (SPEC §7). */
const SHARE = 80;
const MAX_TRUSTEES = 32;

/** The entry of an event of `KeyCeremony` (SPEC §14.1). @param trustees - how many there are */
export function ceremonyEntry(happening: Happening, trustees: number): Content {
  const event = decodeEventLog({ abi: ceremonyAbi, ...happening.log });
  switch (event.eventName) {
    case 'CeremonyRestarted': {
      const active = trusteesIn(event.args.active);
      const excluded = Array.from({ length: trustees }, (_, i) => i + 1).filter((each) => !active.includes(each));
      return content('ceremony-restart', { attempt: toCount(event.args.attempt), excluded });
    }
    case 'CeremonyAborted':
      return content('ceremony-abort', { attempt: toCount(event.args.attempt) });
    case 'KeysMade':
      return content('ceremony-finish', madeKeys(event.args.attempt, event.args.active, event.args.words));
    default: {
      const step = { attempt: toCount(event.args.attempt), trustee: toCount(event.args.trustee) };
      return stepEntry(happening, step, event);
    }
  }
}

type Event = ReturnType<typeof decodeEventLog<typeof ceremonyAbi>>;
type StepEvent = Exclude<Event, { eventName: 'CeremonyRestarted' | 'CeremonyAborted' | 'KeysMade' }>;

function stepEntry(happening: Happening, step: { attempt: number; trustee: number }, event: StepEvent): Content {
  switch (event.eventName) {
    case 'CommitPosted': {
      const [, commitment, signature] = callArgs(happening, ceremonyAbi, 'commit');
      return content('ceremony-commit', { ...step, commitment, signature });
    }
    case 'RevealPosted': {
      const [, points, k, z, transportKey, signature] = callArgs(happening, ceremonyAbi, 'reveal');
      const reveal = { points: pointsOf(points), k: wordsHex(k), z: wordHex(z), transportKey };
      return content('ceremony-reveal', { ...step, ...reveal, signature });
    }
    case 'DealPosted': {
      const [, shares, signature] = callArgs(happening, ceremonyAbi, 'deal');
      const bytes = decodeHex(shares);
      const split = Array.from({ length: bytes.length / SHARE }, (_, i) => bytes.subarray(i * SHARE, (i + 1) * SHARE));
      return content('ceremony-deal', { ...step, shares: split.map(encodeHex), signature });
    }
    case 'ConfirmPosted': {
      const [, signature] = callArgs(happening, ceremonyAbi, 'confirm');
      return content('ceremony-confirm', { ...step, signature });
    }
    case 'AccusePosted': {
      const [, dealer, lane, signature] = callArgs(happening, ceremonyAbi, 'accuse');
      return content('ceremony-accuse', { ...step, dealer: toCount(dealer), lane: toCount(lane), signature });
    }
    case 'AnswerPosted': {
      const [, accuser, lane, share, , signature] = callArgs(happening, ceremonyAbi, 'answer');
      const answer = { accuser: toCount(accuser), lane: toCount(lane), share: wordHex(share) };
      return content('ceremony-answer', { ...step, ...answer, signature });
    }
  }
}

/** Trustees' numbers in a bitmap, ascending: bit m − 1 is trustee m. */
function trusteesIn(bitmap: bigint): number[] {
  const all = Array.from({ length: MAX_TRUSTEES }, (_, i) => i + 1);
  return all.filter((each) => ((bitmap >> BigInt(each - 1)) & 1n) === 1n);
}

/** Words of PK, of PK2, then VK of every active trustee, each of all lanes. */
function madeKeys(attempt: bigint, active: bigint, words: readonly bigint[]): EntryData<'ceremony-finish'> {
  const trustees = trusteesIn(active);
  const points = pointsOf(words);
  const lanes = points.length / (2 + trustees.length);
  const row = (index: number) => points.slice(index * lanes, (index + 1) * lanes);
  const vk = trustees.map((trustee, i) => ({ trustee, points: row(2 + i) }));
  return { attempt: toCount(attempt), pk: row(0), pk2: row(1), vk };
}
