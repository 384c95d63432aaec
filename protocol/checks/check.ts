import type { SignatureVerifier } from '../credentials/signature-batch.ts';
import type { Entry } from '../record/entry.ts';
import type { ProofVerifier } from './proof-queue.ts';
import type { Replay } from './replay/replay.ts';

/** What a check found: the interface of every verifier (DESIGN §4, SPEC §15). */
export interface CheckResult {
  /** 1..20, as in SPEC §15. */
  readonly number: number;
  readonly title: string;
  /** How many things were examined; 0 where the record has none of them yet. */
  readonly items: number;
  readonly ok: boolean;
  /** What was established, and what else should be known; or the first thing that is wrong, with its place in the record. */
  readonly detail: string;
}

/** Where a check notes what it examines and what is wrong. */
export interface Findings {
  /** Counts `items` more things examined. */
  count(items?: number): void;
  /** Notes something wrong; `seq` is the entry's number, or undefined for something outside the record. */
  fail(seq: number | undefined, sentence: string): void;
  /** Notes something that is not wrong, and that whoever reads the answer should know. */
  note(sentence: string): void;
}

/** One check on its way through a record. Malformed content may throw `UrnaError`: that is a failure of the check. */
export interface Pass {
  /** Before anything else: the SHA-256 of the next entry's line, whether it can be decoded or not. */
  read?(digest: Uint8Array): void;
  /** Before {@link Replay} applies the entry. @param index - its place in the record, whatever it says itself */
  take?(entry: Entry, index: number): void | Promise<void>;
  /** After it has applied the entry. */
  after?(entry: Entry): void | Promise<void>;
  /** Finishes what is under way; before {@link end}, and whenever a run wants to know where it stands. */
  settle?(): Promise<void>;
  /** After the last entry. */
  end?(): void | Promise<void>;
}

/** What a run gives to checks beside record and evidence. */
export interface Means {
  readonly verifyProofs: ProofVerifier;
  /** Proofs of so many first entries have been verified by an earlier run over the same ones. */
  readonly provedEntries: number;
  readonly verifySignatures: SignatureVerifier;
}

/** A numbered check of SPEC §15. */
export interface Check {
  readonly number: number;
  begin(replay: Replay, findings: Findings, means: Means): Pass;
}

const NOTHING = 'The record holds nothing of this kind yet.';

/** Notes that are told one by one: a sentence more says how many others there are. */
const MAX_NOTES = 8;

/** A {@link Findings} that keeps the first thing wrong and counts the rest. */
export class FirstFault implements Findings {
  #items = 0;
  #faults = 0;
  #notes = 0;
  readonly #told: string[] = [];
  #first: { readonly seq: number | undefined; readonly sentence: string } | undefined;

  count(items = 1): void {
    this.#items += items;
  }

  fail(seq: number | undefined, sentence: string): void {
    this.#faults += 1;
    // Batched work reports late: the first in the record's order is the one to name.
    if (this.#first === undefined || (seq ?? -1) < (this.#first.seq ?? -1)) this.#first = { seq, sentence };
  }

  note(sentence: string): void {
    this.#notes += 1;
    if (this.#notes <= MAX_NOTES) this.#told.push(sentence);
  }

  /** True while nothing wrong was found. */
  get none(): boolean {
    return this.#first === undefined;
  }

  /** The result, `established` being the detail of a check that found nothing wrong. */
  result(number: number, title: string, established: string): CheckResult {
    const ok = this.#first === undefined;
    return {
      number,
      title,
      items: this.#items,
      ok,
      detail: this.#detail() ?? [...this.#established(established), ...this.#noted()].join(' '),
    };
  }

  #established(established: string): string[] {
    if (this.#items > 0) return [established];
    return this.#notes > 0 ? [] : [NOTHING];
  }

  #noted(): string[] {
    const more = this.#notes - this.#told.length;
    return more > 0 ? [...this.#told, `And ${more} more.`] : this.#told;
  }

  #detail(): string | undefined {
    if (this.#first === undefined) return undefined;
    const { seq, sentence } = this.#first;
    const more = this.#faults > 1 ? ` (and ${this.#faults - 1} more)` : '';
    return `${seq === undefined ? '' : `entry ${seq}: `}${sentence}${more}`;
  }
}
