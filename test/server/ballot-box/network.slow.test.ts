import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createWalletClient, http } from 'viem';
import { connect } from '../../../contracts/client/connection.ts';
import { readSeals } from '../../../contracts/follower/seals.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { validatorOf } from '../../../contracts/network/clique/folder.ts';
import { findGeth } from '../../../contracts/network/clique/geth.ts';
import { startNodes } from '../../../contracts/network/clique/start.ts';
import { progressOf, statusOf } from '../../../contracts/network/clique/status.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { UrnaError } from '../../../protocol/errors.ts';
import { at } from '../../../protocol/errors.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { urna } from '../../client/cli/urna.ts';
import { ARTIFACTS } from '../world.ts';
import type { LonelyBlock } from './cut-off.ts';
import { blockWith, sealAlone } from './cut-off.ts';
import { countsOnce } from './load.ts';
import type { Block, LoadedNetwork } from './loaded-network.ts';
import { PROVED, ask, electionsOf, newestBlock, observe, openNetwork, promisedHead } from './loaded-network.ts';
import { underLoad, untilConfirmed, untilOnChain, withJustEnough } from './loaded-network.ts';
import { until } from './posting-box.ts';
import { boxProcess } from './processes.ts';

/** First casts handed in at full speed while one thing goes wrong, how many things do, and casts for those that take longer. */
const CASTS = 120;
const HARMS = 6;
const RESERVE = 300;

let network: LoadedNetwork;

/** Minutes instead of weeks: time passes here as it does. */
const times = (now: number): Record<string, number> => ({
  ...{ registrationOpens: now + 120, registrationCloses: now + 160, challengeSeconds: 20, opensAt: now + 185 },
  ...{ closesAt: now + 4_000, graceSeconds: 40, settleSeconds: 20, maxExtensionSeconds: 600 },
});

beforeAll(async () => {
  network = await openNetwork({ casts: CASTS * HARMS + RESERVE, proved: HARMS * PROVED, times });
}, 1_800_000);
afterAll(terminate);
afterAll(() => network?.close(), 300_000);

/** Hands in the next casts while `harm` goes on; all are on chain in the end, each once, and the boxes know. */
async function harmed(harm: () => Promise<void>): Promise<void> {
  await untilOnChain(network, await underLoad(network, CASTS, harm));
  expect(await countsOnce(network.world, 0, network.cast)).toBe(true);
  expect(await countsOnce(network.proved.world, 0, network.provedCast)).toBe(true);
  await untilConfirmed(network);
}

/** What a validator says of a transaction's block and whether it was carried out. */
async function receiptOf(validator: number, hash: Hex): Promise<unknown> {
  return ask(network.chain, validator, 'eth_getTransactionReceipt', [hash]);
}

/** What comes of reading seals from a validator for a record that ends with a block of its own; it waits for blocks on top. */
async function sealsUpTo(validator: number, { number, hash }: Block): Promise<string> {
  const { made } = network.world;
  const connection = await connect(network.chain.rpcOf(validator), chainProfile('clique'));
  const state = { marks: [{ block: Number(number), hash }] } as unknown as FollowState;
  return readSeals({ ...made.at, connection }, made.definition, state).then(
    () => 'read',
    (error: unknown) => (error as UrnaError).code,
  );
}

/** Starts a validator that was killed by another program than geth alone. @param lines - of a shell script, `$geth` and `"$@"` in it */
async function startAs(validator: number, geth: string, line: string): Promise<void> {
  const { chain } = network;
  const path = join(chain.folder, `as-${validator}`);
  writeFileSync(path, `#!/bin/sh\ngeth=${geth}\n${line}\n`);
  chmodSync(path, 0o755);
  await startNodes(path, chain.folder, chain.network, [validatorOf(chain.network, validator)]);
}

