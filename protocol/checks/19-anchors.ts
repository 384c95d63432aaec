import type { Hex } from '../encoding.ts';
import { encodeHex } from '../encoding.ts';
import { chainDigest, startHash } from '../record/chain-hash.ts';
import type { EntryOf } from '../record/entry.ts';
import { WordList } from '../word-list.ts';
import type { Check, Findings } from './check.ts';
import type { Replay } from './replay/replay.ts';

/** A record's lines read so far, and its hashes `h_0, h_1, …` as far as an anchor has asked for them (SPEC §14.4). */
interface Chain {
  readonly lines: WordList;
  readonly hashes: WordList;
}

/** Check 19: what officers anchored on chain is the hash of this record after so many entries (SPEC §14.4, §15). */
export const anchorsCheck: Check = {
  number: 19,
  begin(replay, findings) {
    const chain = { lines: new WordList(), hashes: new WordList() };
    return {
      read(digest) {
        chain.lines.push(digest);
      },
      take(entry) {
        if (entry.kind === 'anchor') takeAnchor(replay, entry, chain, findings);
      },
    };
  },
};

function takeAnchor(
  { definitionHash }: Replay,
  { seq, data }: EntryOf<'anchor'>,
  chain: Chain,
  findings: Findings,
): void {
  findings.count();
  const before = chain.lines.length - 1;
  if (data.entries > before) {
    return findings.fail(seq, `the anchor is of ${data.entries} entries, and only ${before} stand before it`);
  }
  if (definitionHash === undefined) return findings.fail(seq, 'an anchor stands before its election');
  if (encodeHex(hashOf(chain, definitionHash, data.entries)) !== data.hash) {
    findings.fail(seq, `the anchored hash is not that of this record’s first ${data.entries} entries`);
  }
}

/** `h` after so many entries. Each is computed once, however many anchors there are. */
function hashOf({ lines, hashes }: Chain, definitionHash: Hex, entries: number): Uint8Array {
  if (hashes.length === 0) hashes.push(startHash(definitionHash));
  for (let k = hashes.length - 1; k < entries; k++) hashes.push(chainDigest(hashes.at(k), lines.at(k)));
  return hashes.at(entries);
}
