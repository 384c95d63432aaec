import { readVerifyingKey } from '../../../contracts/client/ballots.ts';
import type { ElectionAt } from '../../../contracts/client/election.ts';
import type { JudgedPoll } from '../../../protocol/ballot/judge-update.ts';
import { contextBase, pollScope } from '../../../protocol/ballot/slot.ts';
import { constantSignals, pollConstants } from '../../../protocol/ballot/statement.ts';
import { readCurvePoint } from '../../../protocol/checks/replay/posted-point.ts';
import type { Config } from '../../../protocol/config/config.ts';
import { decodeWord } from '../../../protocol/encoding.ts';
import { at as item } from '../../../protocol/errors.ts';
import { toField } from '../../../protocol/math/field.ts';
import type { VerifyingKey } from '../../../protocol/math/groth16-key.ts';
import type { Facts } from './facts.ts';

/** A poll that can be voted in. */
export interface BoxPoll extends JudgedPoll {
  readonly poll: number;
  readonly lanes: number;
  /** Most slots that it can have. */
  readonly members: number;
  /** The key that the contract verifies with. */
  readonly key: VerifyingKey;
  /** The poll's public signals, which come first. */
  readonly signals: readonly bigint[];
}

/** Finds a poll; undefined until its roll is sealed, the keys are made and the contract has prepared it. */
export type FindPoll = (facts: Facts, poll: number) => BoxPoll | undefined;

/** The polls of an election. Reads the circuits' keys from the chain. @throws `vkey/*`, `chain/*` */
export async function openPolls(at: ElectionAt, config: Config): Promise<FindPoll> {
  const keys = new Map<number, VerifyingKey>();
  for (const { lanes } of config.contests) {
    if (!keys.has(lanes)) keys.set(lanes, await readVerifyingKey(at, lanes));
  }
  const made = new Map<number, { readonly of: string; readonly poll: BoxPoll }>();
  return ({ sealed, publicKeys, polls }, poll) => {
    if (sealed === null || publicKeys === null || polls[poll]?.ready !== true) return undefined;
    // A reorganisation may change both.
    const of = [sealed.rootsHash, ...publicKeys].join();
    const known = made.get(poll);
    if (known?.of === of) return known.poll;
    const fresh = makePoll(at, config, keys, sealed, publicKeys, poll);
    made.set(poll, { of, poll: fresh });
    return fresh;
  };
}

function makePoll(
  { connection, election }: ElectionAt,
  { polls, contests }: Config,
  keys: ReadonlyMap<number, VerifyingKey>,
  sealed: NonNullable<Facts['sealed']>,
  publicKeys: NonNullable<Facts['publicKeys']>,
  poll: number,
): BoxPoll {
  const { contest, district } = item(polls, poll);
  const { lanes, rule } = item(contests, contest);
  const id = { chainId: BigInt(connection.chainId), election, poll };
  const members = item(sealed.members, district);
  const roll = { root: toField(decodeWord(item(sealed.roots, district))), members };
  const constants = pollConstants(pollScope(id), roll, rule, publicKeys.map(readCurvePoint));
  const key = item(
    [...keys].filter(([each]) => each === lanes).map(([, value]) => value),
    0,
  );
  return { poll, lanes, members, key, constants, base: contextBase(id), signals: constantSignals(constants) };
}
