import { address, anyBytes, bytes, count, list, nullable, oneOf, point, record, word } from './shape.ts';

const signature = bytes(65);
/** An officers' act (SPEC §12.1): its number, expiry and signatures, ordered by signer. */
const act = record({ number: count, expiry: count, signatures: list(signature) });
const step = { attempt: count, trustee: count };
const sealedList = record({ root: word, count, reserveRoot: word, reserveCount: count });
const unitSums = record({
  unit: count,
  state: oneOf('open', 'merged', 'empty', 'withheld'),
  nonEmpty: count,
  r: point,
  c: list(point),
});

/** The kinds of entries and their `data` (SPEC §14.1): the one table from which types, decoder and schema follow. */
export const kinds = {
  deployment: record({
    name: oneOf('poseidon', 'circuit-key', 'roll', 'ceremony', 'ballots', 'tally', 'election'),
    address,
    creator: address,
    nonce: count,
    codeBytes: count,
    codeHash: word,
    arguments: anyBytes,
  }),
  defined: record({
    chainId: count,
    election: address,
    roll: address,
    ceremony: address,
    ballots: address,
    tally: address,
    circuitKeys: list(address),
    definitionHash: word,
    configHash: word,
  }),
  approve: record({ act }),
  credentials: record({ act, lists: list(sealedList) }),
  'roll-begin': record({
    sender: address,
    version: count,
    registrationsRoot: word,
    reasonsHash: word,
    act: nullable(act),
  }),
  'roll-members': record({ sender: address, version: count, district: count, commitments: list(word) }),
  'roll-complete': record({ sender: address, version: count, roots: list(word), members: list(count) }),
  seal: record({ act, version: count, registrationsRoot: word, sealedRootsHash: word }),
  'ceremony-commit': record({ ...step, commitment: word, signature }),
  'ceremony-reveal': record({ ...step, points: list(point), k: point, z: word, transportKey: word, signature }),
  'ceremony-deal': record({ ...step, shares: list(bytes(80)), signature }),
  'ceremony-confirm': record({ ...step, signature }),
  'ceremony-accuse': record({ ...step, dealer: count, lane: count, signature }),
  'ceremony-answer': record({ ...step, accuser: count, lane: count, share: word, signature }),
  'ceremony-restart': record({ attempt: count, excluded: list(count) }),
  'ceremony-abort': record({ attempt: count }),
  'ceremony-finish': record({
    attempt: count,
    pk: list(point),
    pk2: list(point),
    vk: list(record({ trustee: count, points: list(point) })),
  }),
  'poll-ready': record({ poll: count, root: word, members: count, k: point }),
  updates: record({
    sender: address,
    poll: count,
    round: count,
    firsts: anyBytes,
    laters: anyBytes,
    skipped: word,
    nonEmpty: count,
    sumsHash: word,
  }),
  extend: record({ act, closesAt: count, reasonHash: word }),
  cancel: record({ act, reasonHash: word }),
  aggregate: record({ contest: count, units: list(unitSums) }),
  decryption: record({ unit: count, trustee: count, points: list(point), a: point, b: point, z: word, signature }),
  counts: record({ unit: count, counts: list(count) }),
  certify: record({ act, resultHash: word }),
  anchor: record({ act, entries: count, hash: word }),
} as const;