/** Sends what pays more than a box does to a validator, for ten seconds and until it is enough. @returns how often it had no room */
async function crowd(validator: number, isEnough: (full: number) => boolean): Promise<number> {
  const { chain } = network;
  const account = chain.account(11);
  const wallet = createWalletClient({ account, chain: chain.chain, transport: http(chain.rpcOf(validator)) });
  const fees = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 10_000_000_000n, gas: 21_000n };
  let full = 0;
  const [least, most] = [10_000, 120_000].map((wait) => Date.now() + wait) as [number, number];
  while (Date.now() < least || (Date.now() < most && !isEnough(full))) {
    const { address } = account;
    let nonce = await chain.publicClient.getTransactionCount({ address, blockTag: 'latest' });
    for (let sent = 0; sent < 40; sent++) {
      const one = wallet.sendTransaction({ ...fees, to: address, nonce: nonce++ });
      if ((await one.catch((error: Error) => error)) instanceof Error) full++;
    }
  }
  return full;
}

/** Who sealed the blocks of the chain that the first validator believes in, from now on until it is enough, or it stands still with two validators left, or for a minute. */
async function sealersUntil(isEnough: (sealers: readonly unknown[]) => boolean): Promise<unknown[]> {
  const { chain } = network;
  const sealers: unknown[] = [];
  let next = Number((await newestBlock(chain, 1)).number) + 1;
  for (const until = Date.now() + 60_000; !isEnough(sealers) && Date.now() < until; await pause(250)) {
    if (progressOf(chain.network, await statusOf(chain.folder, chain.network)) === 'tied') break;
    const last = Number((await newestBlock(chain, 1)).number);
    for (; next <= last; next++) sealers.push(await ask(chain, 1, 'clique_getSigner', [`0x${next.toString(16)}`]));
  }
  return sealers;
}

