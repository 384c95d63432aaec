import { drawRandomnessBytes } from '../../../../protocol/ballot/ballot-bytes.ts';
import { exampleVotes } from '../../../../protocol/ballot/example-votes.ts';
import { encodeOpening } from '../../../../protocol/ballot/opening.ts';
import type { VoteProver } from '../../../../protocol/ballot/prove-vote.ts';
import { createVoteProver } from '../../../../protocol/ballot/prove-vote.ts';
import { drawRandomness } from '../../../../protocol/ballot/randomness.ts';
import { fingerprint } from '../../../../protocol/ballot/slot.ts';
import type { PreparedUpdate } from '../../../../protocol/ballot/update.ts';
import { encodeUpdateFile, updateWords, wordsHex } from '../../../../protocol/ballot/update-file.ts';
import { wordHex } from '../../../../protocol/encoding.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import { UrnaError, at, require } from '../../../../protocol/errors.ts';
import { loadPoseidon } from '../../../../protocol/math/poseidon.ts';
import type { Poseidon } from '../../../../protocol/math/poseidon.ts';
import { loadOwnProvingEngine } from '../../../../protocol/math/proving-engine.ts';
import type { EncryptedBallot } from '../../../../protocol/voting/encrypted-ballot.ts';
import { prepareBallot } from '../../../../protocol/voting/encrypted-ballot.ts';
import type { OwnSlot } from '../../../../protocol/voting/own-slot.ts';
import { findOwnSlots } from '../../../../protocol/voting/own-slot.ts';
import { getBytes } from '../../../http/ask.ts';
import { randomBytes } from '../random.ts';
import type { BallotPlace, BallotReport, SlotSeen } from './ballot-tasks.ts';
import { fetchCircuit } from './circuit-files.ts';

/** A group of slots may take its time over a slow line; milliseconds. */
const TIMEOUT = 300_000;

/** The page's questions are answered between the steps of a proof, not at its end. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** A ballot that is neither cast nor challenged yet. Secret. */
interface Undecided {
  readonly values: readonly bigint[];
  readonly bytes: Uint8Array;
  readonly ballot: EncryptedBallot;
}

/**
 * A voter's ballots of one contest, in the worker that makes them: ρ is drawn here and never leaves, but in the opening of a challenged ballot.
 * A ballot is decided on once: what was shown is cast or revealed, and then forgotten, whatever becomes of it. Secret.
 */
export class BallotAtWork {
  readonly #place: BallotPlace;
  readonly #poseidon: Poseidon;
  readonly #slot: OwnSlot;
  #prover: Promise<VoteProver> | undefined;
  readonly #tell: (report: BallotReport) => void;
  /** Randomness of the next ballot; undefined once one was made with it. */
  #fresh: Uint8Array | undefined;
  #examples: readonly PreparedUpdate[] = [];
  #prepared: Promise<void> = Promise.resolve();
  #undecided: Undecided | undefined;

