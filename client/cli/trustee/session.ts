import type { CeremonyState } from '../../../protocol/ceremony/state.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { loadElection } from '../election/definition-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { trusteeNumber } from '../election/names.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import { passphrase } from '../frame/passphrase.ts';
import { openKeyFile } from '../../../protocol/node/key-file.ts';
import type { KeyFile } from '../../../protocol/node/key-file.ts';
import { readRecord } from '../record/read.ts';
import type { Entries } from '../record/view.ts';
import { requireDefined } from '../record/defined.ts';
import { ceremonyRules, followCeremony } from '../../../protocol/ceremony/follow.ts';
import type { CeremonyRules } from '../../../protocol/ceremony/follow.ts';
import type { SecretFolder } from './secret-files.ts';

/** All that an offline step of a trustee starts from. */
export interface TrusteeSession {
  readonly definition: Definition;
  readonly rules: CeremonyRules;
  readonly state: CeremonyState;
  readonly key: KeyFile;
  /** 1..n. */
  readonly trustee: number;
  readonly folder: SecretFolder;
}

/**
 * Replays the ceremony in `--record` and opens the trustee's key. Nothing here needs a network.
 *
 * @throws `state/ceremony` before the election is approved, `key/*`, `record/*`, `ceremony/*`
 */
export async function openSession(call: Invocation): Promise<TrusteeSession> {
  const election = await loadElection(call);
  const { state, rules } = await replayCeremony(election, option(call, 'record'));
  return { ...(await openTrusteeKey(call, election)), definition: election.definition, rules, state };
}

/** The key file of a trustee of this election and its working folder. @throws `key/*`, `secret/*` */
export async function openTrusteeKey(
  call: Invocation,
  { definition }: LoadedElection,
): Promise<Pick<TrusteeSession, 'key' | 'trustee' | 'folder'>> {
  const key = await openKeyFile(
    option(call, 'key'),
    ['trustee'],
    await passphrase(call, 'passphraseFile', 'the trustee key'),
  );
  const trustee = trusteeNumber(definition, key.address);
  return { key, trustee, folder: { path: option(call, 'secrets'), ageSecret: key.ageSecret } };
}

/** The ceremony of a record file. @throws the codes of {@link replayEntries} */
export function replayCeremony(election: LoadedElection, path: string): Promise<ReplayedCeremony> {
  return replayEntries(election, readRecord(path));
}

/** A ceremony and its rules. */
export interface ReplayedCeremony {
  readonly state: CeremonyState;
  readonly rules: CeremonyRules;
}

/** The ceremony as a record tells it, every message judged again. @throws `state/ceremony`, `record/*`, `ceremony/*` */
export async function replayEntries(election: LoadedElection, entries: Entries): Promise<ReplayedCeremony> {
  const rules = ceremonyRules(election.definition, election.context);
  let state: CeremonyState | undefined;
  let defined = false;
  for await (const entry of entries) {
    if (entry.kind === 'defined') defined = requireDefined(entry.data, election.context);
    state = followCeremony(rules, state, entry);
  }
  require(defined, 'record/ceremony', 'the record does not tell of the election’s definition');
  if (state === undefined) throw new UrnaError('state/ceremony', 'the officers have not approved the election yet');
  return { state, rules };
}
