import { require } from '../errors.ts';

const DIGEST = 32;

/** A growing list of 32-byte digests, held as bytes: a record has up to millions of lines. */
export class DigestList {
  #bytes = new Uint8Array(DIGEST * 64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(digest: Uint8Array): void {
    const start = this.#length * DIGEST;
    if (start === this.#bytes.length) {
      const grown = new Uint8Array(2 * start);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(digest, start);
    this.#length += 1;
  }

  /** The digest at `index`, a view. @throws `internal/index` */
  at(index: number): Uint8Array {
    require(index >= 0 && index < this.#length, 'internal/index', `no digest ${index} in a list of ${this.#length}`);
    return this.#bytes.subarray(index * DIGEST, (index + 1) * DIGEST);
  }
}
