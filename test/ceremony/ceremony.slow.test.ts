import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { circuitFiles } from '../../ceremony/artifacts.ts';
import { deltaChainProblems } from '../../ceremony/delta-chain.ts';
import { decodeHead, encodeHead } from '../../ceremony/head.ts';
import { applyBeacon, contribute, loadCurve, phase1Problems, startPhase2 } from '../../ceremony/phase2.ts';
import { readKeySetup } from '../../ceremony/proving-key.ts';
import type { Ceremony } from '../../ceremony/steps.ts';
import { acceptContribution, addContribution, beginCeremony, closeCeremony } from '../../ceremony/steps.ts';
import { decodeTranscript, encodeTranscript } from '../../ceremony/transcript.ts';
import type { Entry } from '../../ceremony/transcript.ts';
import { ceremonyProblems } from '../../ceremony/verify.ts';
import { decodeManifest } from '../../circuits/manifest.ts';
import { encodeHex } from '../../protocol/encoding.ts';
import { sha256 } from '../../protocol/hash.ts';
import { terminate } from '../../protocol/math/groth16.ts';
import { BEACON, DAY, draw, smallCeremony, smallCircuit, smallHead, smallPhase1 } from './small.ts';

let r1cs: Uint8Array;
let ptau: Uint8Array;
let begun: Ceremony;
let open: Ceremony;
let closed: Ceremony;

beforeAll(async () => {
  r1cs = smallCircuit('product');
  ptau = await smallPhase1(['Emmy', 'Felix', 'Gauss']);
  begun = await beginCeremony(await smallHead(r1cs, ptau), { r1cs, ptau }, DAY);
  open = begun;
  for (const name of ['Ada', 'Blaise', 'Carl']) open = await addContribution(open, name, DAY, draw);
  closed = await closeCeremony(open, BEACON, DAY);
});
afterAll(terminate);

const code = (value: string): unknown => expect.objectContaining({ code: value });
const problems = async (ceremony: Ceremony, basis: { r1cs: Uint8Array; ptau: Uint8Array } = { r1cs, ptau }) =>
  (await ceremonyProblems(ceremony, basis)).join('; ');

/** The transcript with its chain made consistent again, as a forger would. */
function rechain(ceremony: Ceremony, change: (entry: Entry, index: number) => Entry): Ceremony {
  let previous = encodeHex(sha256(encodeHead(ceremony.head)));
  const entries = ceremony.entries.map((entry, i) => {
    const made = { ...change(entry, i), previous };
    previous = encodeHex(sha256(new TextEncoder().encode(canonical(made))));
    return made;
  });
  return { ...ceremony, entries };
}

function canonical(entry: Entry): string {
  const members = Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(members));
}

describe('a ceremony', () => {
  it('verifies when it is complete, and its files survive being written and read', async () => {
    expect(await problems(closed)).toBe('');
    expect(decodeHead(encodeHead(closed.head))).toEqual(closed.head);
    expect(decodeTranscript(encodeTranscript(closed.entries))).toEqual(closed.entries);
    expect(rechain(closed, (entry) => entry)).toEqual(closed);
  });

  it('is incomplete without its beacon and without enough contributions', async () => {
    expect(await problems(open)).toBe('no beacon closes the contributions');
    const two = await addContribution(await addContribution(begun, 'Ada', DAY, draw), 'Blaise', DAY, draw);
    expect(await problems(two)).toMatch(/^2 of 3 have contributed; no beacon/);
    await expect(closeCeremony(two, BEACON, DAY)).rejects.toThrow(code('incomplete/setup'));
    await expect(circuitFiles(open, r1cs)).rejects.toThrow(code('incomplete/setup'));
  });

  it('takes nothing after its beacon', async () => {
    await expect(addContribution(closed, 'Dora', DAY, draw)).rejects.toThrow(code('state/setup'));
    await expect(closeCeremony(closed, BEACON, DAY)).rejects.toThrow(code('state/setup'));
  });

  it('takes one contribution a name', async () => {
    await expect(addContribution(open, 'Ada', DAY, draw)).rejects.toThrow(code('state/setup'));
    await expect(addContribution(open, 'beacon', DAY, draw)).rejects.toThrow(code('state/setup'));
  });

  it.each(['', ' Ada', 'A\u202eda', 'A\nda', 'a'.repeat(65)])('refuses the name %j', async (name) => {
    await expect(addContribution(open, name, DAY, draw)).rejects.toThrow(code('setup/name'));
  });

  it.each(['2027-02-30', '09.05.2027', ''])('refuses the day %j', async (day) => {
    await expect(addContribution(open, 'Dora', day, draw)).rejects.toThrow(code('setup/date'));
  });

  it.each(['0x', `0x${'00'.repeat(31)}`, `0x${'00'.repeat(129)}`] as const)('refuses the beacon %s', async (value) => {
    await expect(closeCeremony(open, value, DAY)).rejects.toThrow(code('setup/beacon'));
  });

  it('marks its keys insecure only where phase 1 is nobody’s or they are for development', async () => {
    const manifestOf = async (ceremony: Ceremony) =>
      decodeManifest((await circuitFiles(ceremony, r1cs)).get('manifest.json') ?? new Uint8Array());
    expect(await manifestOf(closed)).toMatchObject({ insecure: false, beacon: { value: BEACON } });
    const development = { ...closed, head: { ...closed.head, development: true } };
    expect(await manifestOf(development)).toMatchObject({ insecure: true });
    const phase1 = { ...closed.head.phase1, contributors: 2 };
    expect(await manifestOf({ ...closed, head: { ...closed.head, phase1 } })).toMatchObject({ insecure: true });
    const published = { ...phase1, published: true };
    expect(await manifestOf({ ...closed, head: { ...closed.head, phase1: published } })).toMatchObject({
      insecure: false,
    });
  });
});

