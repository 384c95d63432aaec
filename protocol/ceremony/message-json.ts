import { decodeHex, decodeWord, encodeHex, wordHex } from '../encoding.ts';
import { UrnaError, require } from '../errors.ts';
import type { CeremonyMessage } from './messages.ts';

type Members = Readonly<Record<string, unknown>>;

function count(value: unknown, name: string): number {
  const valid = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  require(valid, 'ceremony/message', `${name} is not a count`);
  return value;
}

function words(value: unknown): bigint[] {
  require(Array.isArray(value), 'ceremony/message', 'words are not a list');
  return (value as unknown[]).map(decodeWord);
}

/** JSON value of a message: numbers as numbers, words and bytes as `0x` hex (SPEC §1.2). */
export function encodeMessage(message: CeremonyMessage): Members {
  const { kind, attempt, time } = message;
  const head = { kind, attempt, time };
  switch (message.kind) {
    case 'commit':
      return { ...head, trustee: message.trustee, hash: wordHex(message.hash) };
    case 'reveal':
      return { ...head, trustee: message.trustee, words: message.words.map(wordHex) };
    case 'deal':
      return { ...head, trustee: message.trustee, bytes: encodeHex(message.bytes) };
    case 'confirm':
      return { ...head, trustee: message.trustee, transcript: wordHex(message.transcript) };
    case 'accuse':
      return { ...head, trustee: message.trustee, dealer: message.dealer, lane: message.lane };
    case 'answer':
      return {
        ...head,
        trustee: message.trustee,
        accuser: message.accuser,
        lane: message.lane,
        share: wordHex(message.share),
      };
    default:
      return head;
  }
}

const MEMBERS: Readonly<Record<CeremonyMessage['kind'], readonly string[]>> = {
  commit: ['trustee', 'hash'],
  reveal: ['trustee', 'words'],
  deal: ['trustee', 'bytes'],
  confirm: ['trustee', 'transcript'],
  accuse: ['trustee', 'dealer', 'lane'],
  answer: ['trustee', 'accuser', 'lane', 'share'],
  timeout: [],
  finish: [],
};

function isKind(kind: unknown): kind is CeremonyMessage['kind'] {
  return typeof kind === 'string' && Object.hasOwn(MEMBERS, kind);
}

/** Strict inverse of {@link encodeMessage}: no unknown members. @throws `ceremony/message`, `encoding/hex` */
export function decodeMessage(value: unknown): CeremonyMessage {
  require(typeof value === 'object' && value !== null, 'ceremony/message', 'a message is not an object');
  const m = value as Members;
  const kind = m['kind'];
  if (!isKind(kind)) throw new UrnaError('ceremony/message', 'a message has an unknown kind');
  const expected = ['kind', 'attempt', 'time', ...MEMBERS[kind]].sort().join();
  require(Object.keys(m).sort().join() === expected, 'ceremony/message', `a ${kind} message has other members`);
  const head = { attempt: count(m['attempt'], 'attempt'), time: count(m['time'], 'time') };
  if (kind === 'timeout' || kind === 'finish') return { ...head, kind };
  const trustee = count(m['trustee'], 'trustee');
  switch (kind) {
    case 'commit':
      return { ...head, kind, trustee, hash: decodeWord(m['hash']) };
    case 'reveal':
      return { ...head, kind, trustee, words: words(m['words']) };
    case 'deal':
      return { ...head, kind, trustee, bytes: decodeHex(m['bytes']) };
    case 'confirm':
      return { ...head, kind, trustee, transcript: decodeWord(m['transcript']) };
    case 'accuse':
      return { ...head, kind, trustee, dealer: count(m['dealer'], 'dealer'), lane: count(m['lane'], 'lane') };
    case 'answer':
      return {
        ...head,
        kind,
        trustee,
        accuser: count(m['accuser'], 'accuser'),
        lane: count(m['lane'], 'lane'),
        share: decodeWord(m['share']),
      };
  }
}
