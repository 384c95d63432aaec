import { scrypt, scryptAsync } from '@noble/hashes/scrypt.js';
import { concatBytes } from '../encoding.ts';
import { require } from '../errors.ts';
import { domainTag } from '../hash.ts';
import { decodeCode } from './code.ts';
import { signingKey } from './ed25519.ts';
import type { SigningKey } from './ed25519.ts';

// 32 MiB and about a quarter of a second a guess here, on top of 80 random bits (SPEC §5.2).
const COST = { N: 2 ** 15, r: 8, p: 1, dkLen: 32 } as const;

/**
 * The signing key a printed code stands for (SPEC §5.2; the one importer of scrypt).
 *
 * @param definitionHash - 32 bytes: the same code is worth nothing in another election
 * @throws the codes of {@link decodeCode}, `credential/election`
 */
export function deriveCredential(code: string, definitionHash: Uint8Array): SigningKey {
  return signingKey(scrypt(decodeCode(code), salt(definitionHash), COST));
}

/** {@link deriveCredential} in slices of 10 ms, for programs that must stay responsive. @param onProgress - told the part that is done, 0 to 1 */
export async function deriveCredentialAsync(
  code: string,
  definitionHash: Uint8Array,
  onProgress: (done: number) => void = () => undefined,
): Promise<SigningKey> {
  return signingKey(await scryptAsync(decodeCode(code), salt(definitionHash), { ...COST, onProgress }));
}

function salt(definitionHash: Uint8Array): Uint8Array {
  require(definitionHash.length === 32, 'credential/election', 'a definition hash has exactly 32 bytes');
  return concatBytes(domainTag('credential'), definitionHash);
}
