import { circuitLanes } from '../../../contracts/ballots/circuit-key.ts';
import type { SealedCredentials } from '../../../protocol/acts/objects.ts';
import { circuitName } from '../../../protocol/ballot/rules.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { CONSTRAINT_SYSTEMS } from '../../../protocol/checks/constraint-systems.ts';
import type { PublishedCircuit } from '../../../protocol/checks/replay/evidence.ts';
import {
  createCredentialList,
  encodeCredentialList,
  sealCredentialList,
} from '../../../protocol/credentials/credential-list.ts';
import { signingKey } from '../../../protocol/credentials/ed25519.ts';
import {
  encodeRegistrationFile,
  membersOf,
  registrationsRoot,
} from '../../../protocol/credentials/registration-file.ts';
import { signRegistration } from '../../../protocol/credentials/registration.ts';
import { definitionHash } from '../../../protocol/definition/decode.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { sha256 } from '../../../protocol/hash.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { encodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { streamOf } from '../../protocol/stream.ts';
import type { DeployedElection } from '../deploy/development.ts';
import type { Trapdoor } from '../../bench/trapdoor/trapdoor.ts';
import { TRAPDOOR } from '../deploy/development.ts';

/** Voters of the two districts. */
export const VOTERS = [3, 2] as const;

/** What authority and registrar publish, and what they put on chain. */
export interface Offices {
  readonly sealed: readonly SealedCredentials[];
  readonly credentials: readonly Uint8Array[];
  readonly registrations: Uint8Array;
  readonly registrationsRoot: bigint;
  /** Commitments by district, increasing. */
  readonly members: readonly Field[][];
  /** Identities by district. */
  readonly identities: readonly (readonly Identity[])[];
}

/** What voters of each district have, whatever the election. Takes 40 ms each. @param counts - voters of each district */
export function makeVoters(counts: readonly number[]) {
  return counts.map((count, district) =>
    Array.from({ length: count }, (_, i) => {
      const random = streamOf(`voter ${district} ${i}`);
      return { district, credential: signingKey(random(32)), identity: createIdentity(random(32)) };
    }),
  );
}

/** Every voter has a credential and registers once. */
export function makeOffices({ at, definition }: DeployedElection, voters = makeVoters(VOTERS)): Offices {
  const hash = definitionHash(definition);
  const context = { chainId: at.connection.chainId, election: at.election, definitionHash: hash };
  const lists = voters.map((own, district) => {
    const keys = own.map(({ credential }) => credential.publicKey);
    return createCredentialList(hash, district, keys, []);
  });
  const entries = voters
    .flat()
    .map(({ district, credential, identity }) =>
      signRegistration(context, credential, { district, commitment: identity.commitment, sequence: 1 }),
    )
    .sort((a, b) => a.district - b.district || (a.credentialKey < b.credentialKey ? -1 : 1));
  return {
    sealed: lists.map(sealCredentialList),
    credentials: lists.map(encodeCredentialList),
    registrations: encodeRegistrationFile(entries),
    registrationsRoot: registrationsRoot(entries),
    members: membersOf(entries, voters.length),
    identities: voters.map((own) => own.map(({ identity }) => identity)),
  };
}

/** A trapdoor's key as if a setup had made it: what shows of a setup is right, and only the bench's simulation knows better. */
export function trapdoorCircuit({ key }: Trapdoor = TRAPDOOR): PublishedCircuit {
  const lanes = circuitLanes(key);
  const verifyingKey = new TextEncoder().encode(JSON.stringify(encodeVerifyingKey(key)));
  const contributions = [1, 2, 3].map((i) => ({ name: `contributor ${i}`, hash: `0x${'00'.repeat(63)}0${i}` }));
  const manifest = canonicalBytes({
    ...{ circuit: circuitName(lanes), insecure: true, contributions, beacon: { hash: '0x04' } },
    r1cs: CONSTRAINT_SYSTEMS.get(lanes),
    files: { 'vkey.json': encodeHex(sha256(verifyingKey)) },
  });
  return { lanes, verifyingKey, manifest };
}