describe('acceptContribution', () => {
  it('takes back a contribution to the newest key', async () => {
    const away = await contribute(open.zkey, 'Dora', draw(64));
    const back = await acceptContribution(open, away.zkey, DAY, { r1cs, ptau });
    expect(await problems(await closeCeremony(back, BEACON, DAY))).toBe('');
  });

  it('refuses a contribution to an older key, to none, and a beacon', async () => {
    const older = await contribute(begun.zkey, 'Dora', draw(64));
    const beacon = await applyBeacon(open.zkey, 'Dora', BEACON, 10);
    for (const zkey of [older.zkey, open.zkey, beacon.zkey, closed.zkey]) {
      await expect(acceptContribution(open, zkey, DAY, { r1cs, ptau })).rejects.toThrow(code('setup/contribution'));
    }
  });

  it('refuses a contribution that spoilt the rest of the key', async () => {
    const away = await contribute(open.zkey, 'Dora', draw(64));
    const spoilt = swapFirstPoints(away.zkey, 9);
    const setup = readKeySetup(await loadCurve(), spoilt);
    expect(await deltaChainProblems(await loadCurve(), setup)).toEqual([]);
    await expect(acceptContribution(open, spoilt, DAY, { r1cs, ptau })).rejects.toThrow(code('setup/contribution'));
  });
});

/** The key with the first two points of a section exchanged. */
function swapFirstPoints(zkey: Uint8Array, wanted: number): Uint8Array {
  const out = zkey.slice();
  const view = new DataView(out.buffer);
  let position = 12;
  while (view.getUint32(position, true) !== wanted) position += 12 + Number(view.getBigUint64(position + 4, true));
  const first = out.slice(position + 12, position + 76);
  out.copyWithin(position + 12, position + 76, position + 140);
  out.set(first, position + 76);
  return out;
}

