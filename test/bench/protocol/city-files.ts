import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import {
  createCredentialList,
  encodeCredentialList,
  reserveCount,
} from '../../../protocol/credentials/credential-list.ts';
import { REGISTRATION_TREE, addLeaf, growTree, grownRoot } from '../../../protocol/credentials/merkle.ts';
import { registrationLeaf } from '../../../protocol/credentials/registration-file.ts';
import { encodeRegistration, registrationMessage } from '../../../protocol/credentials/registration.ts';
import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import { decodeHex, decodeNumber, encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';

/** Keys whose signatures are true. Other voters have random bytes of the right form for key and signature. */
export type Signers = ReadonlyMap<Hex, KeyObject>;

/** As good as random, the same each time. */
function digest(purpose: string, i: number): Uint8Array {
  return createHash('sha256').update(`${purpose} ${i}`).digest();
}

function digests(purpose: string, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => digest(purpose, i));
}

export function makeSigners(count: number): Signers {
  return new Map(
    Array.from({ length: count }, () => {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      return [encodeHex(publicKey.export({ format: 'der', type: 'spki' }).subarray(12)), privateKey];
    }),
  );
}

/** Bytes of a district's list, the signers among its keys. */
export function makeList(
  { definitionHash }: ElectionContext,
  district: number,
  voters: number,
  signers: Signers,
): Uint8Array {
  const own = [...signers.keys()].map((key) => decodeHex(key, 32));
  const keys = [...own, ...digests(`key ${district}`, voters - own.length)];
  return encodeCredentialList(
    createCredentialList(definitionHash, district, keys, digests(`reserve ${district}`, reserveCount(voters))),
  );
}

/** Writes `registrations.jsonl`, in which every voter of every list registers, each with a commitment of its own. */
export class RegistrationWriter {
  readonly #context: ElectionContext;
  readonly #signers: Signers;
  readonly #out: WriteStream;
  readonly #tree = growTree(REGISTRATION_TREE);

  constructor(path: string, context: ElectionContext, signers: Signers) {
    this.#out = createWriteStream(path);
    this.#context = context;
    this.#signers = signers;
  }

  /** @param keys - ascending @returns the commitments */
  async writeDistrict(district: number, keys: Iterable<Uint8Array>): Promise<Field[]> {
    const commitments: Field[] = [];
    for (const key of keys) {
      const commitment = (decodeNumber(digest(`commitment ${district}`, commitments.length)) >> 3n) as Field;
      const credentialKey = encodeHex(key);
      const signed = { district, commitment, sequence: 1 };
      const entry = { ...signed, credentialKey, signature: encodeHex(this.#sign(credentialKey, signed)) };
      addLeaf(this.#tree, registrationLeaf(entry));
      if (!this.#out.write(`${encodeRegistration(entry)}\n`)) await once(this.#out, 'drain');
      commitments.push(commitment);
    }
    return commitments;
  }

  /** @returns the file's root */
  async finish(): Promise<bigint> {
    this.#out.end();
    await finished(this.#out);
    return grownRoot(this.#tree);
  }

  #sign(key: Hex, signed: Parameters<typeof registrationMessage>[1]): Uint8Array {
    const signer = this.#signers.get(key);
    if (signer !== undefined) return sign(null, registrationMessage(this.#context, signed), signer);
    const bytes = createHash('sha512').update(key).digest();
    bytes[63] = 0; // S < L
    return bytes;
  }
}
