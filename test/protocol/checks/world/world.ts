import type { ElectionDomain } from '../../../../protocol/acts/typed-data.ts';
import type { Evidence, PublishedCircuit } from '../../../../protocol/checks/replay/evidence.ts';
import { keyLanes } from '../../../../protocol/checks/replay/ceremony-replay.ts';
import { at } from '../../../../protocol/errors.ts';
import type { Field } from '../../../../protocol/math/field.ts';
import type { VerifyingKey } from '../../../../protocol/math/groth16-key.ts';
import type { Poseidon } from '../../../../protocol/math/poseidon.ts';
import { loadPoseidon } from '../../../../protocol/math/poseidon.ts';
import type { Entry } from '../../../../protocol/record/entry.ts';
import { buildTree, treeRoot } from '../../../../protocol/roll/lean-imt.ts';
import { rootsHash } from '../../../../protocol/roll/roots.ts';
import { makeTrapdoor } from '../../../bench/trapdoor/trapdoor.ts';
import type { CeremonyOutcome } from './ceremony.ts';
import { holdCeremony } from './ceremony.ts';
import { count } from './count.ts';
import { CHAIN_ID, deploy, publishCircuit, publishedBuild } from './deploy.ts';
import type { Ledger } from './ledger.ts';
import { NO_ACT, post } from './ledger.ts';
import type { Parties } from './parties.ts';
import { makeParties } from './parties.ts';
import { TIMES, definitionBytes } from './plan.ts';
import type { Prover } from './provers.ts';
import { simulatedProver } from './provers.ts';
import { stream } from './random.ts';
import type { MembersChange } from './roll.ts';
import { buildRoll, sealCredentials } from './roll.ts';
import type { Loose } from './sign.ts';
import { anchor, signActs, signSteps } from './sign.ts';
import { vote } from './story.ts';
import type { Booth } from './voting.ts';
import { readyPoll } from './voting.ts';

/** Evidence of which all files are held. */
export interface HeldEvidence extends Evidence {
  readonly credentials: readonly Uint8Array[];
  readonly registrations: readonly Uint8Array[];
  readonly reasons: readonly (Uint8Array | undefined)[];
}

/** A complete, valid election without a chain, and the keys of everybody in it. */
export interface World {
  readonly entries: readonly Entry[];
  readonly evidence: HeldEvidence;
  readonly parties: Parties;
  readonly domain: ElectionDomain;
  /** Keys and the trustees' shares. */
  readonly outcome: CeremonyOutcome;
}

/** A circuit of the world: as published, and how its proofs are made. */
export interface WorldCircuit {
  readonly published: PublishedCircuit;
  readonly key: VerifyingKey;
  prover(poseidon: Poseidon, members: readonly Field[][]): Prover;
}

/** Circuits whose proofs are simulated: milliseconds instead of seconds, and everything else as with true ones. */
export function simulatedCircuits(): WorldCircuit[] {
  return [1, 4].map((lanes) => {
    const trapdoor = makeTrapdoor(14 + 12 * lanes, BigInt(lanes));
    const { key } = trapdoor;
    return { published: publishCircuit(lanes, key), key, prover: () => simulatedProver(trapdoor) };
  });
}

/** What a world is made of, where not the usual. */
export interface WorldOptions {
  /** What a dishonest registrar does to the sealed members. */
  readonly change?: MembersChange;
  readonly circuits?: readonly WorldCircuit[];
  /** How it votes. */
  readonly vote?: typeof vote;
}

/** Builds the world; the same every time. */
export async function buildWorld(options: WorldOptions = {}): Promise<World> {
  const { change = (same) => same, circuits = simulatedCircuits(), vote: cast = vote } = options;
  const parties = makeParties();
  const poseidon = await loadPoseidon();
  const published = circuits.map((circuit) => circuit.published);
  const definition = definitionBytes(parties, published);
  const ledger: Ledger = { entries: [], time: -500 };
  const keys = circuits.map(({ key }) => key);
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
  const made = circuits.map(({ published: { lanes }, key, prover }) => {
    return { lanes, key, prove: prover(poseidon, members) };
  });
  const polls = config.polls.map(({ contest, district }, poll) => {
    const circuit = made.find(({ lanes }) => lanes === at(config.contests, contest).lanes);
    if (circuit === undefined) throw new Error('no circuit for this contest');
    const sealed = { root: at(roots, district), members: at(members, district).length };
    return readyPoll(booth, poll, sealed, outcome.keys, circuit);
  });
  const votes = await cast(booth, polls, parties);
  ledger.time = TIMES.extendedTo + TIMES.graceSeconds + TIMES.settleSeconds;
  count(ledger, config, domain, polls, outcome, votes);
  const entries = ledger.entries as unknown as Loose[];
  signActs(entries, parties, domain);
  signSteps(entries, parties, domain);
  anchor(entries, parties, domain);
  const evidence: HeldEvidence = {
    ...{ definition, credentials, registrations: roll.registrations, reasons: roll.reasons, circuits: published },
    build: publishedBuild(),
  };
  return { entries: ledger.entries, evidence, parties, domain, outcome };
}
