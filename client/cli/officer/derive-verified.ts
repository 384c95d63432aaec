import { gatedKeys } from '../../../contracts/deploy/gate.ts';
import { toFields } from '../../../protocol/checks/replay/roll-replay.ts';
import { configHash } from '../../../protocol/config/config.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { rootOfLeaves } from '../../../protocol/roll/frontier.ts';
import { rootsHash } from '../../../protocol/roll/roots.ts';
import { installedArtifacts } from '../ballot/artifacts.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { option, wholeNumber } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { refuseFaults } from '../observe/checks.ts';
import { requireAnchored } from '../record/anchored.ts';
import type { VerifiedRecord } from '../record/verified.ts';
import { resultHashOf } from '../tally/result-of.ts';
import type { ActParams } from './act-params.ts';
import { registrationsFile } from './registrations-file.ts';

/** An act that nobody signs unless the checks hold. */
interface VerifiedAct {
  /** Number of the last check that has to hold; all if left out. */
  readonly upTo?: number;
  readonly derive: (
    call: Invocation,
    election: LoadedElection,
    record: VerifiedRecord,
  ) => ActParams | Promise<ActParams>;
}

/** The acts that are about a whole record. Each refuses what the checks find wrong. */
export const VERIFIED_ACTS = {
  approve: {
    // What approval is about: definition, contracts' code and circuits on chain are those at hand (SPEC §15).
    upTo: 3,
    derive: async (call, { definition, context }, { view, report }) => {
      refuseFaults(report, 'do not approve: ', 'check/deployment');
      // Whoever deployed may have gone around the gate.
      await gatedKeys(definition, installedArtifacts(call, definition));
      const { addresses } = view.replay;
      if (addresses === undefined) throw new UrnaError('record/empty', 'the record does not name the contracts');
      const { roll, ceremony, ballots, tally } = addresses;
      const hash = wordHex(configHash(toConfig(definition)));
      const { definitionHash } = context;
      return { name: 'approve', definitionHash, configHash: hash, roll, ceremony, ballots, tally };
    },
  },
  seal: {
    derive: async (call, { definition }, { view, report }) => {
      const version = wholeNumber(call, 'rollVersion', 1);
      const { root, members } = await registrationsFile(call, 'registrations', definition);
      const { poseidon, roll } = view.replay;
      const sealedRootsHash = wordHex(rootsHash(members.map((leaves) => rootOfLeaves(poseidon, toFields(leaves)))));
      const found = roll.versions.find((each) => each.version === version);
      require(found?.roots !== undefined, 'state/roll', `version ${version} of the roll is not complete on chain`);
      const same = wordHex(rootsHash(found.roots)) === sealedRootsHash;
      require(same, 'roll/mismatch', `the roll on chain is not that of ${option(call, 'registrations')}: do not seal it`);
      // The contract takes whom the registrar posts: that each member was authorised is for whoever seals to find out.
      refuseFaults(report, 'do not seal: ');
      return { name: 'seal', version, registrationsRoot: root, sealedRootsHash };
    },
  },
  certify: {
    derive: (_call, _election, { view, report }) => {
      const resultHash = wordHex(resultHashOf(view));
      requireAnchored(view);
      refuseFaults(report, 'do not certify: ');
      return { name: 'certify', resultHash };
    },
  },
  anchor: {
    derive: (_call, _election, { head, report }) => {
      refuseFaults(report, 'do not anchor: ');
      return { name: 'anchor', entries: head.entries, hash: head.hash };
    },
  },
} as const satisfies Readonly<Record<string, VerifiedAct>>;

/** What an act of this name has to hold, undefined if it is about no record. */
export function verifiedAct(name: string): VerifiedAct | undefined {
  return Object.hasOwn(VERIFIED_ACTS, name) ? VERIFIED_ACTS[name as keyof typeof VERIFIED_ACTS] : undefined;
}