describe('attacks on a ceremony', () => {
  it('a contribution is left out of the key: the transcript says three, the key has two', async () => {
    const two = await addContribution(await addContribution(begun, 'Ada', DAY, draw), 'Blaise', DAY, draw);
    const { zkey } = await applyBeacon(two.zkey, 'beacon', BEACON, 10);
    const forged = rechain({ ...closed, zkey }, (entry) =>
      entry.kind === 'beacon' ? { ...entry, file: encodeHex(sha256(zkey)) } : entry,
    );
    expect(await problems(forged)).toMatch(/2 of 3 have contributed.*names 4 contributions, the proving key holds 3/);
  });

  it('a contribution is replaced by one of the coordinator’s, under the same name', async () => {
    let other = begun;
    for (const name of ['Ada', 'Blaise', 'Carl']) other = await addContribution(other, name, DAY, draw);
    const { zkey } = await closeCeremony(other, BEACON, DAY);
    const forged = rechain({ ...closed, zkey }, (entry) =>
      entry.kind === 'beacon' ? { ...entry, file: encodeHex(sha256(zkey)) } : entry,
    );
    expect(await problems(forged)).toMatch(/contribution 1 in the proving key is not the one of the transcript/);
  });

  it('a name is exchanged in the transcript', async () => {
    const forged = rechain(closed, (entry) => (entry.name === 'Carl' ? { ...entry, name: 'Karl' } : entry));
    expect(await problems(forged)).toBe('contribution 3 has another name in the proving key');
  });

  it('an entry is changed and the chain left as it was', async () => {
    const entries = closed.entries.map((entry, i) => (i === 1 ? { ...entry, date: '2027-05-08' } : entry));
    expect(await problems({ ...closed, entries })).toBe('entry 2 does not follow entry 1');
  });

  it('the head is changed after contributions were made', async () => {
    const head = { ...closed.head, beacon: { ...closed.head.beacon, source: 'a block that I liked' } };
    expect(await problems({ ...closed, head })).toBe('entry 0 does not follow the head');
  });

  it('the head calls phase 1 published, or many people’s, so that the keys come out as secure', async () => {
    for (const claim of [{ published: true }, { contributors: 9 }, { power: 28 }]) {
      const head = { ...closed.head, phase1: { ...closed.head.phase1, ...claim } };
      const forged = rechain({ ...closed, head }, (entry) => entry);
      expect(await problems(forged)).toBe('phase 1 is not what the head says of it');
    }
    const smaller = { ...closed.head, constraints: 0 };
    const forged = rechain({ ...closed, head: smaller }, (entry) => entry);
    expect(await problems(forged)).toBe('the constraint system is not of the size that the head says');
  });

  it('the last contributor puts a delta of its own in the place of all others’', async () => {
    const own = await startPhase2(r1cs, ptau);
    const { zkey } = await contribute(own, 'Carl', draw(64));
    const curve = await loadCurve();
    const mine = readKeySetup(curve, zkey);
    const theirs = readKeySetup(curve, open.zkey);
    const grafted = { ...theirs, delta1: mine.delta1, delta2: mine.delta2 };
    expect(await deltaChainProblems(curve, grafted)).toEqual(['delta is not what the last contribution made']);
    const last = theirs.contributions.at(-1)!;
    const claimed = [...theirs.contributions.slice(0, -1), { ...last, deltaAfter: mine.delta1 }];
    expect(await deltaChainProblems(curve, { ...grafted, contributions: claimed })).toEqual([
      'contribution 3 changed delta by another factor than it proves',
    ]);
  });

  it('a contribution’s factor is not proved, its points are none, or it follows others than claimed', async () => {
    const curve = await loadCurve();
    const setup = readKeySetup(curve, closed.zkey);
    const [first, second, third, beacon] = setup.contributions;
    const chain = (...contributions: (typeof setup.contributions)[number][]) =>
      deltaChainProblems(curve, { ...setup, contributions });
    expect((await chain(first!, second!, { ...third!, spx: first!.spx }, beacon!)).join()).toMatch(/does not prove/);
    expect((await chain(second!, first!, third!, beacon!)).join()).toMatch(/does not follow those before it/);
    const off = { ...first!, s: first!.s.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) };
    expect(await chain(off, second!, third!, beacon!)).toEqual(['contribution 1 holds a point outside its group']);
    const zero = { ...first!, spx: new Uint8Array(128) };
    expect(await chain(zero, second!, third!, beacon!)).toEqual(['contribution 1 holds a point outside its group']);
  });

  it('the beacon is someone’s secret contribution', async () => {
    const fake = await addContribution(open, 'Mallory', DAY, draw);
    const curve = await loadCurve();
    const setup = readKeySetup(curve, fake.zkey);
    const dressed = setup.contributions.map((each, i) =>
      i === 3 ? { ...each, beacon: { value: BEACON, iterationsLog2: 10 } } : each,
    );
    expect(await deltaChainProblems(curve, { ...setup, contributions: dressed })).toEqual([
      'contribution 4 is not what its beacon’s value gives',
    ]);
  });

  it('the key is for another statement with as many signals', async () => {
    const square = smallCircuit('square');
    const other = await smallCeremony(square, ptau);
    expect(await problems(other)).toMatch(/^the setup is for another constraint system/);
    const forged = rechain({ ...other, head: closed.head }, (entry) => entry);
    expect(await problems(forged)).toMatch(/^INVALID: {2}Circuit does not match/);
  });

  it('phase 1 is another file, or has no contribution at all', async () => {
    const other = await smallPhase1(['Mallory']);
    expect(await problems(closed, { r1cs, ptau: other })).toMatch(/^the setup was made on another phase 1 file/);
    const nobody = await smallPhase1([]);
    expect((await phase1Problems(nobody)).join()).toMatch(/no contribution/);
  });

  it('a proving key is of another curve, or its sections are of other sizes than its header says', async () => {
    const curve = await loadCurve();
    const bent = (offset: number): Uint8Array => closed.zkey.map((byte, i) => (i === offset ? byte ^ 1 : byte));
    // Behind 12 bytes of file header: section 1 of 16 bytes, then section 2 with q, r, and the three sizes.
    const header = 12 + 16 + 12;
    for (const offset of [header + 4, header + 40, header + 72, header + 76, header + 80]) {
      expect(() => readKeySetup(curve, bent(offset))).toThrow(code('setup/file'));
    }
    expect(readKeySetup(curve, closed.zkey).contributions).toHaveLength(4);
  });

  it('a file is cut off, or has a section twice or bytes behind it', async () => {
    const curve = await loadCurve();
    const { zkey } = closed;
    const doubled = zkey.slice();
    new DataView(doubled.buffer).setUint32(12 + 12 + 4, 1, true);
    for (const bad of [zkey.slice(0, -1), Uint8Array.from([...zkey, 0]), doubled, zkey.slice(0, 3), ptau]) {
      expect(() => readKeySetup(curve, bad)).toThrow(code('setup/file'));
    }
  });
});
