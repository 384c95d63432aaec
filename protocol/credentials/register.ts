import type { Hex } from '../encoding.ts';
import { require, UrnaError } from '../errors.ts';
import type { Field } from '../math/field.ts';
import type { CredentialList } from './credential-list.ts';
import type { EquationVerifier } from './ed25519.ts';
import { verifyRegistration } from './registration.ts';
import type { ElectionContext, Registration } from './registration.ts';

/** A lost credential, and the one from the reserve that stands for it from now on (SPEC §5.5). */
export interface Revocation {
  readonly district: number;
  readonly credentialKey: Hex;
  /** A key of the district's reserve list, or null if the voter gets no other. */
  readonly replacement: Hex | null;
}

/** What the registrar may be told, in order. */
export type RegisterEvent = Registration | Revocation;

interface District {
  /** Keys that may register now. */
  readonly active: Set<Hex>;
  /** Reserve keys not handed out yet. */
  readonly reserve: Set<Hex>;
}

/** The registrar's state. Owned by one caller and changed in place by the functions below; a failed one changes nothing. */
export interface Register {
  readonly context: ElectionContext;
  readonly districts: readonly District[];
  readonly registrations: Map<Hex, Registration>;
  readonly revocations: Map<Hex, Revocation>;
  readonly owners: Map<Field, Hex>;
  /** See `verifySignature`. */
  readonly holds: EquationVerifier | undefined;
}

/**
 * An empty register over the sealed lists, in the order of the definition's districts.
 *
 * @param holds - see `verifySignature`
 * @throws `credential-list/election` for a list of another election or district, `credential-list/duplicate` for a key listed in two districts
 */
export function createRegister(
  context: ElectionContext,
  lists: readonly CredentialList[],
  holds?: EquationVerifier,
): Register {
  const seen = new Set<Hex>();
  const districts = lists.map((list, i) => {
    const mine = list.district === i && list.definitionHash === context.definitionHash;
    require(mine, 'credential-list/election', `list ${i} belongs to another district or election`);
    for (const key of [...list.keys, ...list.reserve]) {
      require(!seen.has(key), 'credential-list/duplicate', `district ${i} lists a key of another district`);
      seen.add(key);
    }
    return { active: new Set(list.keys), reserve: new Set(list.reserve) };
  });
  return { context, districts, registrations: new Map(), revocations: new Map(), owners: new Map(), holds };
}

/**
 * Takes a registration, or the replacement of one.
 *
 * @throws `registration/district`, `registration/revoked`, `registration/credential`, `registration/sequence`,
 *   `registration/commitment`, `registration/signature`
 */
export function register(state: Register, registration: Registration): void {
  const { credentialKey, commitment, sequence } = registration;
  requireActive(state, registration);
  const previous = state.registrations.get(credentialKey);
  const next = (previous?.sequence ?? 0) + 1;
  require(sequence === next, 'registration/sequence', `sequence ${sequence} does not follow: ${next} is next`);
  const owner = state.owners.get(commitment) ?? credentialKey;
  require(owner === credentialKey, 'registration/commitment', 'another credential has registered this commitment');
  const signed = verifyRegistration(state.context, registration, state.holds);
  require(signed, 'registration/signature', 'the signature is not of this credential, commitment and election');
  if (previous !== undefined) state.owners.delete(previous.commitment);
  state.owners.set(commitment, credentialKey);
  state.registrations.set(credentialKey, registration);
}

/**
 * Takes a credential out, with its commitment, and lets its replacement in.
 *
 * @throws `registration/district`, `registration/revoked`, `registration/credential`, `registration/reserve`
 */
export function revoke(state: Register, revocation: Revocation): void {
  const { credentialKey, replacement } = revocation;
  const district = requireActive(state, revocation);
  if (replacement !== null) {
    const free = district.reserve.delete(replacement);
    require(free, 'registration/reserve', 'the replacement is not an unused key of the sealed reserve of this district');
    district.active.add(replacement);
  }
  district.active.delete(credentialKey);
  state.revocations.set(credentialKey, revocation);
  const registration = state.registrations.get(credentialKey);
  if (registration === undefined) return;
  state.registrations.delete(credentialKey);
  state.owners.delete(registration.commitment);
}

/** The register after all `events`. Anyone can run it again. @throws the codes of {@link register} and {@link revoke} */
export function reduceRegistrations(
  context: ElectionContext,
  lists: readonly CredentialList[],
  events: readonly RegisterEvent[],
  holds?: EquationVerifier,
): Register {
  const state = createRegister(context, lists, holds);
  for (const event of events) {
    if ('signature' in event) register(state, event);
    else revoke(state, event);
  }
  return state;
}

function requireActive(state: Register, { district, credentialKey }: RegisterEvent): District {
  const found = state.districts[district];
  if (found === undefined) throw new UrnaError('registration/district', `there is no district ${district}`);
  require(!state.revocations.has(credentialKey), 'registration/revoked', 'this credential has been revoked');
  require(found.active.has(credentialKey), 'registration/credential', 'no such credential in this district');
  return found;
}