describe('a box on a Clique network, while ballots flow', () => {
  it('loses nothing when a validator is killed and started again', async () => {
    await harmed(async () => {
      await pause(3_000);
      await network.chain.kill(2);
      await pause(4_000);
      await network.chain.start(2);
    });
  }, 400_000);

  it('loses nothing when all validators are ended and started again', async () => {
    await harmed(async () => {
      await pause(3_000);
      await Promise.all([1, 2, 3].map((number) => network.chain.kill(number)));
      await pause(2_000);
      await network.chain.start(1, 2, 3);
    });
  }, 400_000);

  it('loses nothing when its node is cut off with a batch of it in a block that is given up', async () => {
    const { chain } = network;
    let lonely: LonelyBlock | undefined;
    let seals: Promise<string> | undefined;
    await harmed(async () => {
      lonely = await sealAlone(network, 3);
      expect(lonely.batches.length).toBeGreaterThan(0);
      for (const { hash } of lonely.batches)
        expect(await receiptOf(3, hash)).toMatchObject({ blockHash: lonely.hash, status: '0x1' });
      seals = sealsUpTo(3, lonely);
      await chain.rejoin(3);
    });
    if (lonely === undefined) throw new Error('no block was given up');
    // The others never built on it; no record can end with it.
    expect(await seals).toBe('follow/moved');
    expect(await ask(chain, 1, 'eth_getBlockByHash', [lonely.hash, false])).toBeNull();
    // What the box had posted there has taken effect on the longer chain, which its node believes in by now.
    for (const batch of lonely.batches) {
      const { hash, batch: again } = await blockWith(network, lonely.number, batch);
      expect(hash).not.toBe(lonely.hash);
      expect(again.input).toBe(batch.input);
      for (const validator of [1, 3])
        expect(await receiptOf(validator, again.hash)).toMatchObject({ blockHash: hash, status: '0x1' });
    }
  }, 700_000);

  it('loses nothing while its node’s pool is full of what others pay more for', async () => {
    const { chain, box } = network;
    await harmed(async () => {
      await chain.kill(3);
      const small = '--txpool.globalslots 8 --txpool.globalqueue 8 --txpool.accountqueue 8';
      await startAs(3, await findGeth(), `exec $geth "$@" ${small}`);
      const hasRefused = (): boolean => box.said().includes('chain/pool-full');
      expect(await crowd(3, (full) => full > 100 && hasRefused())).toBeGreaterThan(100);
      expect(hasRefused()).toBe(true);
      await chain.kill(3);
      await chain.start(3);
    });
  }, 700_000);

  it('loses nothing while a validator’s clock is wrong, whose blocks nobody builds on', async () => {
    const { chain } = network;
    const script = join(import.meta.dirname, '../../contracts/network/geth-clock.sh');
    const geth = execFileSync('bash', [script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
    const own = at(chain.network.validators, 1).address;
    await harmed(async () => {
      for (const shift of [20, -20]) {
        await chain.kill(2);
        await startAs(2, geth, `URNA_CLOCK_SHIFT=${shift} exec $geth "$@"`);
        await pause(2_000);
        const sealers = await sealersUntil(({ length }) => length > 4);
        expect(sealers).not.toContain(own);
      }
      await chain.kill(2);
      await chain.start(2);
    });
  }, 700_000);

  it('loses nothing when its node is lost and another stands in', async () => {
    const { chain, line } = network;
    await withJustEnough(chain, 3, () =>
      harmed(async () => {
        await pause(3_000);
        await chain.kill(3);
        line.divert(chain.rpcOf(2));
      }),
    );
  }, 400_000);

  it('leaves records that hold what each receipt promised, once, and that urna observe finds right', async () => {
    for (const { election, cast, accepted } of electionsOf(network)) {
      const { heads, ballots, seals } = await observe(election);
      expect(accepted).toHaveLength(cast.length);
      expect(accepted.map(promisedHead).sort()).toEqual(heads.sort());
      expect({ ballots, seals }).toEqual({ ballots: cast.length, seals: 4 + 2 });
    }
  }, 400_000);

  it('can be had with its seals from a node or the public service, which who verifies it finds right', async () => {
    const { made, story, settings, folder } = network.proved.world;
    const { definitionFile, election } = settings;
    // A node that still runs.
    const rpc = network.chain.rpcOf(1);
    mkdirSync(join(folder, 'credentials'));
    made.definition.districts.forEach(({ id }, i) =>
      writeFileSync(join(folder, 'credentials', `${id}.json`), at(story.offices.credentials, i)),
    );
    writeFileSync(join(folder, 'registrations-1.jsonl'), story.offices.registrations);
    const asked = async (...words: readonly string[]) => {
      const { answer, stderr } = await urna(folder, [...words, '--json']);
      const checks = (answer?.data['checks'] ?? []) as { number: number; ok: boolean; items: number }[];
      const seals = checks.find(({ number }) => number === 20)?.items;
      return { code: answer?.code ?? stderr, failed: checks.filter(({ ok }) => !ok), seals };
    };
    const own = ['--definition', definitionFile, '--election', election];
    const right = { code: 'ok', failed: [], seals: 4 + 2 };
    const published = ['--public', '.'];
    expect(await asked('record', 'export', '--rpc', rpc, ...own, ...published, '--out', 'record')).toMatchObject({
      code: 'ok',
    });
    expect(await asked('record', 'verify', 'record', '--so-far')).toEqual(right);
    expect(await asked('observe', 'run', '--rpc', rpc, ...own, ...published, '--so-far')).toEqual(right);

    const redis = await startPrivateRedis(mkdtempSync(join(folder, 'redis-public-')));
    const service = await boxProcess(
      {
        ...{ ...settings, rpc, redisUrl: redis.url, artifactsFolder: ARTIFACTS },
        ...{ recordFolder: join(folder, 'served'), publicFolder: folder },
      },
      join(import.meta.dirname, '../../../server/public/main.ts'),
    );
    try {
      await service.start();
      const { entries } = JSON.parse(readFileSync(join(folder, 'record/record.json'), 'utf8')) as { entries: number };
      await until(async () => {
        const head = await fetch(`${service.url}/v1/record/record.json`);
        return head.ok && ((await head.json()) as { entries: number }).entries >= entries;
      }, 120);
      expect(await asked('record', 'fetch', service.url, '--out', 'fetched')).toMatchObject({ code: 'ok' });
      expect(await asked('record', 'verify', 'fetched', '--so-far')).toEqual(right);
      const old = await fetch(`${service.url}/v1/record/files/seals.json?sha256=0x${'ab'.repeat(32)}`);
      expect([old.status, await old.json()]).toMatchObject([404, { type: 'urn:urna:error:not-found/file' }]);
    } finally {
      await service.kill();
      await redis.stop();
    }
  }, 400_000);
});
