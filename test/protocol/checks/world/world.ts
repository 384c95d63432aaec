import type { ElectionDomain } from '../../../../protocol/acts/typed-data.ts';
import type { Evidence } from '../../../../protocol/checks/replay/evidence.ts';
import { keyLanes } from '../../../../protocol/checks/replay/ceremony-replay.ts';
import { at } from '../../../../protocol/errors.ts';
import { loadPoseidon } from '../../../../protocol/math/poseidon.ts';
import type { Entry } from '../../../../protocol/record/entry.ts';
import { buildTree, treeRoot } from '../../../../protocol/roll/lean-imt.ts';
import { rootsHash } from '../../../../protocol/roll/roots.ts';
import { makeTrapdoor } from '../../../bench/trapdoor/trapdoor.ts';
import type { Trapdoor } from '../../../bench/trapdoor/trapdoor.ts';
import type { CeremonyOutcome } from './ceremony.ts';
import { holdCeremony } from './ceremony.ts';
import { count } from './count.ts';
import { CHAIN_ID, deploy, publishCircuit, publishedBuild } from './deploy.ts';
import type { Ledger } from './ledger.ts';
import { NO_ACT, post } from './ledger.ts';
import type { Parties } from './parties.ts';
import { makeParties } from './parties.ts';
import { TIMES, definitionBytes } from './plan.ts';
import { stream } from './random.ts';
import type { MembersChange } from './roll.ts';
import { buildRoll, sealCredentials } from './roll.ts';
import type { Loose } from './sign.ts';
import { signActs, signSteps } from './sign.ts';
import { vote } from './story.ts';
import type { Booth } from './voting.ts';
import { readyPoll } from './voting.ts';

/** A complete, valid election without a chain, and the keys of everybody in it. */
export interface World {
  readonly entries: readonly Entry[];
  readonly evidence: Evidence;
  readonly parties: Parties;
  readonly domain: ElectionDomain;
  /** By lanes: proofs for any statement, so that a forger's lies can be proved. */
  readonly trapdoors: ReadonlyMap<number, Trapdoor>;
  /** Keys and the trustees' shares. */
  readonly outcome: CeremonyOutcome;
}

/** Builds the world; the same every time. @param change - what a dishonest registrar does to the sealed members */
export async function buildWorld(change: MembersChange = (same) => same): Promise<World> {
  const parties = makeParties();
  const poseidon = await loadPoseidon();
  const trapdoors = new Map([1, 4].map((lanes) => [lanes, makeTrapdoor(14 + 12 * lanes, BigInt(lanes))]));
  const circuits = [...trapdoors].map(([lanes, { key }]) => publishCircuit(lanes, key));
  const definition = definitionBytes(parties, circuits);
  const ledger: Ledger = { entries: [], time: -500 };
  const keys = [...trapdoors.values()].map(({ key }) => key);
  const { config, election, definitionHash } = deploy(ledger, parties, definition, keys);
  const domain = { chainId: CHAIN_ID, election };
  const context = { chainId: Number(CHAIN_ID), election, definitionHash };
  post(ledger, 'approve', { act: NO_ACT });
  const credentials = sealCredentials(ledger, parties, context);
  ledger.time = -300;
  const setup = { ...domain, trustees: 4, threshold: 2, lanes: keyLanes(config), stageSeconds: TIMES.challengeSeconds };
  const outcome = await holdCeremony(ledger, setup);
  const roll = buildRoll(ledger, parties, poseidon, context, change);
  const { members } = roll;
  const roots = members.map((list) => treeRoot(buildTree(poseidon, list)));
  const booth: Booth = {
    ...{ ledger, domain, poseidon, config, sealedRootsHash: rootsHash(roots) },
    ...{ boxes: parties.boxes.map(({ address }) => address), random: stream('booth') },
  };
  const polls = config.polls.map(({ contest, district }, poll) => {
    const trapdoor = trapdoors.get(at(config.contests, contest).lanes);
    if (trapdoor === undefined) throw new Error('no circuit for this contest');
    return readyPoll(
      booth,
      poll,
      { root: at(roots, district), members: at(members, district).length },
      outcome.keys,
      trapdoor,
    );
  });
  const votes = vote(booth, polls, parties);
  ledger.time = TIMES.extendedTo + TIMES.graceSeconds + TIMES.settleSeconds;
  count(ledger, config, domain, polls, outcome, votes);
  const entries = ledger.entries as unknown as Loose[];
  signActs(entries, parties, domain);
  signSteps(entries, parties, domain);
  const evidence: Evidence = {
    ...{ definition, credentials, registrations: roll.registrations, reasons: roll.reasons, circuits },
    build: publishedBuild(),
  };
  return { entries: ledger.entries, evidence, parties, domain, trapdoors, outcome };
}
