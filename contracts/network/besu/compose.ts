import { stringify } from 'yaml';
import { IN_CONTAINER, P2P_PORT, RPC_PORT } from './node-config.ts';

/** The release whose documentation and source the files were checked against (BESU.md); nobody here knows the image's digest. */
export const BESU_IMAGE = 'hyperledger/besu:26.3.0';

/** Addresses of the containers where all run on one machine. */
const SUBNET = '172.30.73';
export const RPC_HOST = `${SUBNET}.10`;
export const hostOf = (validator: number): string => `${SUBNET}.${10 + validator}`;

/** A container of the file. */
export interface ComposedNode {
  readonly name: string;
  /** Its folder beside the file. */
  readonly folder: string;
  readonly role: 'validator' | 'rpc';
  /** Address on the containers' own network; none where validators are on machines of their own. */
  readonly address?: string;
}

/** Who Besu runs as: owner of the node's data. */
export interface ComposeUser {
  readonly uid: number;
  readonly gid: number;
}

function serviceOf({ name, folder, role, address }: ComposedNode, { uid, gid }: ComposeUser): object {
  const alone = address === undefined;
  const published = [
    ...(alone && role === 'validator' ? [`${P2P_PORT}:${P2P_PORT}/tcp`] : []),
    // For a server on this machine that speaks TLS and limits how often it is asked.
    ...(role === 'rpc' ? [`127.0.0.1:${RPC_PORT}:${RPC_PORT}`] : []),
  ];
  const chain = alone ? {} : { ipv4_address: address };
  return {
    ...{ image: BESU_IMAGE, hostname: name, command: [`--config-file=${IN_CONTAINER.config}`] },
    environment: {
      // Besu reads the profile's name from the command or from here, never from the configuration file.
      BESU_PROFILE: 'ENTERPRISE',
      // The image sets 0.0.0.0, which comes before the configuration file.
      BESU_RPC_HTTP_HOST: role === 'rpc' ? '0.0.0.0' : '127.0.0.1',
      BESU_OPTS: '-Xmx4g',
    },
    ...{ user: `${uid}:${gid}`, read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
    // Libraries of Besu's own are unpacked there and run.
    tmpfs: ['/tmp:exec,mode=1777'],
    ...{ restart: 'unless-stopped', stop_grace_period: '2m' },
    volumes: [
      `./genesis.json:${IN_CONTAINER.genesis}:ro`,
      `./${folder}/config.toml:${IN_CONTAINER.config}:ro`,
      `./${folder}/data:${IN_CONTAINER.data}`,
    ],
    networks: role === 'rpc' ? { chain, outside: {} } : { chain },
    ...(published.length > 0 && { ports: published }),
    logging: { driver: 'json-file', options: { 'max-size': '50m', 'max-file': '10' } },
  };
}

/** The compose file of a network: all nodes on one machine, or each service on the machine that has its folder. */
export function composeFile(nodes: readonly ComposedNode[], user: ComposeUser): string {
  const together = nodes.every(({ address }) => address !== undefined);
  const chain = together ? { internal: true, ipam: { config: [{ subnet: `${SUBNET}.0/24` }] } } : {};
  const services = Object.fromEntries(nodes.map((node) => [node.name, serviceOf(node, user)]));
  const first = ' Written by "urna network init --engine besu-qbft"; contracts/network/BESU.md says how it is run.\n';
  return `#${first}${stringify({ services, networks: { chain, outside: {} } }, { compat: 'yaml-1.1' })}`;
}
