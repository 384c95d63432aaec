import type { Registration } from '../../../protocol/credentials/registration.ts';
import type { Hex } from '../../../protocol/encoding.ts';

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
