import { canonicalJson } from '../../../protocol/canonical-json.ts';
import type { RegisterEvent, Revocation } from '../../../protocol/credentials/register.ts';
import type { ElectionContext, Registration } from '../../../protocol/credentials/registration.ts';
import { decodeHex, encodeWord } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { ScriptReply } from '../../frame/redis-script.ts';
import { runScript } from '../../frame/redis-script.ts';
import type { BytesRedis, Redis } from '../../frame/redis.ts';
import { bytesOf } from '../../frame/redis.ts';
import { claimStore } from '../../frame/store-form.ts';
import type { SealedKeys } from '../sealed-keys.ts';
import { requireListed } from '../sealed-keys.ts';
import { KEYS } from './keys.ts';
import type { Taken } from './packed.ts';
import { packRegistration, packRevocation, unpackRegistration, unpackRevocation } from './packed.ts';
import { TAKE_REGISTRATION, TAKE_REVOCATION } from './scripts.ts';

/** The registrar's register in Redis: the twin of `protocol/credentials/register.ts` that several processes may change at once. */
export interface Register {
  readonly redis: Redis;
  readonly bytes: BytesRedis;
  readonly sealed: SealedKeys;
}

const TOUCHED = [
  ...[KEYS.closed, KEYS.registrations, KEYS.owners, KEYS.revocations, KEYS.replacements],
  ...[KEYS.subjects, KEYS.subjectOf, KEYS.events],
];

const FORM = 1;

/** Opens the register of an election. @throws `redis/election` if this Redis holds another one's, `redis/form` if another version's */
export async function openRegister(redis: Redis, context: ElectionContext, sealed: SealedKeys): Promise<Register> {
  const { about, form } = KEYS;
  await claimStore(redis, { keys: { about, form }, about: canonicalJson({ ...context }), form: FORM });
  return { redis, bytes: bytesOf(redis), sealed };
}

/** What is registered for a credential, if anything. */
export async function findRegistration({ bytes }: Register, credentialKey: Uint8Array): Promise<Taken | undefined> {
  const packed = await bytes.hGet(KEYS.registrations, Buffer.from(credentialKey));
  return packed === null || packed === undefined ? undefined : unpackRegistration(credentialKey, packed);
}

/** Whether a credential was revoked. */
export async function isRevoked({ bytes }: Register, credentialKey: Uint8Array): Promise<boolean> {
  return (await bytes.hExists(KEYS.revocations, Buffer.from(credentialKey))) === 1;
}

/** Whether a key of the reserve was handed out. */
export async function isHandedOut({ bytes }: Register, credentialKey: Uint8Array): Promise<boolean> {
  return (await bytes.hExists(KEYS.replacements, Buffer.from(credentialKey))) === 1;
}

/**
 * Takes a registration whose signature was checked. The very same again is taken as the first time.
 *
 * @param time - block time, Unix seconds
 * @param subject - hash of the second factor's subject, undefined in an election without
 * @throws `registration/credential`, `…/revoked`, `…/sequence`, `…/commitment`, `second-factor/*`, `state/registration`
 */
export async function takeRegistration(
  register: Register,
  registration: Registration,
  time: number,
  subject?: Uint8Array,
): Promise<Taken> {
  const key = decodeHex(registration.credentialKey, 32);
  const list = requireListed(register.sealed, registration.district, key);
  const reply = await runScript(register.bytes, TAKE_REGISTRATION, TOUCHED, [
    ...[Buffer.from(key), Buffer.from(encodeWord(registration.commitment)), String(registration.sequence)],
    ...[packRegistration(registration, time), list === 'reserve' ? '1' : '0', Buffer.from(subject ?? [])],
  ]);
  const [word, detail] = wordOf(reply);
  if (Buffer.isBuffer(detail)) return unpackRegistration(key, detail);
  throw refusal(word, detail);
}

/**
 * Revokes a credential; the very same revocation again changes nothing.
 *
 * @throws `registration/credential`, `registration/revoked`, `registration/reserve`, `state/registration`
 */
export async function takeRevocation(register: Register, revocation: Revocation): Promise<void> {
  const { district, replacement } = revocation;
  const key = decodeHex(revocation.credentialKey, 32);
  const list = requireListed(register.sealed, district, key);
  const next = replacement === null ? undefined : decodeHex(replacement, 32);
  if (next !== undefined) {
    const inReserve = register.sealed.find(district, next) === 'reserve';
    require(inReserve, 'registration/reserve', 'the replacement is not a key of the sealed reserve of this district');
  }
  const reply = await runScript(register.bytes, TAKE_REVOCATION, TOUCHED, [
    ...[Buffer.from(key), packRevocation(revocation), list === 'reserve' ? '1' : '0', Buffer.from(next ?? [])],
  ]);
  const [word, detail] = wordOf(reply);
  if (word !== 'taken' && word !== 'known') throw refusal(word, detail);
}

/** From now on nothing is taken. Asking again changes nothing. */
export async function closeRegister({ redis }: Register): Promise<void> {
  await redis.set(KEYS.closed, '1');
}

/** All final entries, in no order; of a closed register only, or some may be missed. */
export async function* finalEvents({ bytes }: Register): AsyncGenerator<RegisterEvent> {
  for await (const page of bytes.hScanIterator(KEYS.registrations, { COUNT: 1000 })) {
    for (const { field, value } of page) yield unpackRegistration(field, value).registration;
  }
  for await (const page of bytes.hScanIterator(KEYS.revocations, { COUNT: 1000 })) {
    for (const { field, value } of page) yield unpackRevocation(field, value);
  }
}

function wordOf(reply: ScriptReply): readonly [word: string, detail: ScriptReply | undefined] {
  const [word, detail] = reply as readonly ScriptReply[];
  return [String(word), detail];
}

const REFUSALS: Readonly<Record<string, readonly [code: string, message: string]>> = {
  closed: ['state/registration', 'registration is over: what is registered now stands'],
  revoked: ['registration/revoked', 'this credential has been revoked: use the one that replaces it'],
  credential: ['registration/credential', 'no such credential may register in this district'],
  commitment: ['registration/commitment', 'another credential has registered this commitment: make a new identity'],
  reserve: ['registration/reserve', 'the replacement stands for another credential already'],
  'subject-taken': ['second-factor/subject-taken', 'this person has registered with another credential'],
  'other-subject': ['second-factor/other-subject', 'this credential was registered by another person'],
};

function refusal(word: string, detail: ScriptReply | undefined): UrnaError {
  if (word === 'sequence') {
    return new UrnaError('registration/sequence', `the sequence does not follow: ${String(detail)} is next`);
  }
  const [code, message] = REFUSALS[word] ?? ['internal/unexpected', 'the register answers what makes no sense'];
  return new UrnaError(code, message);
}
