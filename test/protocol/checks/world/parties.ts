import { addressOfKey } from '../../../../protocol/acts/signature.ts';
import type { SigningKey } from '../../../../protocol/credentials/ed25519.ts';
import { signingKey } from '../../../../protocol/credentials/ed25519.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import type { Identity } from '../../../../protocol/identity/semaphore.ts';
import { createIdentity } from '../../../../protocol/identity/semaphore.ts';
import { stream } from './random.ts';

/** A key of a chain account. */
export interface Account {
  readonly key: Uint8Array;
  readonly address: Hex;
}

/** A voter: district, credential, identity. */
export interface Voter {
  readonly name: string;
  readonly district: number;
  readonly credential: SigningKey;
  readonly identity: Identity;
}

/** Everybody who takes part; all keys are reproducible. */
export interface Parties {
  /** Ordered by address, as signatures have to be. */
  readonly officers: readonly Account[];
  readonly trustees: readonly Account[];
  readonly boxes: readonly Account[];
  readonly registrar: Account;
  readonly deployer: Account;
  readonly stranger: Account;
  readonly voters: readonly Voter[];
  /** Reserve credentials by district. */
  readonly reserve: readonly SigningKey[];
}

/** Voters of each district. */
export const VOTERS = [5, 4, 2] as const;

function account(name: string): Account {
  const key = stream(`account ${name}`)(32);
  return { key, address: addressOfKey(key) };
}

const several = (name: string, count: number): Account[] =>
  Array.from({ length: count }, (_, i) => account(`${name} ${i}`));

export function makeParties(): Parties {
  const voters = VOTERS.flatMap((count, district) =>
    Array.from({ length: count }, (_, i): Voter => {
      const random = stream(`voter ${district} ${i}`);
      return {
        name: `${district}.${i}`,
        district,
        credential: signingKey(random(32)),
        identity: createIdentity(random(32)),
      };
    }),
  );
  return {
    officers: several('officer', 3).sort((a, b) => (a.address < b.address ? -1 : 1)),
    trustees: several('trustee', 4),
    boxes: several('box', 2),
    registrar: account('registrar'),
    deployer: account('deployer'),
    stranger: account('stranger'),
    voters,
    reserve: VOTERS.map((_, district) => signingKey(stream(`reserve ${district}`)(32))),
  };
}
