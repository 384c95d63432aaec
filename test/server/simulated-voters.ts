import { encodeBatch } from '../../contracts/ballots/batch.ts';
import type { PostedUpdate } from '../../contracts/ballots/batch.ts';
import { postUpdates } from '../../contracts/client/ballots.ts';
import { readSealedRoll } from '../../contracts/client/roll.ts';
import type { Sender } from '../../contracts/client/transact.ts';
import type { Ciphertext } from '../../protocol/ballot/ciphertext.ts';
import { encodeLanes, encryptOver } from '../../protocol/ballot/ciphertext.ts';
import { contextBase, nextHead, pollScope, updateContext } from '../../protocol/ballot/slot.ts';
import type { ProvedUpdate } from '../../protocol/ballot/prove.ts';
import type { PollConstants, Update } from '../../protocol/ballot/statement.ts';
import { oldOf, pollConstants, publicSignals } from '../../protocol/ballot/statement.ts';
import { encodeUpdateFile, updateWords, wordsHex } from '../../protocol/ballot/update-file.ts';
import type { UpdateFile } from '../../protocol/ballot/update-file.ts';
import { toConfig } from '../../protocol/config/to-config.ts';
import { at } from '../../protocol/errors.ts';
import { hashWords } from '../../protocol/hash.ts';
import type { Point } from '../../protocol/math/curve.ts';
import { G, O, add } from '../../protocol/math/curve.ts';
import type { Field } from '../../protocol/math/field.ts';
import { modScalar } from '../../protocol/math/field.ts';
import type { Proof } from '../../protocol/math/groth16-proof.ts';
import type { Trapdoor } from '../bench/trapdoor/trapdoor.ts';
import type { DeployedElection } from '../contracts/deploy/development.ts';

/** A slot that is not empty, as its owner knows it. */
export interface OwnSlot {
  readonly poll: number;
  readonly nullifier: Field;
  readonly previousHead: bigint;
  readonly head: Field;
  readonly ciphertext: Ciphertext;
}

/** An update whose proof holds, and the slot that it makes. */
export interface SimulatedUpdate {
  readonly file: UpdateFile;
  /** What `POST /v1/updates` takes. */
  readonly body: string;
  readonly posted: PostedUpdate;
  readonly after: OwnSlot;
}

/** Makes updates whose proofs are simulated: any nullifier may vote. Reproducible. */
export class SimulatedVoters {
  readonly #made: DeployedElection;
  readonly #trapdoor: Trapdoor;
  readonly polls: readonly PollConstants[];
  #draws = 1n;
  #noise: Point = G;

  private constructor(made: DeployedElection, trapdoor: Trapdoor, polls: readonly PollConstants[]) {
    this.#made = made;
    this.#trapdoor = trapdoor;
    this.polls = polls;
  }

  static async of(made: DeployedElection, keys: readonly Point[], trapdoor: Trapdoor): Promise<SimulatedVoters> {
    const { polls, contests } = toConfig(made.definition);
    const constants: PollConstants[] = [];
    for (const [poll, { contest, district }] of polls.entries()) {
      const { root, members } = await readSealedRoll(made.at, district);
      const scope = pollScope({ chainId: BigInt(made.at.connection.chainId), election: made.at.election, poll });
      constants.push(pollConstants(scope, { root: root as Field, members }, at(contests, contest).rule, keys));
    }
    return new SimulatedVoters(made, trapdoor, constants);
  }

  /** A slot's name for the `index`-th of any number of voters. */
  nullifier(index: number): Field {
    return (hashWords('test-nullifier', [BigInt(index)]) >> 8n) as Field;
  }

  /** A vote: the first in its slot, or with `slot` a changed one. `values` has one number an option. */
  vote(poll: number, nullifier: Field, values: readonly bigint[], slot?: OwnSlot): SimulatedUpdate {
    return this.#update(poll, nullifier, this.#encrypt(poll, { R: O, C: encodeLanes(values) }), slot);
  }

  /** Another ciphertext of the same vote. */
  mask(slot: OwnSlot): SimulatedUpdate {
    return this.#update(slot.poll, slot.nullifier, this.#encrypt(slot.poll, slot.ciphertext), slot);
  }

  /** An update of a ciphertext that holds nothing countable, made fast: for load. */
  noise(poll: number, nullifier: Field, slot?: OwnSlot): SimulatedUpdate {
    const next = (): Point => (this.#noise = add(this.#noise, G));
    return this.#update(poll, nullifier, { R: next(), C: at(this.polls, poll).keys.map(next) }, slot);
  }

  /** Posts updates of one poll, past all boxes. */
  async post(updates: readonly SimulatedUpdate[], sender: Sender): Promise<void> {
    const batch = encodeBatch(updates.map(({ posted }) => posted));
    await postUpdates(this.#made.at, sender, { poll: at(updates, 0).after.poll, ...batch });
  }

  #encrypt(poll: number, base: Ciphertext): Ciphertext {
    const rho = modScalar(hashWords('test-randomness', [(this.#draws += 1n)]));
    return encryptOver(base, at(this.polls, poll).keys, rho);
  }

  #update(poll: number, nullifier: Field, next: Ciphertext, slot: OwnSlot | undefined): SimulatedUpdate {
    const constants = at(this.polls, poll);
    const { chainId } = this.#made.at.connection;
    const { election } = this.#made.at;
    const base = contextBase({ chainId: BigInt(chainId), election, poll });
    const head = slot?.head ?? 0n;
    const context = updateContext(base, nullifier, head);
    const update: Update = {
      ...{ nullifier, context, next },
      ...{ fresh: slot === undefined, old: oldOf(slot, constants.keys.length) },
    };
    const proof = this.#trapdoor.simulate(publicSignals(constants, update)) as unknown as Proof;
    return handedIn({ chainId, election }, poll, { update, proof }, slot);
  }
}

/** An update as its voter hands it in and knows it. */
export function handedIn(
  context: UpdateFile['context'],
  poll: number,
  { update, proof }: ProvedUpdate,
  slot?: OwnSlot,
): SimulatedUpdate {
  const { nullifier, next } = update;
  const head = slot?.head ?? 0n;
  const file: UpdateFile = {
    ...{ context, poll, first: slot === undefined },
    words: wordsHex(updateWords({ update, proof }, slot)),
  };
  return {
    ...{ file, body: encodeUpdateFile(file) },
    posted: { update, proof, previousHead: slot?.previousHead ?? 0n },
    after: { poll, nullifier, previousHead: head, head: nextHead(head, next), ciphertext: next },
  };
}
