import { canonicalBytes, parseJson } from '../../../../protocol/canonical-json.ts';
import { encodeHex } from '../../../../protocol/encoding.ts';
import { signDigest } from '../../../../protocol/acts/signature.ts';
import type { Forgery } from './forge.ts';
import { clone, altered, find, insertBefore, reanchor, resign } from './forge.ts';
import type { Tamper } from './tamper.ts';

type Draft = Record<string, unknown>;

/** The published definition with one change. */
export function redefine(forgery: Forgery, change: (draft: Draft) => void): void {
  const draft = parseJson(forgery.evidence.definition) as unknown as Draft;
  change(draft);
  forgery.evidence.definition = canonicalBytes(draft);
}

/** Lies about definition, code, setup and acts. */
export const TAMPERS_FOUNDATION: readonly Tamper[] = [
  {
    check: 1,
    lie: 'another title is published',
    forge: (f) => redefine(f, (draft) => (draft['title'] = { en: 'Another', fr: 'Autre', ru: 'Другие' })),
  },
  {
    check: 1,
    lie: 'another web client is published',
    forge: (f) => redefine(f, (draft) => (draft['webHash'] = `0x${'77'.repeat(32)}`)),
  },
  {
    check: 1,
    lie: 'the chain holds another configuration’s hash',
    forge: (f) => {
      const { data } = find(f, 'defined');
      data.configHash = altered(data.configHash);
      resign(f);
    },
  },
  {
    check: 1,
    lie: 'the election is of another chain',
    // Officers and trustees sign for that chain; voters' signatures and proofs, and the trustees', stay those for this one.
    also: [6, 8, 9, 11, 16],
    keepsAnchors: true,
    forge: (f) => {
      const { data } = find(f, 'defined');
      data.chainId += 1;
      const domain = { ...f.world.domain, chainId: BigInt(data.chainId) };
      resign(f, domain);
      reanchor(f, domain);
    },
  },
  {
    check: 1,
    lie: 'the election was created with another quorum',
    forge: (f) => {
      const { data } = find(f, 'deployment', -1);
      data.arguments = altered(data.arguments);
    },
  },
  {
    check: 1,
    lie: 'the election is defined a second time',
    forge: (f) => insertBefore(f, find(f, 'approve'), 'defined', clone(find(f, 'defined').data)),
  },
  {
    check: 2,
    lie: 'Ballots runs other code',
    forge: (f) => {
      const { data } = find(f, 'deployment', 5);
      data.codeHash = altered(data.codeHash);
    },
  },
  {
    check: 2,
    lie: 'the code is cut elsewhere',
    forge: (f) => {
      find(f, 'deployment', 3).data.codeBytes -= 1;
    },
  },
  {
    check: 2,
    lie: 'the tally’s address is another transaction’s',
    forge: (f) => {
      find(f, 'deployment', 6).data.nonce += 100;
    },
  },
  {
    check: 2,
    lie: 'the roll was created for another election',
    forge: (f) => {
      const { data } = find(f, 'deployment', 3);
      data.arguments = `${data.arguments.slice(0, 60)}${'ab'}${data.arguments.slice(62)}`;
    },
  },
  {
    check: 2,
    lie: 'poseidon was created with arguments',
    forge: (f) => {
      find(f, 'deployment', 0).data.arguments = '0x00';
    },
  },
  {
    check: 2,
    lie: 'there are two tallies',
    forge: (f) => insertBefore(f, find(f, 'defined'), 'deployment', clone(find(f, 'deployment', 6).data)),
  },
  {
    check: 3,
    lie: 'a verifying key on chain has another point',
    forge: (f) => {
      const { data } = find(f, 'deployment', 1);
      data.arguments = altered(data.arguments);
    },
  },
  {
    check: 3,
    lie: 'another manifest is published',
    forge: (f) => {
      const [first, ...rest] = f.evidence.circuits;
      if (first === undefined) throw new Error('no circuits');
      const manifest = { ...(parseJson(first.manifest) as Draft), note: 'another' };
      f.evidence.circuits = [{ ...first, manifest: canonicalBytes(manifest) }, ...rest];
    },
  },
  {
    check: 4,
    lie: 'the seal lacks a signature',
    forge: (f) => {
      find(f, 'seal').data.act.signatures.pop();
    },
  },
  {
    check: 4,
    lie: 'the extension’s reason is another',
    forge: (f) => {
      const { data } = find(f, 'extend');
      data.reasonHash = altered(data.reasonHash);
    },
  },
  {
    check: 4,
    lie: 'one officer signs twice',
    forge: (f) => {
      const { signatures } = find(f, 'certify').data.act;
      signatures[1] = signatures[0];
    },
  },
  {
    check: 4,
    lie: 'an old approval’s signatures certify',
    forge: (f) => {
      find(f, 'certify').data.act.signatures = find(f, 'approve').data.act.signatures;
    },
  },
  {
    check: 4,
    lie: 'a stranger signs for an officer',
    forge: (f) => {
      const { signatures } = find(f, 'credentials').data.act;
      signatures[1] = encodeHex(signDigest(new Uint8Array(32), f.world.parties.stranger.key));
    },
  },
  {
    check: 4,
    lie: 'an act has expired',
    forge: (f) => {
      const entry = find(f, 'approve');
      entry.data.act.expiry = entry.time - 1;
    },
  },
  {
    check: 4,
    lie: 'an act has another’s number',
    forge: (f) => {
      find(f, 'seal').data.act.number = 1;
    },
  },
  {
    check: 4,
    lie: 'a second version of the roll needs no act',
    forge: (f) => {
      find(f, 'roll-begin', 1).data.act = null;
    },
  },
];
