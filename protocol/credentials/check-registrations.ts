import type { Hex } from '../encoding.ts';
import type { CredentialList } from './credential-list.ts';
import type { EquationVerifier } from './ed25519.ts';
import type { RegisterEvent, Revocation } from './register.ts';
import { verifyRegistration } from './registration.ts';
import type { ElectionContext, Registration } from './registration.ts';

/** A false statement about one entry of the file; none if all is well. */
export interface RegistrationFinding {
  /** 0-based line. */
  readonly line: number;
  readonly detail: string;
}

/**
 * Everything wrong with a final list of registrations (SPEC §5.6, check 6): each commitment must be backed by exactly one
 * sealed credential, or by a reserve key that replaced a sealed one.
 *
 * @param lists - of all districts, in the definition's order, already compared with their seals
 * @param entries - as decoded: in order, one a credential
 * @param holds - see `verifySignature`
 */
export function checkRegistrations(
  context: ElectionContext,
  lists: readonly CredentialList[],
  entries: readonly RegisterEvent[],
  holds?: EquationVerifier,
): RegistrationFinding[] {
  const findings: RegistrationFinding[] = [];
  const reserves = lists.map((list) => new Set(list.reserve));
  const active = lists.map((list) => activeKeys(list, entries));
  const owners = new Set<bigint>();
  const used = new Set<Hex>();
  entries.forEach((entry, line) => {
    const allowed = active[entry.district]?.has(entry.credentialKey) ?? false;
    if (!allowed) findings.push({ line, detail: 'the credential is not sealed for this district, nor a replacement' });
    const detail =
      'signature' in entry
        ? judge(context, entry, owners, holds)
        : judgeRevocation(reserves[entry.district], entry, used);
    if (detail !== undefined) findings.push({ line, detail });
  });
  return findings;
}

/** Sealed keys, and reserve keys reached from them by replacements. Revoked ones stay in: their entry is their end. */
function activeKeys(list: CredentialList, entries: readonly RegisterEvent[]): Set<Hex> {
  const reserve = new Set(list.reserve);
  const replaced = new Map<Hex, Hex>();
  for (const entry of entries) {
    if (!('signature' in entry) && entry.district === list.district && entry.replacement !== null) {
      replaced.set(entry.credentialKey, entry.replacement);
    }
  }
  const active = new Set(list.keys);
  for (const key of active) {
    const next = replaced.get(key);
    if (next !== undefined && reserve.has(next)) active.add(next); // a set's iteration also visits what is added
  }
  return active;
}

function judge(
  context: ElectionContext,
  entry: Registration,
  owners: Set<bigint>,
  holds: EquationVerifier | undefined,
): string | undefined {
  if (owners.has(entry.commitment)) return 'the commitment is registered twice';
  owners.add(entry.commitment);
  return verifyRegistration(context, entry, holds) ? undefined : 'the signature is not valid';
}

function judgeRevocation(
  reserve: ReadonlySet<Hex> | undefined,
  { replacement }: Revocation,
  used: Set<Hex>,
): string | undefined {
  if (replacement === null) return undefined;
  if (used.has(replacement)) return 'the replacement stands for two credentials';
  used.add(replacement);
  return reserve?.has(replacement) === true ? undefined : 'the replacement is not in the reserve';
}
