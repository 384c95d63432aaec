import { decodeNumber, encodeWord } from '../../../protocol/encoding.ts';
import type { RandomBytes } from '../../../protocol/random.ts';
import { randomBelow } from '../../../protocol/random.ts';

const SLOT_BYTES = 32;
/** Random numbers drawn from the platform at once: one call each would cost more than the rest. */
const DRAWS = 4096;

/**
 * Slots in an order drawn for one round, 32 bytes each and no more, because a box may have a million. Nobody can tell the order from outside,
 * and it does not depend on which slots have a vote waiting.
 */
export class SlotOrder {
  readonly #random: RandomBytes;
  #bytes = new Uint8Array(64 * SLOT_BYTES);
  #count = 0;
  #taken = 0;

  constructor(random: RandomBytes) {
    this.#random = inBulk(random);
  }

  /** Slots that have not been taken. */
  get left(): number {
    return this.#count - this.#taken;
  }

  /** Puts a slot at a uniformly random place of the order: the shuffle of Fisher and Yates as slots come. Not once {@link take} was called. */
  add(slot: bigint): void {
    const place = randomBelow(this.#random, this.#count + 1);
    this.#grow();
    const end = this.#count * SLOT_BYTES;
    this.#bytes.copyWithin(end, place * SLOT_BYTES, (place + 1) * SLOT_BYTES);
    this.#bytes.set(encodeWord(slot), place * SLOT_BYTES);
    this.#count += 1;
  }

  /** The next slots of the order, at most `count`. */
  take(count: number): bigint[] {
    const slots: bigint[] = [];
    for (; slots.length < count && this.#taken < this.#count; this.#taken++) {
      const start = this.#taken * SLOT_BYTES;
      slots.push(decodeNumber(this.#bytes.subarray(start, start + SLOT_BYTES)));
    }
    return slots;
  }

  #grow(): void {
    if ((this.#count + 1) * SLOT_BYTES <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * this.#bytes.length);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** The same randomness, fetched in larger parts. */
function inBulk(random: RandomBytes): RandomBytes {
  let bytes: Uint8Array = new Uint8Array(0);
  let used = 0;
  return (length) => {
    if (used + length > bytes.length) [bytes, used] = [random(DRAWS * length), 0];
    used += length;
    return bytes.subarray(used - length, used);
  };
}
