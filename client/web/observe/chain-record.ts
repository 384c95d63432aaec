import { build } from 'virtual:urna-build';
import { connect } from '../../../contracts/client/connection.ts';
import { locateElection } from '../../../contracts/client/election.ts';
import type { ElectionAt } from '../../../contracts/client/election.ts';
import type { CodeSizes } from '../../../contracts/deploy/builds.ts';
import { follow } from '../../../contracts/follower/follow.ts';
import { readSeals } from '../../../contracts/follower/seals.ts';
import { confirmedHead } from '../../../contracts/follower/source.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import type { Evidence } from '../../../protocol/checks/replay/evidence.ts';
import { recordEvidence } from '../../../protocol/checks/record-evidence.ts';
import type { Report, RunOptions } from '../../../protocol/checks/run.ts';
import { runChecks } from '../../../protocol/checks/run.ts';
import { openRecord } from '../../../protocol/checks/verify-record.ts';
import { decodeDefinition, definitionHash } from '../../../protocol/definition/decode.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { decodeHex, encodeHex, encodeText } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { nextHash, startHash } from '../../../protocol/record/chain-hash.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { encodeEntryLine } from '../../../protocol/record/entry.ts';
import type { RecordFiles } from '../../../protocol/record/files.ts';
import { encodeSeals } from '../../../protocol/seals/seals-file.ts';

/** Tries where the chain was reorganised while it was read: what was read is thrown away. */
const TRIES = 3;

/** What is verified of a chain, and the hash of the record that it makes. */
export interface ChainReport {
  readonly report: Report;
  readonly hash: string;
}

/** An election to be read from a node. */
export interface ChainPlace {
  readonly rpc: string;
  readonly election: string;
  /** Published files, of a record or a service (SPEC §14.5). */
  readonly files: RecordFiles;
}

/**
 * Verifies an election from what a node tells, entry by entry as it is read: the same record as `urna record export` makes, the same checks
 * as over that. Of the published files only what the chain bears out passes.
 *
 * @param progress - blocks read, of so many
 * @param begun - called when reading begins, again where it begins anew
 * @throws `chain/*`, `follow/*`, `record/*`, `definition/*`
 */
export async function verifyChain(
  { rpc, election, files }: ChainPlace,
  options: Omit<RunOptions, 'progress'>,
  progress: (done: number, all: number) => void,
  begun: () => void = () => undefined,
): Promise<ChainReport> {
  const evidence = await recordEvidence(files, await openRecord(files), build);
  const definition = decodeDefinition(evidence.definition);
  const connection = await connect(rpc, chainProfile(definition.chain.profile), definition.chain.id);
  const at = await locateElection(connection, encodeHex(decodeHex(election, 20)));
  for (let tries = 1; ; tries++) {
    begun();
    try {
      return await verifyOnce(at, definition, evidence, options, progress);
    } catch (error) {
      if (tries === TRIES || !(error instanceof UrnaError) || error.code !== 'follow/moved') throw error;
    }
  }
}

async function verifyOnce(
  at: ElectionAt,
  definition: Definition,
  published: Evidence,
  options: Omit<RunOptions, 'progress'>,
  progress: (done: number, all: number) => void,
): Promise<ChainReport> {
  let hash = startHash(definitionHash(definition));
  const evidence = { ...published, seals: undefined as Uint8Array | undefined };
  async function* entries(): AsyncGenerator<Entry> {
    const steps = chainSteps(at, progress);
    let reached: FollowState | undefined;
    for await (const step of steps) {
      for (const entry of step.entries) {
        hash = nextHash(hash, encodeText(encodeEntryLine(entry)));
        yield entry;
      }
      reached = step.state;
    }
    const seals = await readSeals(at, definition, reached);
    evidence.seals = seals && encodeSeals(seals);
  }
  const report = await runChecks(entries(), evidence, options);
  return { report, hash: encodeHex(hash) };
}

/**
 * What the chain holds from the deployment up to its confirmed head, as it is read.
 *
 * @param progress - blocks read, of so many @throws `follow/moved` if the chain was reorganised meanwhile, `chain/*`, `follow/*`
 */
export async function* chainSteps(
  at: ElectionAt,
  progress: (done: number, all: number) => void,
): AsyncGenerator<{ readonly entries: readonly Entry[]; readonly state: FollowState }> {
  const head = await confirmedHead(at.connection);
  let count = 0;
  for await (const step of follow(at, { builds: build as CodeSizes })) {
    if (step.keep !== count) throw new UrnaError('follow/moved', 'the chain was reorganised while it was read');
    yield step;
    count += step.entries.length;
    progress(Math.min(step.state.next - 1, head), head);
  }
}
