import { UrnaError } from '../errors.ts';

/** The exit statuses of DESIGN §4, of every program: the command, the services, what starts them on one machine. */
export const EXIT = {
  ok: 0,
  checkFailed: 1,
  usage: 2,
  badInput: 3,
  refusedByState: 4,
  unreachable: 5,
  incomplete: 6,
  internal: 70,
} as const;

/** What a ceremony's or a trustee's state refuses: the message itself is well-formed. */
const BY_STATE: readonly string[] = [
  ...['accusation', 'attempt', 'stage', 'late', 'inactive', 'repeated', 'open-accusation', 'faulty-shares'],
  ...['timeout', 'unfinished', 'key-identity'],
].map((name) => `ceremony/${name}`);

const EXACT: ReadonlyMap<string, number> = new Map([
  ...[...BY_STATE, 'decryption/sum', 'decryption/other-sum'].map((code) => [code, EXIT.refusedByState] as const),
  ['tally/threshold', EXIT.incomplete],
  ['tally/not-found', EXIT.checkFailed],
  ['record/fork', EXIT.checkFailed],
  ...['second-factor', 'invalid', 'address'].map((name) => [`config/${name}`, EXIT.usage] as const),
  ['redis/unreachable', EXIT.unreachable],
  ...['port', 'running'].map((name) => [`start/${name}`, EXIT.refusedByState] as const),
  ['start/failed', EXIT.unreachable],
  ...['stale', 'occupied', 'empty', 'pending', 'full', 'replaced', 'skipped', 'other-box'].map(
    (name) => [`update/${name}`, EXIT.refusedByState] as const,
  ),
]);

/** First match wins; everything else that is an {@link UrnaError} is bad input. */
const byPrefix: readonly (readonly [string, number])[] = [
  ['check/', EXIT.checkFailed],
  ['usage/', EXIT.usage],
  ['chain/unreachable', EXIT.unreachable],
  ['chain/unconfirmed', EXIT.unreachable],
  ['chain/nonce', EXIT.unreachable],
  ['chain/pool-full', EXIT.unreachable],
  ['chain/syncing', EXIT.unreachable],
  ['deploy/nonce', EXIT.unreachable],
  ['follow/moved', EXIT.unreachable],
  ['server/unreachable', EXIT.unreachable],
  ['server/answer', EXIT.refusedByState],
  ['public/', EXIT.refusedByState],
  ['busy/', EXIT.unreachable],
  ['request/rate', EXIT.unreachable],
  ['request/timeout', EXIT.unreachable],
  ['second-factor/provider', EXIT.unreachable],
  ['second-factor/', EXIT.refusedByState],
  ['chain/url', EXIT.badInput],
  ['chain/profile', EXIT.badInput],
  ['chain/key', EXIT.badInput],
  ['chain/wrong-chain', EXIT.badInput],
  ['chain/', EXIT.refusedByState],
  ['state/', EXIT.refusedByState],
  ['network/running', EXIT.refusedByState],
  ['network/stopped', EXIT.refusedByState],
  ['network/start', EXIT.unreachable],
  ['network/stop', EXIT.unreachable],
  ['network/node', EXIT.unreachable],
  ['incomplete/', EXIT.incomplete],
  ['internal/', EXIT.internal],
];

/** The stable code of whatever was thrown: an {@link UrnaError}'s own, or `internal/unexpected`. */
export function codeOf(error: unknown): string {
  return error instanceof UrnaError ? error.code : 'internal/unexpected';
}

/** The process's exit status for an error code (SPEC §16). */
export function exitOf(code: string): number {
  return EXACT.get(code) ?? byPrefix.find(([prefix]) => code.startsWith(prefix))?.[1] ?? EXIT.badInput;
}
