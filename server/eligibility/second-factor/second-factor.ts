import type { Registration } from '../../../protocol/credentials/registration.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { hashWords } from '../../../protocol/hash.ts';
import { wordHex } from '../../../protocol/encoding.ts';

/** What a login proves itself with when it comes back: kept by us, seen by nobody. */
export interface Login {
  readonly registration: Registration;
  /** 256 random bits of the voter's client. */
  readonly salt: Hex;
  /** Random; names this login on its way through the voter's browser. */
  readonly state: string;
  /** What the plug-in asked to be kept. */
  readonly memory: string;
}

/**
 * A second office that says who somebody is (DESIGN §2.2). A plug-in has two functions; that a subject is eligible, and has one credential only,
 * is not its affair.
 */
export interface SecondFactor {
  /** Where the voter's browser goes, and what is to be kept until it comes back. */
  begin(login: Omit<Login, 'memory'>): Promise<{ readonly url: string; readonly memory: string }>;
  /** Who the voter is, as the second office names persons, given the address at which the browser came back. @throws `second-factor/*` */
  finish(callback: URL, login: Login): Promise<string>;
}

/**
 * `H("second-factor", commitment, salt)`: what the second office signs beside the person's name, so that its word counts for one commitment only.
 * Without the salt it could look up commitments in the published roll.
 */
export function loginNonce({ registration, salt }: Pick<Login, 'registration' | 'salt'>): string {
  return wordHex(hashWords('second-factor', [registration.commitment, BigInt(salt)])).slice(2);
}
