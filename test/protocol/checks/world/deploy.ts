import { createdAddress } from '../../../../protocol/checks/02-code.ts';
import { circuitKeyCode } from '../../../../protocol/checks/03-setup.ts';
import { toConfig } from '../../../../protocol/config/to-config.ts';
import { CONSTRAINT_SYSTEMS } from '../../../../protocol/checks/constraint-systems.ts';
import type { ContractName, PublishedCircuit, PublishedCode } from '../../../../protocol/checks/replay/evidence.ts';
import { abiArray, abiWord, encodeAbi } from '../../../../protocol/config/abi.ts';
import type { Config } from '../../../../protocol/config/config.ts';
import { configHash, encodeElectionArguments } from '../../../../protocol/config/config.ts';
import { canonicalBytes } from '../../../../protocol/canonical-json.ts';
import { decodeDefinition } from '../../../../protocol/definition/decode.ts';
import type { Hex } from '../../../../protocol/encoding.ts';
import { encodeHex, wordHex } from '../../../../protocol/encoding.ts';
import { keccak256, sha256 } from '../../../../protocol/hash.ts';
import type { VerifyingKey } from '../../../../protocol/math/groth16-key.ts';
import { encodeVerifyingKey } from '../../../../protocol/math/groth16-key.ts';
import type { Ledger } from './ledger.ts';
import { post } from './ledger.ts';
import type { Parties } from './parties.ts';

export const CHAIN_ID = 31337n;
const NAMES: readonly ContractName[] = ['poseidon', 'circuit-key', 'roll', 'ceremony', 'ballots', 'tally', 'election'];

/** A published build: made-up code, the true way of comparing it. */
export function publishedBuild(): Record<ContractName, PublishedCode> {
  const code = (name: string): PublishedCode => ({
    codeHash: encodeHex(keccak256(new TextEncoder().encode(`code of ${name}`))),
    codeBytes: 1000 + name.length,
  });
  return Object.fromEntries(NAMES.map((name) => [name, code(name)])) as Record<ContractName, PublishedCode>;
}

/** A circuit of the world as it would be published. */
export function publishCircuit(lanes: number, key: VerifyingKey): PublishedCircuit {
  const verifyingKey = canonicalBytes(encodeVerifyingKey(key));
  const manifest = canonicalBytes({
    files: { 'vkey.json': encodeHex(sha256(verifyingKey)) },
    r1cs: CONSTRAINT_SYSTEMS.get(lanes) ?? '0x',
    contributions: ['01', '02', '03'].map((byte) => ({ name: `contributor ${byte}`, hash: `0x${byte.repeat(64)}` })),
    beacon: 'fixed',
    insecure: true,
  });
  return { lanes, verifyingKey, manifest };
}

/** Deploys the world's contracts. @returns the configuration and the election's address */
export function deploy(
  ledger: Ledger,
  parties: Parties,
  definition: Uint8Array,
  keys: readonly VerifyingKey[],
): { config: Config; election: Hex; definitionHash: Hex } {
  const creator = parties.deployer.address;
  const build = publishedBuild();
  const definitionHash = encodeHex(keccak256(definition));
  const config = toConfig(decodeDefinition(definition));
  // poseidon, the keys, then roll, ceremony, ballots, tally and election.
  const first = 1 + keys.length;
  const at = (nonce: number): Hex => createdAddress(creator, nonce);
  const election = at(first + 4);
  const [roll, ceremony, ballots, tally] = [at(first), at(first + 1), at(first + 2), at(first + 3)];
  const circuitKeys = keys.map((_, i) => at(1 + i));
  let nonce = 0;
  const create = (name: ContractName, args: Uint8Array): void => {
    post(ledger, 'deployment', {
      ...{ name, address: at(nonce), creator, nonce, ...build[name] },
      arguments: encodeHex(args),
    });
    nonce += 1;
  };
  const word = (address: Hex): ReturnType<typeof abiWord> => abiWord(BigInt(address));
  create('poseidon', new Uint8Array());
  for (const key of keys) create('circuit-key', circuitKeyCode(key));
  create('roll', encodeAbi(word(election), word(at(0))));
  create('ceremony', encodeAbi(word(election)));
  create('ballots', encodeAbi(word(election), abiArray(circuitKeys.map(word))));
  create('tally', encodeAbi(word(election)));
  create('election', encodeElectionArguments(config, { roll, ceremony, ballots, tally }));
  post(ledger, 'defined', {
    ...{ chainId: Number(CHAIN_ID), election, roll, ceremony, ballots, tally, circuitKeys, definitionHash },
    configHash: wordHex(configHash(config)),
  });
  return { config, election, definitionHash };
}
