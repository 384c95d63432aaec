import { changedEntries } from '../../../protocol/credentials/changes.ts';
import type { ChangedEntry } from '../../../protocol/credentials/changes.ts';
import type { RegisterEvent, Revocation } from '../../../protocol/credentials/register.ts';
import { readRegistrations } from '../../../protocol/credentials/registration-lines.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { UrnaError, at, require } from '../../../protocol/errors.ts';
import { REASON_CODES, encodeReasons, reasonsHash } from '../../../protocol/roll/reasons.ts';
import type { ReasonCode } from '../../../protocol/roll/reasons.ts';
import { loadElection } from '../election/definition-file.ts';
import { reopenable, writeFile } from '../../../protocol/node/files.ts';
import { option, wholeNumber } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';

/**
 * `urna roll reasons`: the document that lists every entry in which a version of the roll differs from its predecessor, each with its
 * reason (SPEC §6): what the entries themselves suggest, or the one named as `<credential key>=<reason>`.
 *
 * @throws `roll-reasons/unchanged` if the files do not differ, `usage/reason`
 */
export async function reasons(call: Invocation): Promise<Outcome> {
  const { definition } = await loadElection(call);
  const version = wholeNumber(call, 'rollVersion', 2);
  const [previous, next] = [reopenable(option(call, 'previous')), reopenable(option(call, 'registrations'))];
  const changes: ChangedEntry[] = [];
  for await (const change of changedEntries(readRegistrations(previous()), readRegistrations(next())))
    changes.push(change);
  require(changes.length >
    0, 'roll-reasons/unchanged', 'the two files do not differ: there is nothing to give reasons for');
  const named = namedReasons(call.args, changes);
  const replacements = new Set<Hex | null>();
  for await (const entry of readRegistrations(next())) {
    if (isRevocation(entry)) replacements.add(entry.replacement);
  }
  const listed = changes.map((change) => {
    const { district, credentialKey } = change;
    return { district, credentialKey, reason: named.get(credentialKey) ?? suggested(change, replacements) };
  });
  const bytes = encodeReasons({ version, changes: listed });
  const out = option(call, 'out');
  await writeFile(out, bytes);
  const rows = listed.map(({ district, credentialKey, reason }) => {
    return [at(definition.districts, district).id, credentialKey, reason];
  });
  const hash = wordHex(reasonsHash(bytes));
  const text = `${renderTable(['district', 'credential', 'reason'], rows)}\n\n${listed.length} changes written to ${out}, hash ${hash}. Compare each reason with what you know before officers sign.`;
  return { data: { file: out, version, hash, changes: listed }, text };
}

function isRevocation(entry: RegisterEvent): entry is Revocation {
  return 'replacement' in entry;
}

/** What the two entries of a credential show by themselves. */
function suggested({ credentialKey, before, now }: ChangedEntry, replacements: ReadonlySet<Hex | null>): ReasonCode {
  if (now === undefined) return 'not-authorised';
  if (isRevocation(now)) return 'revoked';
  if (replacements.has(credentialKey)) return 'replaced';
  return before === undefined ? 'omitted' : 'wrong-commitment';
}

function namedReasons(words: readonly string[], changes: readonly ChangedEntry[]): Map<string, ReasonCode> {
  return new Map(
    words.map((word) => {
      const [key = '', code] = word.split('=');
      const reason = REASON_CODES.find((each) => each === code);
      if (reason === undefined) {
        throw new UrnaError(
          'usage/reason',
          `expected <credential key>=<reason>; a reason is one of ${REASON_CODES.join(', ')}`,
        );
      }
      const known = changes.some(({ credentialKey }) => credentialKey === key);
      require(known, 'usage/reason', `the entry of credential ${key.slice(0, 66)} does not differ between the files`);
      return [key, reason];
    }),
  );
}