  private constructor(place: BallotPlace, poseidon: Poseidon, slot: OwnSlot, tell: (report: BallotReport) => void) {
    [this.#place, this.#poseidon, this.#slot, this.#tell] = [place, poseidon, slot, tell];
    this.#draw();
  }

  /** Finds the slot; what does not depend on the choice goes on behind. @throws the codes of `findOwnSlots` */
  static async open(place: BallotPlace, tell: (report: BallotReport) => void): Promise<BallotAtWork> {
    const { service, definition, context, identity, district, contest } = place;
    tell({ kind: 'step', step: 'slot' });
    const poseidon = await loadPoseidon();
    const read = (path: string, maxBytes: number): Promise<Uint8Array> =>
      getBytes(service, path, { maxBytes, timeout: TIMEOUT });
    const seeker = { election: { definition, context }, identity, district };
    const slots = await findOwnSlots(read, poseidon, seeker, randomBytes);
    return new BallotAtWork(place, poseidon, await slots(contest), tell);
  }

  get seen(): SlotSeen {
    const { poll, nullifier, state } = this.#slot;
    if (state === undefined) return { isEmpty: true };
    const { ciphertext, round } = state;
    return { isEmpty: false, fingerprint: wordHex(fingerprint(poll.id, nullifier, ciphertext)), round };
  }

  /** Encrypts a vote under fresh randomness. @throws `ballot/*` */
  encrypt(values: readonly bigint[]): { fingerprint: Hex } {
    // A ballot that was shown and not decided on is as good as challenged: its randomness serves no other.
    if (this.#fresh === undefined) this.#draw();
    const bytes = this.#fresh as Uint8Array;
    this.#fresh = undefined;
    const ballot = this.#encrypted(values, bytes);
    this.#undecided?.bytes.fill(0);
    this.#undecided = { values, bytes, ballot };
    return { fingerprint: ballot.fingerprint };
  }

  /** @throws `state/ballot` if there is nothing to reveal */
  challenge(): { opening: string } {
    const { values, bytes } = this.#decide();
    const { id } = this.#slot.poll;
    const place = { context: this.#place.context, poll: id.poll, slot: this.#slot.nullifier };
    const opening = encodeOpening({ ...place, values }, bytes);
    bytes.fill(0);
    this.#draw();
    return { opening };
  }

  /** The update for a box. @throws `state/ballot` if there is nothing to cast, `artifacts/*`, `proof/*`, `server/*` */
  async cast(): Promise<{ update: string }> {
    // What can fail for want of a connection comes before the decision: the voter can try again.
    const prover = await this.#ready();
    const { ballot, bytes } = this.#decide();
    try {
      const { poll, state } = this.#slot;
      const proved = await prover.prove(poll.constants, ballot.prepared);
      const words = wordsHex(updateWords(proved, state));
      const { context } = this.#place;
      return { update: encodeUpdateFile({ context, poll: poll.id.poll, first: state === undefined, words }) };
    } finally {
      bytes.fill(0);
    }
  }

  #decide(): Undecided {
    const undecided = this.#undecided;
    this.#undecided = undefined;
    if (undecided === undefined) throw new UrnaError('state/ballot', 'there is no ballot to decide on: prepare one');
    return undecided;
  }

  /** What was prepared for the newest randomness; a download that failed is tried again. */
  async #ready(): Promise<VoteProver> {
    await this.#prepared.catch(() => this.#prepare());
    return this.#loadProver();
  }

  #loadProver(): Promise<VoteProver> {
    this.#prover ??= this.#makeProver().catch((error: unknown) => {
      this.#prover = undefined;
      throw error;
    });
    return this.#prover;
  }

  async #makeProver(): Promise<VoteProver> {
    const { service, definition, contest } = this.#place;
    this.#tell({ kind: 'step', step: 'circuit' });
    const { options } = at(definition.contests, contest);
    const files = await fetchCircuit(service, definition, options.length, (done, all) =>
      this.#tell({ kind: 'download', done, all }),
    );
    this.#tell({ kind: 'step', step: 'preparing' });
    const proved = (done: number): Promise<void> => {
      this.#tell({ kind: 'proof', done });
      return othersTurn();
    };
    return createVoteProver(await loadOwnProvingEngine(), files, randomBytes, proved);
  }

  /** Draws the next ballot's randomness and begins to prepare its proof. */
  #draw(): void {
    const bytes = drawRandomnessBytes(randomBytes);
    this.#fresh = bytes;
    const { options } = at(this.#place.definition.contests, this.#place.contest);
    const { rule } = this.#slot.poll.constants;
    // Votes that are nobody's, under the randomness to come.
    this.#examples = exampleVotes(rule, options.length).map((values) => this.#encrypted(values, bytes).prepared);
    this.#prepared = this.#prepare(this.#prepared);
    // Whoever casts hears of it; nobody else does.
    this.#prepared.catch(() => undefined);
  }

  async #prepare(before: Promise<void> = Promise.resolve()): Promise<void> {
    await before.catch(() => undefined);
    const prover = await this.#loadProver();
    this.#tell({ kind: 'step', step: 'preparing' });
    await prover.prepare(this.#examples);
    this.#tell({ kind: 'step', step: 'ready' });
  }

  #encrypted(values: readonly bigint[], bytes: Uint8Array): EncryptedBallot {
    require(bytes.some((byte) => byte !== 0), 'internal/random', 'the randomness was erased');
    const randomness = drawRandomness(() => bytes);
    return prepareBallot(this.#poseidon, this.#place.identity, { values, slot: this.#slot, randomness });
  }
}
