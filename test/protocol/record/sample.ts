import type { Hex } from '../../../protocol/encoding.ts';
import type { Entry, EntryData, EntryKind } from '../../../protocol/record/entry.ts';

/** `bytes` bytes of a repeated digit pair. */
function hex(bytes: number, pair = 'ab'): Hex {
  return `0x${pair.repeat(bytes)}`;
}

const word = hex(32);
const point = hex(64);
const address = hex(20);
const signature = hex(65);
const act = { number: 0, expiry: 1_900_000_000, signatures: [signature, signature] };
const step = { attempt: 1, trustee: 2 };
const k = point;

const data: { readonly [K in EntryKind]: EntryData<K> } = {
  deployment: { name: 'roll', address, creator: address, nonce: 1, codeBytes: 9, codeHash: word, arguments: word },
  defined: {
    ...{ chainId: 31_337, election: address, roll: address, ceremony: address, ballots: address, tally: address },
    ...{ circuitKeys: [address], definitionHash: word, configHash: word },
  },
  approve: { act },
  credentials: { act, lists: [{ root: word, count: 1, reserveRoot: word, reserveCount: 0 }] },
  'roll-begin': { sender: address, version: 2, registrationsRoot: word, reasonsHash: word, act },
  'roll-members': { sender: address, version: 1, district: 0, commitments: [word, hex(32, 'ac')] },
  'roll-complete': { sender: address, version: 1, roots: [word], members: [2] },
  seal: { act, version: 1, registrationsRoot: word, sealedRootsHash: word },
  'ceremony-commit': { ...step, commitment: word, signature },
  'ceremony-reveal': { ...step, points: [point], k, z: word, transportKey: word, signature },
  'ceremony-deal': { ...step, shares: [hex(80)], signature },
  'ceremony-confirm': { ...step, signature },
  'ceremony-accuse': { ...step, dealer: 1, lane: 0, signature },
  'ceremony-answer': { ...step, accuser: 1, lane: 0, share: word, signature },
  'ceremony-restart': { attempt: 2, excluded: [3] },
  'ceremony-abort': { attempt: 2 },
  'ceremony-finish': { attempt: 1, pk: [point], pk2: [point], vk: [{ trustee: 1, points: [point] }] },
  'poll-ready': { poll: 0, root: word, members: 5, k },
  updates: {
    ...{ sender: address, poll: 0, round: 0, firsts: word, laters: '0x', skipped: word },
    ...{ nonEmpty: 1, sumsHash: word },
  },
  extend: { act, closesAt: 1_800_000_000, reasonHash: word },
  cancel: { act, reasonHash: word },
  aggregate: { contest: 0, units: [{ unit: 0, state: 'open', nonEmpty: 7, r: point, c: [point] }] },
  decryption: { unit: 0, trustee: 1, points: [point], a: point, b: point, z: word, signature },
  counts: { unit: 0, counts: [3, 4] },
  certify: { act, resultHash: word },
  anchor: { act, entries: 25, hash: word },
};

/** One entry of every kind: right in form, meaningless in content. */
export const entries = Object.entries(data).map(
  ([kind, each], seq) =>
    ({ seq, block: seq + 1, time: 1_700_000_000 + seq, transaction: word, kind, data: each }) as Entry,
);
