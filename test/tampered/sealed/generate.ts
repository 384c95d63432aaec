import { createDecipheriv, scryptSync } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { follow } from '../../../contracts/follower/follow.ts';
import { readSeals } from '../../../contracts/follower/seals.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { pathsOf, validatorOf } from '../../../contracts/network/clique/folder.ts';
import { runChecks } from '../../../protocol/checks/run.ts';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { encodeSeals } from '../../../protocol/seals/seals-file.ts';
import { PAYER } from '../../contracts/deploy/development.ts';
import { trapdoorCircuit } from '../../contracts/follower/voters.ts';
import type { CliqueTestChain } from '../../contracts/network/clique-chain.ts';
import { startCliqueChain } from '../../contracts/network/clique-chain.ts';
import { prepareWorld } from '../../server/world.ts';
import type { ServerWorld } from '../../server/world.ts';
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

async function record({ made }: ServerWorld): Promise<{ entries: Entry[]; seals: Uint8Array }> {
  const entries: Entry[] = [];
  let reached: FollowState | undefined;
  for await (const { keep, entries: more, state } of follow(made.at, { builds: made.builds })) {
    entries.splice(keep, Infinity, ...more);
    reached = state;
  }
  const seals = await readSeals(made.at, made.definition, reached);
  if (seals === undefined) throw new Error('no seals');
  return { entries, seals: encodeSeals(seals) };
}

async function main(chain: CliqueTestChain): Promise<void> {
  const validators = chain.network.validators.map(({ address }) => address).sort();
  const world = await prepareWorld({ voters: [6, 2] }, { chain, times, validators });
  const { made, voters, story, trapdoor } = world;
  await chain.advanceTo(made.definition.times.opensAt + 1);
  const vote = (index: number, values: readonly bigint[]) => voters.vote(0, voters.nullifier(index), values);
  await voters.post([vote(1, [1n, 0n]), vote(2, [0n, 1n])], made.sender(PAYER));
  const wait = () => chain.advance(8);
  await wait();
  const earlier = await record(world);
  await voters.post([vote(3, [1n, 0n]), vote(4, [1n, 0n])], made.sender(PAYER));
  await wait();
  const { entries, seals } = await record(world);
  const { credentials, registrations } = story.offices;
  const evidence = {
    ...{ definition: encodeDefinition(made.definition), credentials, registrations: [registrations] },
    ...{ reasons: [undefined], circuits: [trapdoorCircuit(trapdoor)], seals },
    build: Object.fromEntries(
      Object.entries(made.builds).map(([name, { codeBytes, codeHash }]) => [name, { codeBytes, codeHash }]),
    ) as typeof made.builds,
  };
  const { checks } = await runChecks(entries, evidence);
  for (const { number, items, ok, detail } of checks) process.stdout.write(`${number} ${ok} ${items} ${detail}\n`);
  writeSealedElection({
    entries,
    evidence,
    earlier: earlier.seals,
    keys: validators.map((each) => keyOf(chain, each)),
  });
  await world.close();
}

const chain = await startCliqueChain();
try {
  await main(chain);
} finally {
  await chain.stop();
}
process.exit(0);
