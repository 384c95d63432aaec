import type { CliqueNetwork, ValidatorNode } from '../../../contracts/network/clique/folder.ts';
import { readNetwork, validatorOf } from '../../../contracts/network/clique/folder.ts';
import { findGeth } from '../../../contracts/network/clique/geth.ts';
import { initClique } from '../../../contracts/network/clique/init.ts';
import { killNode, stopNode } from '../../../contracts/network/clique/node.ts';
import { startIdle, startNodes } from '../../../contracts/network/clique/start.ts';
import type { Progress, ValidatorStatus } from '../../../contracts/network/clique/status.ts';
import type { Sealing } from '../../../contracts/network/clique/sealing.ts';
import { sealingOf, silentOnes } from '../../../contracts/network/clique/sealing.ts';
import { progressOf, statusOf } from '../../../contracts/network/clique/status.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { require } from '../../../protocol/errors.ts';
import { readAddress } from '../election/definition-file.ts';
import { optional, several } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { initBesuNetwork } from './besu.ts';
import { chainOf, numberOr } from './init-options.ts';

const FOLDER = 'network';
/** Validators that run on one machine: Clique goes on while more than half of them do, and the profile's confirmations are for five at most. */
const [FEWEST, MOST] = [3, 5];

const VERDICTS: Readonly<Record<Progress, string>> = {
  'goes-on': 'the chain goes on',
  'too-few': 'the chain stands still: more than half of the validators must run and be connected',
  tied:
    'the chain stands still for good: the validators that run are just enough, each has sealed a block of its own, and may not seal the next one on it. ' +
    'Bring one more validator back ("urna network restart N"): it seals on one of these blocks, and the others follow',
  waiting:
    'the chain stands still, though enough validators run: after a start they may take a minute to find each other, and one that was interrupted wants "urna network start" again. ' +
    'If it lasts longer, bring one more validator back, or restart one ("urna network restart N")',
};

const folderOf = (call: Invocation): string => optional(call, 'network') ?? FOLDER;

/** `urna network init`: keys, genesis and configuration of a local Clique network, or of a Besu network for other machines. */
export async function init(call: Invocation): Promise<Outcome> {
  const [folder, engine] = [folderOf(call), optional(call, 'engine') ?? 'clique'];
  if (engine === 'besu-qbft') return initBesuNetwork(call, folder);
  require(engine === 'clique', 'usage/option', '--engine is clique or besu-qbft');
  const besuOnly = ['account', 'validator', 'rpcHost'].filter((name) => several(call, name).length > 0);
  require(besuOnly.length === 0, 'usage/option', '--account, --validator and --rpc-host are for --engine besu-qbft');
  const network = await initClique({
    ...{ folder, ...chainOf(call, chainProfile('clique')), funded: several(call, 'fund').map(readAddress) },
    validators: numberOr(call, 'validators', FEWEST, FEWEST, MOST),
  });
  return {
    data: { folder, ...publicPart(network) },
    text: `${folder} holds a Clique network of ${network.validators.length} validators, chain ${network.chainId}; "urna network start" starts it`,
  };
}

function publicPart({ chainId, treasury, validators }: CliqueNetwork) {
  return { chainId, treasury, validators: validators.map(({ number, address, rpc }) => ({ number, address, rpc })) };
}

/** `urna network start`: all validators that do not run, as processes that go on by themselves; those, too, that an interrupted start has left without their account. */
export async function start(call: Invocation): Promise<Outcome> {
  const [folder, geth] = [folderOf(call), await findGeth()];
  const network = readNetwork(folder);
  const started = (await startIdle(geth, folder, network)).map(({ number }) => number);
  require(started.length > 0, 'network/running', 'all validators run already');
  return {
    data: { started, ...publicPart(network) },
    text: [`started: ${started.join(', ')}`, ...network.validators.map(({ number, rpc }) => `${number}  ${rpc}`)].join(
      '\n',
    ),
  };
}

/** `urna network status`: what each validator says, and which of them seals nothing. Fails if the chain stands still. */
export async function status(call: Invocation): Promise<Outcome> {
  const folder = folderOf(call);
  const network = readNetwork(folder);
  const validators = await statusOf(folder, network);
  const progress = progressOf(network, validators);
  const goesOn = progress === 'goes-on';
  const newest = Math.max(...validators.map(({ head }) => head ?? 0));
  const sealing = await sealingOf(validators);
  const silent = silentOnes(validators, sealing);
  return {
    data: {
      ...{ goesOn, progress, silent },
      validators: validators.map((each) => ({ ...each, sealed: sealing?.sealed[each.number] ?? null })),
    },
    text: [
      renderTable(
        ['validator', 'process', 'head', 'behind', 'peers', 'sealed', 'address', 'rpc'],
        validators.map((each) => rowOf(each, newest, sealing)),
      ),
      VERDICTS[progress],
      ...silent.map((number) => silence(number, sealing?.blocks ?? 0)),
    ].join('\n'),
    ...(!goesOn && { exit: 6 as const, code: 'incomplete/network' }),
  };
}

function silence(number: number, blocks: number): string {
  return (
    `validator ${number} runs, but has sealed none of the last ${blocks} blocks: compare its machine’s clock with the others’ (a second is too much), ` +
    `then its peers; "urna network restart ${number}" unlocks its account again. Until it seals, count it as one that is away`
  );
}

function rowOf(
  { number, pid, answers, head, peers, address, rpc }: ValidatorStatus,
  newest: number,
  sealing: Sealing | undefined,
): string[] {
  const sealed = sealing === undefined ? '–' : `${sealing.sealed[number] ?? 0} of ${sealing.blocks}`;
  const process = pid === null ? 'stopped' : answers ? String(pid) : `${pid}, no answer`;
  const seen = head === undefined ? ['–', '–', '–'] : [String(head), String(newest - head), String(peers)];
  return [String(number), process, ...seen, sealed, address, rpc];
}

/** `urna network stop`: all validators, in their order. */
export async function stop(call: Invocation): Promise<Outcome> {
  const folder = folderOf(call);
  const { validators } = readNetwork(folder);
  const ran = await Promise.all(validators.map((node) => stopNode(folder, node)));
  const stopped = validators.filter((_, i) => ran[i]).map(({ number }) => number);
  return { data: { stopped }, text: stopped.length === 0 ? 'none was running' : `stopped: ${stopped.join(', ')}` };
}

/** `urna network kill N`: one validator, as a power cut does. */
export async function kill(call: Invocation): Promise<Outcome> {
  const folder = folderOf(call);
  const node = chosen(call, readNetwork(folder));
  require(await killNode(folder, node), 'network/stopped', `validator ${node.number} does not run`);
  return { data: { killed: node.number }, text: `killed: ${node.number}` };
}

/** `urna network restart N`: one validator, stopped first where it runs. */
export async function restart(call: Invocation): Promise<Outcome> {
  const [folder, geth] = [folderOf(call), await findGeth()];
  const network = readNetwork(folder);
  const node = chosen(call, network);
  await stopNode(folder, node);
  await startNodes(geth, folder, network, [node]);
  return { data: { restarted: node.number }, text: `restarted: ${node.number}` };
}

function chosen(call: Invocation, network: CliqueNetwork): ValidatorNode {
  const [text = ''] = call.args;
  return validatorOf(network, /^[1-9]$/u.test(text) ? Number(text) : 0);
}
