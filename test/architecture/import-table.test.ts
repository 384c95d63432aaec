import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Import } from './imports.ts';
import { importsOf, sourceFiles } from './imports.ts';

const root = join(import.meta.dirname, '../..');

/** What each room may import from others (DESIGN §3); a room may always import itself. The longest prefix decides. */
const table: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  // What the core may not touch and command and servers share: files, age, gzip, threads. Never for browsers.
  'protocol/node': ['protocol'],
  circuits: ['protocol'],
  ceremony: ['protocol', 'circuits'],
  contracts: ['protocol', 'circuits', 'ceremony'],
  server: ['protocol', 'protocol/node', 'circuits', 'contracts'],
  // What command and browser share: asking a service.
  'client/http': ['protocol'],
  'client/web': ['protocol', 'circuits', 'contracts', 'client/http'],
  // How pages are built: of packages, what other bundles take too.
  'client/web/bundle': ['bundling', 'client/web', 'protocol', 'contracts'],
  bundling: [],
  'client/cli': ['protocol', 'protocol/node', 'circuits', 'contracts', 'ceremony', 'client/http'],
  // Who plays every party on one machine starts processes of all: it shares no code with what runs in them.
  'server/start': ['protocol', 'server'],
  'client/cli/demo': [
    'protocol',
    'protocol/node',
    'circuits',
    'contracts',
    'client/cli',
    'client/http',
    'server/start',
  ],
};

/** Rooms whose code handles secrets of voters or trustees: no server may import them. */
const secretRooms = [
  /^protocol\/identity\//,
  /^protocol\/ceremony\/(?!transcript)/,
  /^protocol\/tally\/decrypt/,
  /^protocol\/voting\//,
];

/** Packages of the protocol core; each is imported, by specifier, in one adapter file. */
const protocolPackages =
  /^(snarkjs|ffjavascript|circom_runtime|circomlibjs|@semaphore-protocol\/core|@noble\/(curves|hashes|ciphers)\/.*|@scure\/bip39.*|@hpke\/.*|canonicalize)$/;

function roomOf(path: string): string | undefined {
  return Object.keys(table)
    .filter((room) => path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

const rooms = Object.keys(table).filter((room) => existsSync(join(root, room)));
const imports = rooms.flatMap((room) => sourceFiles(root, room)).flatMap((file) => importsOf(root, file));

function show({ file, target }: Import): string {
  return `${file} imports ${target}`;
}

describe('import table', () => {
  it('reads the sources at all', () => {
    expect(imports.length).toBeGreaterThan(50);
  });

  it('lets a room import only what DESIGN allows it', () => {
    const wrong = imports.filter(({ file, target, isPackage }) => {
      if (isPackage) return false;
      const from = roomOf(file);
      const to = roomOf(target);
      return from === undefined || to === undefined || (from !== to && !table[from]?.includes(to));
    });
    expect(wrong.map(show)).toEqual([]);
  });

  it('keeps file system, network, clock and other packages out of protocol/', () => {
    const wrong = imports.filter(
      ({ file, target, isPackage }) => roomOf(file) === 'protocol' && isPackage && !protocolPackages.test(target),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it('keeps viem and solc inside contracts/', () => {
    const wrong = imports.filter(
      ({ file, target }) => /^(viem|solc)(\/|$)/.test(target) && !file.startsWith('contracts/'),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it('gives each vendor package of protocol/ one adapter file', () => {
    const importers = new Map<string, Set<string>>();
    for (const { file, target, isPackage } of imports) {
      if (!isPackage || isBuiltin(target) || roomOf(file) !== 'protocol') continue;
      importers.set(target, (importers.get(target) ?? new Set()).add(file));
    }
    const shared = [...importers].filter(([, files]) => files.size > 1).map(([name, files]) => [name, ...files]);
    expect(shared).toEqual([]);
  });

  it('lets servers reach Redis, the second factor’s provider and signals through one file each', () => {
    const vendors = ['redis', 'openid-client', 'close-with-grace', 'prom-client'];
    const found = imports.filter(({ file, target }) => file.startsWith('server/') && vendors.includes(target));
    expect([...new Set(found.map(show))].sort()).toEqual([
      'server/eligibility/second-factor/oidc.ts imports openid-client',
      'server/frame/metrics.ts imports prom-client',
      'server/frame/redis.ts imports redis',
      'server/frame/serve.ts imports close-with-grace',
    ]);
  });

  it('keeps the secrets of voters and trustees out of servers', () => {
    const wrong = imports.filter(
      ({ file, target }) => file.startsWith('server/') && secretRooms.some((room) => room.test(target)),
    );
    expect(wrong.map(show)).toEqual([]);
  });
});
