import type { Ciphertext } from '../../../../protocol/ballot/ciphertext.ts';
import { ciphertextWords, emptyCiphertext } from '../../../../protocol/ballot/ciphertext.ts';
import { padValues } from '../../../../protocol/ballot/rules.ts';
import { contextBase, nextHead, pollScope, slotOf } from '../../../../protocol/ballot/slot.ts';
import type { PollConstants } from '../../../../protocol/ballot/statement.ts';
import { constantSignals, oldOf, pollConstants } from '../../../../protocol/ballot/statement.ts';
import { foldConstants } from '../../../../protocol/checks/replay/poll-constants.ts';
import { boxOfSlot } from '../../../../protocol/checks/replay/ballots-replay.ts';
import type { CeremonyKeys } from '../../../../protocol/ceremony/keys.ts';
import type { Config } from '../../../../protocol/config/config.ts';
import type { ElectionDomain } from '../../../../protocol/acts/typed-data.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import { concatBytes, encodeHex, encodeWord, wordHex } from '../../../../protocol/encoding.ts';
import { at } from '../../../../protocol/errors.ts';
import { keccak256 } from '../../../../protocol/hash.ts';
import type { G1Point } from '../../../../protocol/math/bn254.ts';
import { add, negate } from '../../../../protocol/math/curve.ts';
import type { Field } from '../../../../protocol/math/field.ts';
import type { Poseidon } from '../../../../protocol/math/poseidon.ts';
import type { VerifyingKey } from '../../../../protocol/math/groth16-key.ts';
import type { Prover } from './provers.ts';
import type { Ledger } from './ledger.ts';
import { post } from './ledger.ts';
import type { Voter } from './parties.ts';
import type { stream } from './random.ts';

/** A slot as its owner and boxes know it. */
interface Slot {
  /** Head and ciphertext before the newest update, and now. */
  readonly previousHead: bigint;
  readonly head: Field;
  readonly ciphertext: Ciphertext;
}

/** A poll of the world. */
export interface WorldPoll {
  readonly poll: number;
  readonly constants: PollConstants;
  readonly slots: Map<bigint, Slot>;
  sums: Ciphertext;
  readonly prove: Prover;
}

/** What a batch is made of. `skip` names an update that the chain has to leave out. */
export interface Cast {
  readonly voter: Voter;
  readonly values?: readonly number[];
  readonly skip?: true;
  /** Continue from the slot's state before this batch, though an update of the batch has changed it. */
  readonly stale?: true;
}

/** Everything voting needs to know. */
export interface Booth {
  readonly ledger: Ledger;
  readonly domain: ElectionDomain;
  readonly poseidon: Poseidon;
  readonly config: Config;
  readonly sealedRootsHash: bigint;
  readonly boxes: readonly Hex[];
  readonly random: ReturnType<typeof stream>;
}

/** Makes a poll ready. */
export function readyPoll(
  booth: Booth,
  poll: number,
  roll: { readonly root: Field; readonly members: number },
  keys: CeremonyKeys,
  circuit: { readonly key: VerifyingKey; readonly prove: Prover },
): WorldPoll {
  const { rule } = at(booth.config.contests, at(booth.config.polls, poll).contest);
  const constants = pollConstants(pollScope({ ...booth.domain, poll }), roll, rule, keys.publicKeys);
  const k = foldConstants(circuit.key, constantSignals(constants));
  post(booth.ledger, 'poll-ready', { poll, root: wordHex(roll.root), members: roll.members, k: encodeG1(k) });
  return { poll, constants, slots: new Map(), sums: emptyCiphertext(constants.keys.length), prove: circuit.prove };
}

function encodeG1({ x, y }: G1Point): Hex {
  return encodeHex(concatBytes(encodeWord(x), encodeWord(y)));
}

/** Slot of a voter in a poll. */
export function slotIn({ poseidon }: Booth, { constants }: WorldPoll, { identity }: Voter): Field {
  return slotOf(poseidon, constants.scope, identity.secretScalar);
}

/** Address of the box that a voter's slot belongs to in a round. */
export function boxFor(booth: Booth, poll: WorldPoll, voter: Voter, round: number): Hex {
  const slot = slotIn(booth, poll, voter);
  return at(booth.boxes, boxOfSlot(booth.sealedRootsHash, slot, round, booth.boxes.length));
}

/** Posts a batch: casts with values are votes, those without are masks. First casts come first. */
export async function postBatch(
  booth: Booth,
  poll: WorldPoll,
  sender: Hex,
  round: number,
  casts: readonly Cast[],
): Promise<void> {
  const before = new Map(poll.slots);
  const isFirst = ({ voter, stale }: Cast): boolean => {
    const slot = slotIn(booth, poll, voter);
    return !(stale === true ? before : poll.slots).has(slot);
  };
  const firsts: bigint[] = [];
  const laters: bigint[] = [];
  let skipped = 0n;
  for (const [i, cast] of casts.entries()) {
    const first = isFirst(cast);
    (first ? firsts : laters).push(...(await update(booth, poll, cast, before, first)));
    if (cast.skip === true) skipped |= 1n << BigInt(i);
  }
  const words = (list: readonly bigint[]): Hex => encodeHex(concatBytes(...list.map(encodeWord)));
  post(booth.ledger, 'updates', {
    ...{ sender, poll: poll.poll, round, firsts: words(firsts), laters: words(laters), skipped: wordHex(skipped) },
    ...{ nonEmpty: poll.slots.size, sumsHash: sumsWord(poll.sums) },
  });
}

/** `sumsHash` of SPEC §14.1. */
export function sumsWord(sums: Ciphertext): Hex {
  return encodeHex(keccak256(concatBytes(...ciphertextWords(sums).map(encodeWord))));
}

/** Words of one update; unless it is to be left out, the slot and the sums move on. */
async function update(
  booth: Booth,
  poll: WorldPoll,
  { voter, values, skip, stale }: Cast,
  before: ReadonlyMap<bigint, Slot>,
  first: boolean,
): Promise<bigint[]> {
  const { constants, slots, prove } = poll;
  const slot = slotIn(booth, poll, voter);
  const state = first ? undefined : (stale === true ? before : slots).get(slot);
  const { next, proof } = await prove({
    ...{ constants, voter, slot, state, random: booth.random },
    contextBase: contextBase({ ...booth.domain, poll: poll.poll }),
    values: values === undefined ? undefined : padValues(constants.rule, values.map(BigInt)),
  });
  if (skip !== true) {
    const old = oldOf(state, constants.keys.length);
    poll.sums = {
      R: add(add(poll.sums.R, negate(old.R)), next.R),
      C: poll.sums.C.map((sum, j) => add(add(sum, negate(at(old.C, j))), at(next.C, j))),
    };
    const head = state?.head ?? (0n as Field);
    slots.set(slot, { previousHead: head, head: nextHead(head, next), ciphertext: next });
  }
  const previous = state === undefined ? [] : [state.previousHead, ...ciphertextWords(state.ciphertext)];
  return [slot, ...previous, ...ciphertextWords(next), ...proof];
}
