import { canonicalBytes, parseCanonical } from '../canonical-json.ts';
import { decodeHex, encodeHex, wordHex } from '../encoding.ts';
import { require } from '../errors.ts';
import { readMembers } from '../json-members.ts';
import { createIdentity } from './semaphore.ts';
import type { Identity } from './semaphore.ts';

const TYPE = 'urna/v1/identity';

/** Plain bytes of an identity file (SPEC §4.3). Secret: the caller encrypts them before they touch a disk. */
export function encodeIdentity(identity: Identity): Uint8Array {
  return canonicalBytes({
    type: TYPE,
    privateKey: encodeHex(identity.privateKey),
    commitment: wordHex(identity.commitment),
  });
}

/**
 * Strict inverse of {@link encodeIdentity}: the commitment is computed again and compared.
 *
 * @throws `identity/file` for another shape, `identity/commitment` if key and commitment do not belong together, `json/*`
 */
export function decodeIdentity(bytes: Uint8Array): Identity {
  const fields = readMembers(parseCanonical(bytes), ['commitment', 'privateKey', 'type'], 'identity/file');
  require(fields.type === TYPE, 'identity/file', `not an identity file of type ${TYPE}`);
  const identity = createIdentity(decodeHex(fields.privateKey, 32));
  require(fields.commitment ===
    wordHex(identity.commitment), 'identity/commitment', 'the commitment is of another key');
  return identity;
}
