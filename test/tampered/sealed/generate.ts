import { createDecipheriv, scryptSync } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathsOf, validatorOf } from '../../../contracts/network/clique/folder.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import type { CliqueTestChain } from '../../contracts/network/clique-chain.ts';
import { startCliqueChain } from '../../contracts/network/clique-chain.ts';
import { prepareWorld } from '../../server/world.ts';
import { tellElection } from './tell.ts';
import { writeSealedElection } from './vector.ts';

/** Makes `test/vectors/sealed.json.gz` anew: a network of three validators, an election on it, minutes. */
const times = (now: number): Record<string, number> => ({
  ...{ registrationOpens: now + 120, registrationCloses: now + 160, challengeSeconds: 20, opensAt: now + 185 },
  ...{ closesAt: now + 4_000, graceSeconds: 40, settleSeconds: 20, maxExtensionSeconds: 600 },
});

interface KeyFile {
  readonly crypto: {
    readonly ciphertext: string;
    readonly cipherparams: { readonly iv: string };
    readonly kdfparams: { readonly n: number; readonly r: number; readonly p: number; readonly salt: string };
  };
}

/** A validator's key out of the file in which geth keeps it (Web3 secret storage, version 3). */
function keyOf({ folder, network }: CliqueTestChain, address: Hex): Uint8Array {
  const validator = network.validators.find((each) => each.address === address) ?? validatorOf(network, 1);
  const keystore = join(pathsOf(folder).node(validator.number).data, 'keystore');
  const { crypto } = JSON.parse(readFileSync(join(keystore, at(readdirSync(keystore), 0)), 'utf8')) as KeyFile;
  const { n, r, p, salt } = crypto.kdfparams;
  const password = readFileSync(pathsOf(folder).password, 'utf8').trim();
  const key = scryptSync(password, Buffer.from(salt, 'hex'), 32, { N: n, r, p, maxmem: 2 ** 30 });
  const cipher = createDecipheriv('aes-128-ctr', key.subarray(0, 16), Buffer.from(crypto.cipherparams.iv, 'hex'));
  return Uint8Array.from(Buffer.concat([cipher.update(Buffer.from(crypto.ciphertext, 'hex')), cipher.final()]));
}

async function main(chain: CliqueTestChain): Promise<void> {
  const validators = chain.network.validators.map(({ address }) => address).sort();
  const world = await prepareWorld({ voters: [6, 2] }, { chain, times, validators });
  const told = await tellElection(world, world.made.definition, () => chain.advance(8));
  writeSealedElection({ ...told, keys: validators.map((each) => keyOf(chain, each)) }, 'clique');
  await world.close();
}

const chain = await startCliqueChain();
try {
  await main(chain);
} finally {
  await chain.stop();
}
process.exit(0);
