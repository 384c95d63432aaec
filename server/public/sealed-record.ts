import type { FollowState } from '../../contracts/follower/state.ts';
import { encodeHex } from '../../protocol/encoding.ts';
import type { Hex } from '../../protocol/encoding.ts';
import { UrnaError } from '../../protocol/errors.ts';
import { sha256 } from '../../protocol/hash.ts';
import type { PublishedFile } from '../../protocol/record/published-names.ts';
import type { Seals } from '../../protocol/seals/seals-file.ts';
import { SEALS_FILE, encodeSeals } from '../../protocol/seals/seals-file.ts';
import { rest } from '../frame/rest.ts';
import type { Segments } from './store/segments.ts';

/** Seals that are kept for readers of heads that were replaced meanwhile: so many, or, where they are large, so many bytes; one at least. */
const [KEPT, KEPT_BYTES] = [32, 2 ** 26];
/** Milliseconds between two reads: of 200 polls they are megabytes, which the node looks up one by one. */
const PAUSE = 2_000;

/** What of the follower's work is sealed: what the store holds. */
export interface Sealable {
  readonly state: FollowState | undefined;
  readonly segments: Segments;
}

/** A record so far and the file that proves its end (SPEC §14.8), which belong together. */
interface Sealed {
  readonly entries: number;
  readonly last: string;
  readonly segments: Segments;
  readonly file: PublishedFile;
}

/**
 * The record as it is sealed, for elections whose definition names the chain's validators: record and seals change together, so that
 * whoever reads a head can have the very seals that it lists. Of what a chain gave up again, no seals are made.
 */
export class SealedRecord {
  readonly #read: (state: FollowState) => Promise<Seals | undefined>;
  readonly #note: (code: string) => void;
  readonly #signal: AbortSignal;
  readonly #pause: number;
  readonly #kept = new Map<Hex, Uint8Array>();
  #sealed: Sealed | undefined;
  #wanted: Sealable | undefined;
  #running: Promise<void> | undefined;

  /**
   * @param read - reads the seals of a state from the chain's node; undefined if nobody is named who seals
   * @param note - told a code where that failed; it is tried again with the next change
   * @param signal - ends it
   * @param pause - milliseconds between two reads
   */
  constructor(
    read: (state: FollowState) => Promise<Seals | undefined>,
    note: (code: string) => void,
    signal: AbortSignal,
    pause = PAUSE,
  ) {
    [this.#read, this.#note, this.#signal, this.#pause] = [read, note, signal, pause];
  }

  /** To be told of every change of what is held. Of several that come while seals are read, the last one counts. */
  changed(held: Sealable): void {
    this.#wanted = held;
    this.#running ??= this.#work().finally(() => (this.#running = undefined));
  }

  /** Resolves when nothing is read any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** The newest record with its seals. @throws `busy/seals` before there is one */
  get newest(): { readonly segments: Segments; readonly file: PublishedFile } {
    if (this.#sealed !== undefined) return this.#sealed;
    throw new UrnaError('busy/seals', 'the end of the record is not sealed yet: try again in a few seconds');
  }

  /** The seals with this hash, or the newest. @throws `not-found/file` */
  bytes(hash: Hex | undefined): Uint8Array {
    const found = this.#kept.get(hash ?? this.#sealed?.file.sha256 ?? '0x');
    if (found !== undefined) return found;
    throw new UrnaError(
      'not-found/file',
      'these seals are not kept any more, or there are none yet: read the head again',
    );
  }

  async #work(): Promise<void> {
    while (this.#wanted !== undefined && !this.#signal.aborted) {
      const held = this.#wanted;
      this.#wanted = undefined;
      try {
        await this.#seal(held);
      } catch (error) {
        this.#note(error instanceof UrnaError ? error.code : 'internal/seals');
      }
      await rest(this.#pause, this.#signal);
    }
  }

  async #seal({ state, segments }: Sealable): Promise<void> {
    const { closed, open } = segments;
    const last = open.at(-1) ?? closed.at(-1)?.hash ?? '';
    const isSame = this.#sealed?.entries === state?.seq && this.#sealed?.last === last;
    if (state === undefined || isSame) return;
    const seals = await this.#read(state);
    if (seals === undefined) return;
    const bytes = encodeSeals(seals);
    const hash = encodeHex(sha256(bytes));
    this.#kept.set(hash, bytes);
    this.#forgetOld();
    const file = { name: SEALS_FILE, bytes: bytes.length, sha256: hash };
    this.#sealed = { entries: state.seq, last, segments, file };
  }

  #forgetOld(): void {
    let bytes = [...this.#kept.values()].reduce((sum, { length }) => sum + length, 0);
    for (const [hash, { length }] of [...this.#kept].slice(0, -1)) {
      if (this.#kept.size <= KEPT && bytes <= KEPT_BYTES) return;
      this.#kept.delete(hash);
      bytes -= length;
    }
  }
}
