import type { FollowStep } from '../../../contracts/follower/follow.ts';
import { follow } from '../../../contracts/follower/follow.ts';
import type { FollowState } from '../../../contracts/follower/state.ts';
import { decodeFollowState } from '../../../contracts/follower/state.ts';
import type { Entry, EntryKind } from '../../../protocol/record/entry.ts';
import type { DeployedElection } from '../deploy/development.ts';

/** A follower that stops and goes on from what it stored. */
export class Follower {
  readonly made: DeployedElection;
  record: readonly Entry[] = [];
  state: FollowState | undefined;

  constructor(made: DeployedElection) {
    this.made = made;
  }

  /** Follows to the head from where it stood. @returns the steps taken */
  async catchUp(): Promise<FollowStep[]> {
    const steps: FollowStep[] = [];
    const { builds, at } = this.made;
    for await (const step of follow(at, { builds, ...(this.state === undefined ? {} : { state: this.state }) })) {
      this.record = [...this.record.slice(0, step.keep), ...step.entries];
      // As a file would give it back.
      this.state = decodeFollowState(JSON.parse(JSON.stringify(step.state)));
      steps.push(step);
    }
    return steps;
  }
}

/** The record read from the beginning, so many blocks at a time. */
export async function fromScratch({ builds, at }: DeployedElection, logRange = 10_000): Promise<Entry[]> {
  const profile = { ...at.connection.profile, logRange };
  let entries: Entry[] = [];
  for await (const step of follow({ ...at, connection: { ...at.connection, profile } }, { builds })) {
    entries = [...entries.slice(0, step.keep), ...step.entries];
  }
  return entries;
}

export function kindsOf(entries: readonly Entry[]): EntryKind[] {
  return entries.map(({ kind }) => kind);
}
