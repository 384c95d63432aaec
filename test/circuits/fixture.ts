import { drawRandomness } from '../../protocol/ballot/randomness.ts';
import type { Randomness } from '../../protocol/ballot/randomness.ts';
import type { Rule } from '../../protocol/ballot/rules.ts';
import type { PollId, SlotState } from '../../protocol/ballot/slot.ts';
import { contextBase, nextHead, pollScope } from '../../protocol/ballot/slot.ts';
import { pollConstants } from '../../protocol/ballot/statement.ts';
import type { PollConstants } from '../../protocol/ballot/statement.ts';
import type { PreparedUpdate } from '../../protocol/ballot/update.ts';
import { prepareMask, prepareVote } from '../../protocol/ballot/update.ts';
import { decodeNumber } from '../../protocol/encoding.ts';
import { sha256 } from '../../protocol/hash.ts';
import { multiplyBase, pointWords } from '../../protocol/math/curve.ts';
import type { Point } from '../../protocol/math/curve.ts';
import type { Field, Scalar } from '../../protocol/math/field.ts';
import { modScalar } from '../../protocol/math/field.ts';
import type { CircuitInputs, WitnessCalculator } from '../../protocol/math/witness-calculator.ts';
import { loadWitnessCalculator, runWitnessCalculator } from '../../protocol/math/witness-calculator.ts';
import { loadPoseidon } from '../../protocol/math/poseidon.ts';
import type { Poseidon } from '../../protocol/math/poseidon.ts';
import type { RandomBytes } from '../../protocol/random.ts';
import { buildTree, membershipPath } from '../../protocol/roll/lean-imt.ts';

/** Reproducible bytes: SHA-256 of a counter. */
export function stream(seed: number): RandomBytes {
  let counter = 0;
  return (length) => {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i += 32) {
      const block = sha256(new TextEncoder().encode(`${seed}/${counter++}`));
      out.set(block.subarray(0, Math.min(32, length - i)), i);
    }
    return out;
  };
}

export const id: PollId = { chainId: 1337n, election: '0x00000000000000000000000000000000000000aa', poll: 3 };

/** Secret 5 is a member, so that 5 + l has 251 digits as well. */
export const secrets = [5n, 7_777n, ...[1, 2, 3].map((i) => modScalar(decodeNumber(stream(i)(32))))] as Scalar[];

export function commitment(poseidon: Poseidon, secret: bigint): Field {
  return poseidon(pointWords(multiplyBase(secret as Scalar)));
}

/** Keys of `lanes` lanes. */
export function laneKeys(lanes: number): Point[] {
  return Array.from({ length: lanes }, (_, j) => multiplyBase(modScalar(decodeNumber(stream(100 + j)(32)))));
}

/** An election of five voters with one poll under `rule`. */
export interface Poll {
  readonly poseidon: Poseidon;
  readonly constants: PollConstants;
  vote(voter: number, values: readonly bigint[], state?: SlotState, randomness?: Randomness): PreparedUpdate;
  mask(slot: Field, state: SlotState, randomness?: Randomness): PreparedUpdate;
}

export async function openPoll(rule: Rule, leaves?: readonly Field[]): Promise<Poll> {
  const poseidon = await loadPoseidon();
  const tree = buildTree(poseidon, leaves ?? secrets.map((secret) => commitment(poseidon, secret)));
  const roll = { root: membershipPath(tree, 0).root, members: tree.levels[0]!.length };
  const constants = pollConstants(pollScope(id), roll, rule, laneKeys(rule.max.length / 2));
  const base = contextBase(id);
  let seed = 1000;
  const draw = (): Randomness => drawRandomness(stream(seed++));
  return {
    poseidon,
    constants,
    vote: (voter, values, state, randomness = draw()) =>
      prepareVote(poseidon, {
        ...{ constants, contextBase: base, secret: secrets[voter]!, values, state, randomness },
        path: membershipPath(tree, voter),
      }),
    mask: (slot, state, randomness = draw()) => prepareMask({ constants, contextBase: base, slot, state, randomness }),
  };
}

/** The slot after an update. */
export function after({ update }: PreparedUpdate, state?: SlotState): SlotState {
  return { head: nextHead(state?.head ?? 0n, update.next), ciphertext: update.next };
}

const generators = new WeakMap<Uint8Array, Promise<WitnessCalculator>>();

/** All wires of a circuit for these inputs, as its generator writes them. Compiling one takes longer than running it: it is done once. */
export async function witnessBytes(wasm: Uint8Array, inputs: CircuitInputs): Promise<DataView> {
  const generator = generators.get(wasm) ?? loadWitnessCalculator(wasm);
  generators.set(wasm, generator);
  const { buffer, byteOffset, byteLength } = await runWitnessCalculator(await generator, inputs);
  return new DataView(buffer, byteOffset, byteLength);
}

/** The number at a place, 32 bytes little-endian. */
export function wireAt(bytes: DataView, place: number): bigint {
  let value = 0n;
  for (let i = 3; i >= 0; i--) value = (value << 64n) | bytes.getBigUint64(32 * place + 8 * i, true);
  return value;
}

/** All wires of a circuit for these inputs. */
export async function calculateWitness(wasm: Uint8Array, inputs: CircuitInputs): Promise<bigint[]> {
  const bytes = await witnessBytes(wasm, inputs);
  return Array.from({ length: bytes.byteLength / 32 }, (_, place) => wireAt(bytes, place));
}
