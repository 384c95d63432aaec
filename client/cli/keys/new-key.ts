import { addressOfKey } from '../../../protocol/acts/signature.ts';
import { createAgeKey } from '../../../protocol/node/age.ts';
import { exists, writeFile } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import { newPassphrase } from '../frame/passphrase.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import type { Verb } from '../frame/run.ts';
import { require } from '../../../protocol/errors.ts';
import { sealKeyFile } from '../../../protocol/node/key-file.ts';
import type { Role } from '../../../protocol/node/key-file.ts';

/** `urna <noun> key`: makes a key of this office; the address is public, the file opens with a passphrase. */
export function newKey(role: Role): Verb {
  return async (call) => {
    const out = option(call, 'out');
    require(!(await exists(out)), 'file/exists', `${out} exists already and is not overwritten`);
    const passphrase = await newPassphrase(call, `the new ${role} key`);
    const privateKey = randomBytes(32);
    const address = addressOfKey(privateKey);
    const { secret } = await createAgeKey();
    const file = await sealKeyFile({ role, address, privateKey, ageSecret: secret }, passphrase);
    await writeFile(out, file, { secret: true });
    return { data: { role, address, file: out }, text: `${role} key ${address} written to ${out}` };
  };
}
