import type { Json } from '../../../../protocol/canonical-json.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import { decodeHex, encodeHex } from '../../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../../protocol/errors.ts';
import { readIndex, readMembers } from '../../../../protocol/json-members.ts';
import { parseServerUrl } from '../../../http/server-url.ts';
import type { ServerUrl } from '../../../http/server-url.ts';

const SHAPE = 'vault/damaged';
/** Ballots of one voter, changed ones among them, that are kept. */
const MOST = 200;

/** What became of a ballot, as its box says; `kept`: no box has taken it yet. */
export type BallotState = 'kept' | 'waiting' | 'sent' | 'confirmed' | 'returned';
const STATES: readonly BallotState[] = ['kept', 'waiting', 'sent', 'confirmed', 'returned'];

/** A box's promise (SPEC §17.2), checked before it was kept. */
export interface KeptPromise {
  readonly box: string;
  readonly server: ServerUrl;
  readonly tracker: string;
  readonly round: number;
  /** Unix seconds of block time. */
  readonly by: number;
  /** As the box signed it. */
  readonly receipt: Json;
}

/** A ballot that was cast. What it holds is not kept anywhere. */
export interface KeptBallot {
  /** Index of the contest. */
  readonly contest: number;
  readonly isChange: boolean;
  readonly fingerprint: Hex;
  /** Unix seconds of this device: before it, the ballot is not handed in. */
  readonly notBefore: number;
  /** What boxes take; null once it is on chain, or returned. */
  readonly update: string | null;
  readonly promises: readonly KeptPromise[];
  readonly state: BallotState;
  /** Why it was returned; empty otherwise. */
  readonly code: string;
  /** Block that it is in, once it is confirmed. */
  readonly block: number | null;
}

const NAMES = [
  ...(['block', 'code', 'contest', 'fingerprint', 'isChange', 'notBefore'] as const),
  ...(['promises', 'state', 'update'] as const),
] as const;

export function encodeBallots(ballots: readonly KeptBallot[]): Json {
  return ballots.slice(-MOST).map((ballot) => ({
    ...ballot,
    promises: ballot.promises.map((promise) => ({ ...promise })),
  }));
}

/** Strict inverse of {@link encodeBallots}; undefined: none yet. @throws `vault/damaged`, `encoding/hex`, `server/url` */
export function decodeBallots(json: Json | undefined): KeptBallot[] {
  if (json === undefined) return [];
  require(Array.isArray(json), SHAPE, 'the ballots are no list');
  return (json as readonly Json[]).map((each) => {
    const { block, code, contest, fingerprint, isChange, notBefore, promises, state, update } = readMembers(
      each,
      NAMES,
      SHAPE,
    );
    const known = STATES.find((name) => name === state);
    const fits = typeof isChange === 'boolean' && typeof code === 'string' && Array.isArray(promises);
    if (known === undefined || !fits || (update !== null && typeof update !== 'string'))
      throw new UrnaError(SHAPE, 'not a ballot');
    return {
      ...{ contest: readIndex(contest, SHAPE), isChange, fingerprint: encodeHex(decodeHex(fingerprint, 32)), code },
      ...{ notBefore: readIndex(notBefore, SHAPE), update, state: known },
      promises: (promises as readonly Json[]).map(decodePromise),
      block: block === null ? null : readIndex(block, SHAPE),
    };
  });
}

function decodePromise(json: Json): KeptPromise {
  const { box, by, receipt, round, server, tracker } = readMembers(
    json,
    ['box', 'by', 'receipt', 'round', 'server', 'tracker'] as const,
    SHAPE,
  );
  const fits = typeof box === 'string' && typeof server === 'string' && typeof tracker === 'string';
  require(fits && receipt !== undefined, SHAPE, 'not a promise');
  return {
    ...{ box: String(box), server: parseServerUrl(String(server)), tracker: String(tracker), receipt: receipt ?? null },
    ...{ round: readIndex(round, SHAPE), by: readIndex(by, SHAPE) },
  };
}
