import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Abi } from 'viem';
import { encodeAbiParameters } from 'viem';
import { electionAbi } from '../../../contracts/client/abi/election.ts';
import { locateElection, readStatus } from '../../../contracts/client/election.ts';
import { submit } from '../../../contracts/client/transact.ts';
import { deployContracts } from '../../../contracts/deploy/deploy.ts';
import { decodeDeployment, deploymentSchema, encodeDeployment } from '../../../contracts/deploy/deployment.ts';
import { verifyDeployment } from '../../../contracts/deploy/verify.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import type { Config } from '../../../protocol/config/config.ts';
import { configHash, encodeElectionArguments } from '../../../protocol/config/config.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { definitionHash } from '../../../protocol/definition/decode.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import type { DeployedElection } from './development.ts';
import { TRAPDOOR, definitionFrom, deployDevelopment, draft } from './development.ts';

let chain: EmbeddedChain;
let made: DeployedElection;
beforeAll(async () => {
  chain = await startTestChain();
  made = await deployDevelopment(chain);
});
afterAll(() => chain.stop());

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'no error';
}

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array): Hex => encodeHex(array));
const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
const small = (bits: number) => fc.nat(2 ** bits - 1);
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });
const time = uint(64);

const anyConfig: fc.Arbitrary<Config> = fc.record({
  definitionHash: hex(32),
  times: fc.record({
    ...{ registrationOpens: time, registrationCloses: time, challengeSeconds: time, opensAt: time, closesAt: time },
    ...{ graceSeconds: time, settleSeconds: time, maxExtensionSeconds: time },
  }),
  ...{ officers: list(hex(20)), quorum: uint(256), registrar: hex(20), trustees: list(hex(20)), threshold: uint(256) },
  ...{ boxes: list(hex(20)), maskRounds: uint(256), voters: list(uint(256)) },
  contests: list(
    fc.record({
      ...{ lanes: small(8), withholdSmall: fc.boolean() },
      rule: fc.record({
        ...{ minTotal: uint(256), maxTotal: uint(256), quadratic: fc.boolean(), distinct: fc.boolean() },
        ...{ max: list(uint(256)), price: list(uint(256)) },
      }),
    }),
  ),
  units: list(fc.record({ contest: small(16), mergeInto: small(16) })),
  polls: list(fc.record({ contest: small(16), district: small(16), unit: small(16) })),
  minAnonymitySet: uint(256),
});

describe('encodeElectionArguments', () => {
  it('is the ABI encoding that the compiler’s ABI gives', () => {
    const creation = (electionAbi as Abi).find(({ type }) => type === 'constructor');
    const inputs = creation?.type === 'constructor' ? creation.inputs : [];
    const parts = fc.record({ roll: hex(20), ceremony: hex(20), ballots: hex(20), tally: hex(20) });
    fc.assert(
      fc.property(anyConfig, parts, (config, { roll, ceremony, ballots, tally }) => {
        const expected = encodeAbiParameters(inputs, [config, roll, ceremony, ballots, tally]);
        expect(encodeHex(encodeElectionArguments(config, { roll, ceremony, ballots, tally }))).toBe(expected);
      }),
    );
  });
});

