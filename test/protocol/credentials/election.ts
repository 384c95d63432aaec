import { createCredentialList } from '../../../protocol/credentials/credential-list.ts';
import type { CredentialList } from '../../../protocol/credentials/credential-list.ts';
import { signingKey } from '../../../protocol/credentials/ed25519.ts';
import type { SigningKey } from '../../../protocol/credentials/ed25519.ts';
import { signRegistration } from '../../../protocol/credentials/registration.ts';
import type { ElectionContext, Registration } from '../../../protocol/credentials/registration.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { toField } from '../../../protocol/math/field.ts';
import { streamOf } from '../stream.ts';

/** A small election before its registration opens: two districts, three voters and one reserve credential each. */
export const context: ElectionContext = {
  chainId: 31337,
  election: '0x00000000000000000000000000000000000e1ec7',
  definitionHash: encodeHex(streamOf('definition')(32)),
};

const seeds = streamOf('credentials');
const keysOf = (count: number): SigningKey[] => Array.from({ length: count }, () => signingKey(seeds(32)));
export const voters: readonly (readonly SigningKey[])[] = [keysOf(3), keysOf(3)];
export const spare: readonly (readonly SigningKey[])[] = [keysOf(1), keysOf(1)];

export const lists: readonly CredentialList[] = [0, 1].map((district) =>
  createCredentialList(
    context.definitionHash,
    district,
    at(voters, district).map(({ publicKey }) => publicKey),
    at(spare, district).map(({ publicKey }) => publicKey),
  ),
);

export function hexKey({ publicKey }: SigningKey): Hex {
  return encodeHex(publicKey);
}

/** A registration signed by voter `voter` of `district`. */
export function registrationOf(district: number, voter: number, commitment: bigint, sequence = 1): Registration {
  return signRegistration(context, at(at(voters, district), voter), {
    district,
    commitment: toField(commitment),
    sequence,
  });
}
