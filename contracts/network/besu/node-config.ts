import type { Hex } from '../../../protocol/encoding.ts';

/** Where a node finds its files in its container. */
export const IN_CONTAINER = {
  config: '/etc/besu/config.toml',
  genesis: '/etc/besu/genesis.json',
  data: '/var/lib/besu',
} as const;

export const P2P_PORT = 30_303;
export const RPC_PORT = 8_545;
const METRICS_PORT = 9_545;
const LOOPBACK = '127.0.0.1';
const ANY = '0.0.0.0';

type Value = string | number | boolean | readonly string[];
/** Besu's options by the names of its configuration file. */
export type BesuOptions = Readonly<Record<string, Value>>;

/** What differs between nodes. */
export interface NodeOfConfig {
  /** Name by which the others on its network know it. */
  readonly name: string;
  /** IPv4 address that it tells its peers. */
  readonly host: string;
  readonly gasLimit: bigint;
}

function common({ name, host, gasLimit }: NodeOfConfig): BesuOptions {
  return {
    ...{ 'data-path': IN_CONTAINER.data, 'genesis-file': IN_CONTAINER.genesis },
    ...{ 'node-private-key-file': `${IN_CONTAINER.data}/key`, identity: name },
    'static-nodes-file': `${IN_CONTAINER.data}/static-nodes.json`,
    'version-compatibility-protection': true,
    // As profile ENTERPRISE has them, which Besu's documentation asks for together: all states are kept, so that any block can be asked about.
    ...{ 'sync-mode': 'FULL', 'data-storage-format': 'FOREST', 'sync-min-peers': 1 },
    ...{
      'p2p-host': host,
      'p2p-port': P2P_PORT,
      'discovery-enabled': false,
      'remote-connections-limit-enabled': false,
    },
    // Senders are few (boxes, registrar, officers) and send much: one of them may fill the pool.
    ...{ 'tx-pool': 'SEQUENCED', 'tx-pool-max-size': 4_096, 'tx-pool-limit-by-account-percentage': 1 },
    ...{ 'tx-pool-no-local-priority': true, 'tx-pool-enable-save-restore': true },
    ...{ 'min-gas-price': 0, 'target-gas-limit': Number(gasLimit), 'strict-tx-replay-protection-enabled': true },
    'permissions-accounts-config-file-enabled': true,
    'permissions-accounts-config-file': `${IN_CONTAINER.data}/permissions_config.toml`,
    ...{ 'rpc-ws-enabled': false, 'graphql-http-enabled': false, 'rpc-http-enabled': true, 'rpc-http-port': RPC_PORT },
    ...{ 'metrics-enabled': true, 'metrics-host': ANY, 'metrics-port': METRICS_PORT },
  };
}

/** A validator's options: whoever reaches its RPC can vote validators in and out, so that is on the container's own loopback only. */
export function validatorOptions(node: NodeOfConfig): BesuOptions {
  return {
    ...common(node),
    ...{ 'rpc-http-host': LOOPBACK, 'rpc-http-api': ['ETH', 'NET', 'WEB3', 'QBFT', 'PERM', 'ADMIN', 'TXPOOL'] },
    // Metrics are asked for under the node's name.
    'host-allowlist': ['localhost', LOOPBACK, node.name],
  };
}

/** Options of the node that everybody may ask. @param hosts - names under which it is asked */
export function rpcOptions(node: NodeOfConfig, hosts: readonly string[]): BesuOptions {
  return {
    ...common(node),
    ...{ 'rpc-http-host': ANY, 'rpc-http-api': ['ETH', 'NET', 'WEB3'] },
    'host-allowlist': [...new Set(['localhost', LOOPBACK, node.name, ...hosts])],
    // What one question may cost; followers ask for as many blocks at once as the profile says.
    ...{ 'rpc-max-logs-range': 5_000, 'rpc-gas-cap': 50_000_000, 'rpc-http-max-batch-size': 100 },
    'rpc-http-max-request-content-length': 2_097_152,
  };
}

/** A configuration file; every value that occurs here is written alike in JSON and in TOML. */
export function toml(options: BesuOptions): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
    .join('');
}

/** The file of accounts that may send transactions. Besu itself writes it anew. */
export function permissionsFile(accounts: readonly Hex[]): string {
  return toml({ 'accounts-allowlist': accounts });
}
