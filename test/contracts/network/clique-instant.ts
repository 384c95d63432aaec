import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { HDAccount } from 'viem/accounts';
import { awaitReceipt } from '../../../contracts/client/transact.ts';
import type { CliqueNetwork } from '../../../contracts/network/clique/folder.ts';
import { pathsOf, validatorOf } from '../../../contracts/network/clique/folder.ts';
import { initClique } from '../../../contracts/network/clique/init.ts';
import { askOwner, killNode } from '../../../contracts/network/clique/node.ts';
import { startNodes } from '../../../contracts/network/clique/start.ts';
import { developmentAccount } from '../../../contracts/network/development-accounts.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { cliqueClients, killNow, requireGeth } from './clique-chain.ts';

/** As many funded accounts as the embedded chain has, and one more, whose payments make blocks that a test asks for. */
const ACCOUNTS = 20;
const CLOCKWORK = ACCOUNTS;
const GAS_LIMIT = 30_000_000n;

/** What a test does to a chain that only an embedded one does by itself, here done to a geth. */
interface Hands {
  readonly now: () => Promise<number>;
  readonly setNextTime: (timestamp: number) => Promise<void>;
  readonly mine: (what: { readonly blocks: number }) => Promise<void>;
  readonly snapshot: () => Promise<Hex>;
  readonly revert: (what: { readonly id: Hex }) => Promise<void>;
}

/**
 * Starts a geth of one Clique signer that seals every transaction at once, for suites written for the embedded chain: its clock stands where the test
 * puts it, and its head can be taken back. Blocks, pool and EVM are geth's own.
 */
export async function startInstantClique(): Promise<EmbeddedChain> {
  await requireGeth();
  const script = join(import.meta.dirname, 'geth-clock.sh');
  const geth = execFileSync('bash', [script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  const root = mkdtempSync(join(tmpdir(), 'urna-instant-'));
  const [folder, clock] = [join(root, 'network'), join(root, 'clock')];
  const funded = Array.from({ length: ACCOUNTS + 1 }, (_, i) => developmentAccount(i).address.toLowerCase() as Hex);
  const network = await initClique({
    ...{ folder, chainId: 31337, validators: 1, period: 0, gasLimit: GAS_LIMIT, funded },
  });
  const node = validatorOf(network, 1);
  setClock(clock, Math.floor(Date.now() / 1000));
  const withClock = join(root, 'geth');
  writeFileSync(withClock, `#!/bin/sh\nURNA_CLOCK_FILE='${clock}' exec '${geth}' "$@"\n`, { mode: 0o700 });
  const orphaned = (): void => killNow(pathsOf(folder).node(1).pid);
  process.once('exit', orphaned);
  const stop = async (): Promise<void> => {
    process.removeListener('exit', orphaned);
    await killNode(folder, node);
    rmSync(root, { recursive: true, force: true });
  };
  await startNodes(withClock, folder, network, [node]).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const clients = cliqueClients(node.rpc, network.chainId, 20);
  started.add(clients.chain);
  const hands = handsOn(clients, folder, network, clock);
  // The first block is of 1970.
  await hands.mine({ blocks: 1 });
  const advanceTo = async (timestamp: number): Promise<void> => {
    await hands.setNextTime(timestamp);
    await hands.mine({ blocks: 1 });
  };
  return {
    ...{ ...clients, url: node.rpc, account: developmentAccount, stop, advanceTo },
    ...{ now: hands.now, setNextTime: hands.setNextTime },
    advance: async (seconds) => advanceTo((await hands.now()) + seconds),
    testClient: onlyThese(hands),
  };
}

const started = new WeakSet<object>();

/** Whether this is a chain of {@link startInstantClique}. */
export function sealsAtOnce({ chain }: EmbeddedChain): boolean {
  return started.has(chain);
}

/** At once, so that geth never reads half of it. */
function setClock(path: string, timestamp: number): void {
  writeFileSync(`${path}.new`, String(timestamp));
  renameSync(`${path}.new`, path);
}

function handsOn(
  { publicClient, wallet, now }: ReturnType<typeof cliqueClients>,
  folder: string,
  network: CliqueNetwork,
  clock: string,
): Hands {
  const node = at(network.validators, 0);
  const clockwork: HDAccount = developmentAccount(CLOCKWORK);
  let reverts = 0;
  const mine: Hands['mine'] = async ({ blocks }) => {
    for (let i = 0; i < blocks; i++) {
      const hash = await wallet(CLOCKWORK).sendTransaction({ to: clockwork.address, value: 0n });
      await awaitReceipt(publicClient, hash, { confirmations: 0, pollingInterval: 10 });
    }
  };
  const nonce = (blockTag: 'latest' | 'pending'): Promise<number> =>
    publicClient.getTransactionCount({ address: clockwork.address, blockTag });
  return {
    now,
    mine,
    setNextTime: async (timestamp) => {
      const newest = await now();
      if (timestamp < newest) throw new Error(`the newest block is of ${newest}, ${timestamp} is before it`);
      setClock(clock, timestamp);
    },
    snapshot: async () => `0x${(await publicClient.getBlockNumber()).toString(16)}`,
    revert: async ({ id }) => {
      const { timestamp } = await publicClient.getBlock({ blockNumber: BigInt(id) });
      // Something to take back in any case: the pool has followed once it knows that this payment is gone.
      await mine({ blocks: 1 });
      await askOwner(folder, node, 'debug_setHead', [id]);
      // geth never seals the same block twice in a row; the same transaction after a revert is another block's, then.
      await askOwner(folder, node, 'miner_setExtra', [`reverted ${(reverts += 1)}`]);
      setClock(clock, Number(timestamp));
      while ((await nonce('pending')) !== (await nonce('latest'))) await pause(5);
    },
  };
}

/** What there is; a test that wants more of an embedded chain fails and says so. */
function onlyThese({ snapshot, revert, mine }: Hands): EmbeddedChain['testClient'] {
  const there: Readonly<Record<string, unknown>> = { snapshot, revert, mine };
  const get = (_: object, name: string): unknown => {
    if (there[name] === undefined) throw new Error(`${name}: only the embedded chain does this`);
    return there[name];
  };
  return new Proxy({}, { get }) as EmbeddedChain['testClient'];
}