describe('deployContracts', () => {
  it('puts an election on chain that has the definition’s hash and configuration', async () => {
    const status = await readStatus(made.at);
    expect(status.definitionHash).toBe(definitionHash(made.definition));
    expect(status.configHash).toBe(wordHex(configHash(toConfig(made.definition))));
    expect([status.phase, status.actCount]).toEqual(['defined', 0n]);
  });

  it('answers with a file that names what is on chain', async () => {
    const { election, roll, ceremony, ballots, tally } = decodeDeployment(encodeDeployment(made.deployment));
    expect(await locateElection(made.at.connection, election)).toEqual({ ...made.at, roll, ceremony, ballots, tally });
    expect(made.deployment.circuitKeys.map(({ lanes }) => lanes)).toEqual([1]);
  });

  it('refuses a definition of another chain', async () => {
    const value = draft(chain, await chain.now());
    const definition = definitionFrom({ ...value, chain: { id: 1, profile: 'embedded' } });
    const input = { definition, keys: [TRAPDOOR.key], builds: made.builds };
    expect(await codeOf(() => deployContracts(made.sender(0), input))).toBe('chain/wrong-chain');
  });

  it('refuses keys that are missing, repeated or not used', async () => {
    const other = makeTrapdoor(14 + 12 * 4).key;
    for (const keys of [[], [TRAPDOOR.key, TRAPDOOR.key], [TRAPDOOR.key, other], [other]]) {
      const input = { definition: made.definition, keys, builds: made.builds };
      expect(await codeOf(() => deployContracts(made.sender(0), input))).toBe('deploy/keys');
    }
  });

  it('fails clearly if the account is used for something else meanwhile', async () => {
    const { definition, builds, sender } = made;
    const input = { definition, keys: [TRAPDOOR.key], builds };
    const other = sender(5);
    const interfere = (): void => void submit(other, { to: other.account.address, data: '0x' }).catch(() => undefined);
    const run = deployContracts(other, input, ({ name }) => {
      if (name === 'roll') interfere();
    });
    expect(await codeOf(() => run)).toBe('deploy/nonce');
  });

  it('spends within two per cent of the gas it asks for', async () => {
    const { connection } = made.at;
    const head = await connection.rpc.getBlock({ includeTransactions: true });
    const [creation] = head.transactions;
    const { gasUsed } = await connection.rpc.getTransactionReceipt({ hash: creation!.hash });
    expect(Number(creation!.gas) / Number(gasUsed)).toBeLessThan(1.025);
  });
});

describe('decodeDeployment', () => {
  it('refuses what is not exactly a deployment', () => {
    const text = encodeDeployment(made.deployment);
    for (const wrong of ['{}', text.replace('0x', '0X'), text.replace('"chainId"', '"chain"'), `${text} x`]) {
      expect(() => decodeDeployment(wrong)).toThrow(expect.objectContaining({ name: 'UrnaError' }));
    }
  });
});

describe('verifyDeployment', () => {
  const faults = async (election: DeployedElection, changes: Partial<DeployedElection>, key = TRAPDOOR.key) => {
    const { definition, builds, at } = { ...election, ...changes };
    const answers = await verifyDeployment(at, definition, [key], builds);
    return answers.filter(({ ok }) => !ok).map(({ step, item }) => `${step} ${item.split(' ')[0] ?? ''}`);
  };

  it('finds nothing wrong with what was just deployed', async () => {
    const { at, definition, builds } = made;
    const answers = await verifyDeployment(at, definition, [TRAPDOOR.key], builds);
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    expect(answers.filter(({ step }) => step === 'code')).toHaveLength(7);
    expect(answers.filter(({ step }) => step === 'arguments')).toHaveLength(5);
  });

  it('finds a definition that is not the one deployed', async () => {
    const definition = definitionFrom({ ...(made.definition as never as object), minAnonymitySet: 3 } as never);
    expect(await faults(made, { definition })).toEqual(['arguments election', 'configuration election']);
  });

  it('finds code that is not the published build', async () => {
    const { builds } = made;
    for (const name of ['poseidon', 'circuit-key', 'roll', 'ceremony', 'ballots', 'tally', 'election'] as const) {
      const altered = { ...builds, [name]: { ...builds[name], codeHash: wordHex(1n) } };
      expect(await faults(made, { builds: altered })).toEqual([`code ${name}`]);
    }
  });

  it('finds another verifying key than the setup’s', async () => {
    expect(await faults(made, {}, makeTrapdoor(26, 2n).key)).toEqual(['keys circuit-key', 'keys setup']);
  });

  it('finds the parts of a second election of the same account', async () => {
    expect(await faults(await deployDevelopment(chain), {})).toEqual([]);
  });
});

describe('schema file of deployments', () => {
  it('is what the decoder reads', () => {
    const file = new URL('../../../protocol/schemas/deployment.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(deploymentSchema)));
  });
});
