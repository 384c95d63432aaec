import {
  anchorObject,
  approveObject,
  cancelObject,
  certifyObject,
  credentialsObject,
  extendObject,
  sealObject,
  versionObject,
} from '../../../../protocol/acts/objects.ts';
import { signDigest } from '../../../../protocol/acts/signature.ts';
import type { ActName, ElectionDomain, StepName } from '../../../../protocol/acts/typed-data.ts';
import { actDigest, stepDigest } from '../../../../protocol/acts/typed-data.ts';
import { ceremonyBase } from '../../../../protocol/ceremony/setup.ts';
import { canonicalBytes } from '../../../../protocol/canonical-json.ts';
import { concatBytes, decodeHex, encodeHex, encodeWord } from '../../../../protocol/encoding.ts';
import { hashWords, keccak256 } from '../../../../protocol/hash.ts';
import type { Entry, EntryData } from '../../../../protocol/record/entry.ts';
import { startHash } from '../../../../protocol/record/chain-hash.ts';
import { hashAfter } from '../../../../protocol/record/segment.ts';
import type { Parties } from './parties.ts';

/** An entry whose members a forger may change. */
export interface Loose {
  seq: number;
  block: number;
  time: number;
  transaction: string;
  kind: Entry['kind'];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests bend entries in every way
  data: any;
}

const number = (hex: string): bigint => BigInt(hex);
/** keccak256 of words and byte strings. */
export const hashOf = (...parts: readonly (string | number | bigint)[]): bigint =>
  number(
    encodeHex(
      keccak256(
        concatBytes(...parts.map((part) => (typeof part === 'string' ? decodeHex(part) : encodeWord(BigInt(part))))),
      ),
    ),
  );

/** Name and object of the act of an entry, whatever the entry says now. */
function actOf({ kind, data }: Loose, defined: EntryData<'defined'>): { name: ActName; object: bigint } | undefined {
  if (kind === 'approve') {
    return {
      name: 'approve',
      object: approveObject(number(defined.definitionHash), number(defined.configHash), defined),
    };
  }
  if (kind === 'credentials') {
    const lists = (data as EntryData<'credentials'>).lists.map(({ root, count, reserveRoot, reserveCount }) => ({
      root: number(root),
      count: BigInt(count),
      reserveRoot: number(reserveRoot),
      reserveCount: BigInt(reserveCount),
    }));
    return { name: 'credentials', object: credentialsObject(lists) };
  }
  if (kind === 'roll-begin' && data.act !== null) {
    const object = versionObject(BigInt(data.version), number(data.registrationsRoot), number(data.reasonsHash));
    return { name: 'version', object };
  }
  if (kind === 'seal') {
    const object = sealObject(BigInt(data.version), number(data.registrationsRoot), number(data.sealedRootsHash));
    return { name: 'seal', object };
  }
  if (kind === 'extend')
    return { name: 'extend', object: extendObject(BigInt(data.closesAt), number(data.reasonHash)) };
  if (kind === 'cancel') return { name: 'cancel', object: cancelObject(number(data.reasonHash)) };
  if (kind === 'certify') return { name: 'certify', object: certifyObject(number(data.resultHash)) };
  if (kind === 'anchor') return { name: 'anchor', object: anchorObject(BigInt(data.entries), number(data.hash)) };
  return undefined;
}

/** Signs every act in order, by the first two officers, valid for an hour. */
export function signActs(entries: readonly Loose[], parties: Parties, domain: ElectionDomain): void {
  const defined = entries.find(({ kind }) => kind === 'defined')?.data as EntryData<'defined'>;
  let executed = 0;
  for (const entry of entries) {
    const act = actOf(entry, defined);
    if (act !== undefined) sign(entry, act, executed++, entry.time + 3600, parties, domain);
  }
}

function sign(
  entry: Loose,
  act: { readonly name: ActName; readonly object: bigint },
  number: number,
  expiry: number,
  parties: Parties,
  domain: ElectionDomain,
): void {
  const digest = actDigest(domain, { ...act, number: BigInt(number), expiry: BigInt(expiry) });
  const signatures = parties.officers.slice(0, 2).map(({ key }) => encodeHex(signDigest(digest, key)));
  entry.data.act = { number, expiry, signatures };
}

/**
 * Makes every anchor that of the record as it stands now, and signs it again with the number and expiry that it has: officers who
 * take part in a forgery anchor the forgery.
 */
export function anchor(entries: readonly Loose[], parties: Parties, domain: ElectionDomain): void {
  const defined = entries.find(({ kind }) => kind === 'defined')?.data as EntryData<'defined'> | undefined;
  if (defined === undefined) return;
  entries.forEach((entry, index) => {
    if (entry.kind !== 'anchor') return;
    const lines = entries.slice(0, index).map(canonicalBytes);
    entry.data.entries = index;
    entry.data.hash = encodeHex(hashAfter({ before: startHash(defined.definitionHash), lines }));
    const { number: own, expiry } = entry.data.act;
    const act = actOf(entry, defined);
    if (act !== undefined) sign(entry, act, own, expiry, parties, domain);
  });
}

/** Signs every step of a trustee, whatever it says now. */
export function signSteps(entries: readonly Loose[], parties: Parties, domain: ElectionDomain): void {
  let posted = new Map<number, { reveal: bigint; deal: bigint }>();
  let attempt = 1;
  for (const { kind, data } of entries) {
    if (kind === 'ceremony-restart') [attempt, posted] = [data.attempt, new Map()];
    const words = (points: readonly string[]): string[] => [...points];
    const mine = posted.get(data.trustee) ?? { reveal: 0n, deal: 0n };
    let step: { name: StepName; object: bigint } | undefined;
    if (kind === 'ceremony-commit') step = { name: 'commit', object: hashOf(data.commitment) };
    if (kind === 'ceremony-reveal') {
      step = { name: 'reveal', object: hashOf(...words(data.points), data.k, data.z, data.transportKey) };
      posted.set(data.trustee, { ...mine, reveal: step.object });
    }
    if (kind === 'ceremony-deal') {
      step = { name: 'deal', object: hashOf(...data.shares) };
      posted.set(data.trustee, { ...mine, deal: step.object });
    }
    if (kind === 'ceremony-confirm') {
      const ordered = [...posted].sort(([a], [b]) => a - b).flatMap(([, { reveal, deal }]) => [reveal, deal]);
      step = {
        name: 'confirm',
        object: hashOf(hashWords('ceremony-transcript', [ceremonyBase(domain, attempt), ...ordered])),
      };
    }
    if (kind === 'ceremony-accuse') step = { name: 'accuse', object: hashOf(data.dealer, data.lane) };
    if (kind === 'ceremony-answer') step = { name: 'answer', object: hashOf(data.accuser, data.lane, data.share) };
    if (kind === 'decryption')
      step = { name: 'decrypt', object: hashOf(data.unit, ...words(data.points), data.a, data.b, data.z) };
    const signer = parties.trustees[data.trustee - 1];
    if (step === undefined || signer === undefined) continue;
    const digest = stepDigest(domain, {
      ...step,
      attempt: BigInt(data.attempt ?? attempt),
      trustee: BigInt(data.trustee),
    });
    data.signature = encodeHex(signDigest(digest, signer.key));
  }
}
