import { sealObject } from '../acts/objects.ts';
import { quorumFault } from '../acts/quorum.ts';
import { actDigest } from '../acts/typed-data.ts';
import { ceremonyRules, followCeremony } from '../ceremony/follow.ts';
import type { CeremonyState } from '../ceremony/state.ts';
import type { ElectionContext } from '../credentials/registration.ts';
import type { Definition } from '../definition/definition.ts';
import { decodeHex, decodeWord } from '../encoding.ts';
import { UrnaError, require } from '../errors.ts';
import type { Point } from '../math/curve.ts';
import { toField } from '../math/field.ts';
import type { Field } from '../math/field.ts';
import type { Entry, EntryData, EntryOf } from '../record/entry.ts';
import { hasKind } from '../record/entry.ts';
import { decodeFoundation } from '../record/foundation-lines.ts';
import { rootsHash } from '../roll/roots.ts';
import { readAnswer } from './reader.ts';
import type { Reader } from './reader.ts';

/** What the voter knows and trusts: the definition, by its hash, and where it was deployed. */
export interface TrustedElection {
  readonly definition: Definition;
  readonly context: Pick<ElectionContext, 'chainId' | 'election'>;
}

/** What every ballot of an election rests on, as trustees and officers have signed it. */
export interface Foundation {
  /** PK, a lane. */
  readonly keys: readonly Point[];
  /** Roots of the sealed roll, by district. */
  readonly roots: readonly Field[];
  /** In which the roll was sealed, as the service says. */
  readonly sealedAt: number;
}

/** The officers' act that approves the contracts. */
type Approval = EntryData<'approve'>['act'];

/** Of thirty-two trustees and several attempts: shares are most of it. */
const MAX_BYTES = 2 ** 24;
const CODE = 'public/foundation';

/**
 * Keys and roots of an election (SPEC §17.4). The definition names trustees and officers; the keys are computed again from messages that
 * the trustees signed, every one of those taking part having confirmed this very transcript; the roots are those that a quorum of officers
 * sealed. A service that lies can leave out, not replace.
 *
 * @throws `state/keys`, `state/roll` while there is no such thing, or the service has not read so far; `public/foundation`
 */
export async function readFoundation(read: Reader, election: TrustedElection): Promise<Foundation> {
  const bytes = await read('/v1/foundation.jsonl', MAX_BYTES);
  const entries = readAnswer(CODE, () => decodeFoundation(bytes));
  const keys = readAnswer(CODE, () => keysOf(election, entries));
  if (keys === undefined) throw new UrnaError('state/keys', 'the trustees have not made the keys yet');
  const seal = entries.find((entry) => hasKind(entry, 'seal')) as EntryOf<'seal'> | undefined;
  if (seal === undefined) throw new UrnaError('state/roll', 'the roll is not sealed yet');
  const roots = readAnswer(CODE, () => rootsOf(election, entries, seal));
  return { keys, roots, sealedAt: seal.block };
}

/**
 * The officers' approval of the contracts, from before keys and roll are made on; not verified here. Undefined where the service leaves it
 * out.
 *
 * @throws `public/foundation`
 */
export async function readApproval(read: Reader): Promise<Approval | undefined> {
  const bytes = await read('/v1/foundation.jsonl', MAX_BYTES);
  const entries = readAnswer(CODE, () => decodeFoundation(bytes));
  const approve = entries.find((entry) => hasKind(entry, 'approve')) as EntryOf<'approve'> | undefined;
  return approve?.data.act;
}

function keysOf({ definition, context }: TrustedElection, entries: readonly Entry[]): readonly Point[] | undefined {
  const rules = ceremonyRules(definition, context);
  let state: CeremonyState | undefined;
  for (const entry of entries) state = followCeremony(rules, state, entry);
  return state?.keys?.publicKeys;
}

function rootsOf(
  { definition, context }: TrustedElection,
  entries: readonly Entry[],
  { data }: EntryOf<'seal'>,
): readonly Field[] {
  const { act, version, registrationsRoot, sealedRootsHash } = data;
  const object = sealObject(BigInt(version), decodeWord(registrationsRoot), decodeWord(sealedRootsHash));
  const signed = { name: 'seal' as const, object, number: BigInt(act.number), expiry: BigInt(act.expiry) };
  const domain = { chainId: BigInt(context.chainId), election: context.election };
  const signatures = act.signatures.map((each) => decodeHex(each));
  const fault = quorumFault(actDigest(domain, signed), signatures, definition.officers);
  require(fault === undefined, CODE, `the seal of the roll is not the officers’: ${fault ?? ''}`);
  const complete = entries.find((entry) => entry.kind === 'roll-complete' && entry.data.version === version);
  const roots = (complete as EntryOf<'roll-complete'> | undefined)?.data.roots.map((word) => toField(decodeWord(word)));
  const isSealed = roots?.length === definition.districts.length && rootsHash(roots) === decodeWord(sealedRootsHash);
  if (!isSealed) throw new UrnaError(CODE, 'the roots are not those that the officers sealed');
  return roots;
}
