import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeDefinition } from '../../../protocol/definition/decode.ts';
import { encodeEntryLine } from '../../../protocol/record/entry.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { isFoundation } from '../../../protocol/record/foundation-lines.ts';
import { rootsHash } from '../../../protocol/roll/roots.ts';
import { decodeWord, wordHex } from '../../../protocol/encoding.ts';
import { readFoundation } from '../../../protocol/voting/foundation.ts';
import type { Foundation, TrustedElection } from '../../../protocol/voting/foundation.ts';
import { holdCeremony } from '../checks/world/ceremony.ts';
import { altered, copyOf, find, recordOf, resign } from '../checks/world/forge.ts';
import type { Forgery } from '../checks/world/forge.ts';
import { makeParties } from '../checks/world/parties.ts';
import type { Loose } from '../checks/world/sign.ts';
import { signSteps } from '../checks/world/sign.ts';
import { buildWorld } from '../checks/world/world.ts';
import type { World } from '../checks/world/world.ts';

let world: World;
let election: TrustedElection;

beforeAll(async () => {
  world = await buildWorld();
  const { chainId, election: address } = world.domain;
  const context = { chainId: Number(chainId), election: address };
  election = { definition: decodeDefinition(world.evidence.definition), context };
});

/** What a voter makes of the lines of a service. */
function read(lines: readonly Entry[] | string, trusted = election): Promise<Foundation> {
  const text = typeof lines === 'string' ? lines : lines.map((entry) => `${encodeEntryLine(entry)}\n`).join('');
  return readFoundation(() => Promise.resolve(new TextEncoder().encode(text)), trusted);
}

function foundation(forgery = copyOf(world)): readonly Entry[] {
  return recordOf(forgery).filter(isFoundation);
}

/** The lines of a service after it has bent the record. */
function bent(bend: (forgery: Forgery) => unknown): readonly Entry[] {
  const forgery = copyOf(world);
  bend(forgery);
  return foundation(forgery);
}

const REFUSED = { code: 'public/foundation' };

describe('readFoundation', () => {
  it('gives the keys of the ceremony and the sealed roots, from a thousandth of the record', async () => {
    const { keys, roots, sealedAt } = await read(foundation());
    expect(keys).toEqual(world.outcome.keys.publicKeys);
    const seal = world.entries.find((entry) => entry.kind === 'seal');
    expect(sealedAt).toBe(seal?.block);
    expect(rootsHash(roots)).toBe(decodeWord((seal as Extract<Entry, { kind: 'seal' }>).data.sealedRootsHash));
  });

  it('says what is not there yet, which is also what a service that is behind gives', async () => {
    await expect(read('')).rejects.toMatchObject({ code: 'state/keys' });
    const until = (kind: Entry['kind']) =>
      foundation().slice(
        0,
        foundation().findIndex((each) => each.kind === kind),
      );
    await expect(read(until('ceremony-finish'))).rejects.toMatchObject({ code: 'state/keys' });
    await expect(read(until('seal'))).rejects.toMatchObject({ code: 'state/roll' });
  });

  it('refuses the keys of a ceremony that others held, signed by themselves', async () => {
    const forgery = copyOf(world);
    const ledger = { entries: [] as Entry[], time: -300 };
    const setup = { ...world.domain, trustees: 4, threshold: 2, lanes: world.outcome.keys.publicKeys.length };
    await holdCeremony(ledger, { ...setup, stageSeconds: 100 });
    const strangers = makeParties();
    const posted = ledger.entries as unknown as Loose[];
    signSteps(posted, { ...strangers, trustees: strangers.officers }, world.domain);
    const [approve, ...rest] = foundation(forgery).filter((entry) => !entry.kind.startsWith('ceremony-'));
    const lines = [approve!, ...ledger.entries, ...rest].map((entry, seq) => ({ ...entry, seq }));
    await expect(read(lines)).rejects.toMatchObject(REFUSED);
  });

  it('refuses the keys of a subset: trustees that are named as missing have signed nothing without the others', async () => {
    // Every trustee's true messages of the second attempt, but trustee 3 said to have been named.
    const restart = (data: { excluded: number[] }): unknown => (data.excluded = [3, 4]);
    const lines = bent((forgery) => restart(find(forgery, 'ceremony-restart').data as { excluded: number[] }));
    const without = lines.filter((entry) => !('trustee' in entry.data && entry.data.trustee === 3));
    await expect(read(without)).rejects.toMatchObject({
      code: expect.stringMatching(/^(public\/foundation|state\/keys)$/u),
    });
  });

  it.each<[string, (forgery: Forgery) => unknown]>([
    ['another point in a reveal', (forgery) => bendReveal(forgery)],
    ['a confirmation that nobody signed', (forgery) => bendSignature(forgery, 'ceremony-confirm')],
    ['another deal', (forgery) => bendSignature(forgery, 'ceremony-deal')],
    ['another root', (forgery) => (find(forgery, 'roll-complete', -1).data.roots[0] = wordHex(5n))],
    [
      'another root, sealed by the service itself',
      (forgery) => {
        const roots = find(forgery, 'roll-complete', -1).data.roots as string[];
        roots[0] = wordHex(5n);
        const hash = wordHex(rootsHash(roots.map((root) => decodeWord(root as `0x${string}`) as never)));
        find(forgery, 'seal').data.sealedRootsHash = hash;
      },
    ],
    ['a seal with too few signatures', (forgery) => find(forgery, 'seal').data.act.signatures.pop()],
    ['a seal of another version', (forgery) => (find(forgery, 'seal').data.version = 9)],
    ['entries in another order', (forgery) => (find(forgery, 'seal').seq = 0)],
  ])('refuses %s', async (_what, bend) => {
    await expect(read(bent(bend))).rejects.toMatchObject(REFUSED);
  });

  it('refuses what was signed for another contract or chain, or by another definition’s offices', async () => {
    const other = { ...world.domain, chainId: 1n };
    await expect(read(bent((forgery) => resign(forgery, other)))).rejects.toMatchObject(REFUSED);
    const { definition, context } = election;
    const elsewhere = { definition, context: { ...context, chainId: 1 } };
    await expect(read(foundation(), elsewhere)).rejects.toMatchObject(REFUSED);
    const [keys, threshold] = [definition.trustees.keys.toReversed(), definition.trustees.threshold];
    const trustees = { ...election, definition: { ...definition, trustees: { keys, threshold } } };
    await expect(read(foundation(), trustees)).rejects.toMatchObject(REFUSED);
    const strangers = { ...definition.officers, keys: definition.trustees.keys };
    const officers = { ...election, definition: { ...definition, officers: strangers } };
    await expect(read(foundation(), officers)).rejects.toMatchObject(REFUSED);
  });

  it.each([
    ['no lines at all', 'not a record'],
    ['a line that is cut off', '{"seq":1'],
    ['lines that are no entries', '{}\n'],
  ])('refuses %s', async (_what, text) => {
    await expect(read(text)).rejects.toMatchObject(REFUSED);
  });

  it('refuses entries of other kinds: whoever sends a whole record is not believed to have left nothing out', async () => {
    await expect(read(world.entries)).rejects.toMatchObject(REFUSED);
  });
});

function bendReveal(forgery: Forgery): void {
  const reveal = find(forgery, 'ceremony-reveal');
  const other = find(forgery, 'ceremony-reveal', 1);
  (reveal.data.points as unknown[])[0] = (other.data.points as unknown[])[0];
}

function bendSignature(forgery: Forgery, kind: Entry['kind']): void {
  const entry = find(forgery, kind);
  entry.data.signature = altered(entry.data.signature as string);
}
