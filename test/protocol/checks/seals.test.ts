import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runChecks } from '../../../protocol/checks/run.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { depthOf } from '../../../protocol/seals/clique.ts';
import { decodeRlp, encodeRlp } from '../../../protocol/seals/rlp.ts';
import { decodeSeals, encodeSeals } from '../../../protocol/seals/seals-file.ts';
import { trieNodes, trieValue } from '../../../protocol/seals/trie.ts';
import { decodeHex, encodeText } from '../../../protocol/encoding.ts';
import { SEAL_LIES } from '../../tampered/sealed/lies.ts';
import { QBFT_GUARDS } from '../../tampered/sealed/qbft-guards.ts';
import { QBFT_LIES } from '../../tampered/sealed/qbft-lies.ts';
import { makeTrie } from '../../tampered/sealed/make-trie.ts';
import type { SealedElection } from '../../tampered/sealed/vector.ts';
import { readSealedElection } from '../../tampered/sealed/vector.ts';

let sealed: SealedElection;
let qbft: SealedElection;
beforeAll(() => {
  sealed = readSealedElection('clique');
  qbft = readSealedElection('qbft');
});
afterAll(terminate);

const bytes = (hex: string): Uint8Array => decodeHex(`0x${hex}`);

describe('check 20', () => {
  it('finds nothing wrong with an election that geth’s Clique sealed, counting headers and polls', async () => {
    const { checks, ...report } = await runChecks(sealed.entries, sealed.evidence);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.sealed).toBe(true);
    expect(checks.at(-1)).toMatchObject({ number: 20, items: 4 + 2 });
  });

  it.each(SEAL_LIES.map((each) => [each.lie, each] as const))('%s', async (_, { check, says, forge }) => {
    const { entries, evidence } = forge(sealed);
    const [result] = (await runChecks(entries, evidence, { only: [20] })).checks;
    expect(result).toMatchObject({ number: 20, ok: check === undefined, detail: expect.stringContaining(says) });
  });

  it('finds nothing wrong with an election that four keys sealed by QBFT’s rules, counting one header and polls', async () => {
    const { checks, ...report } = await runChecks(qbft.entries, qbft.evidence);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.sealed).toBe(true);
    expect(checks.at(-1)).toMatchObject({ number: 20, items: 1 + 2 });
  });

  it.each([...QBFT_LIES, ...QBFT_GUARDS].map((each) => [each.lie, each] as const))(
    'by QBFT: %s',
    async (_, { check, says, forge }) => {
      const { entries, evidence } = forge(qbft);
      const [result] = (await runChecks(entries, evidence, { only: [20] })).checks;
      expect(result).toMatchObject({ number: 20, ok: check === undefined, detail: expect.stringContaining(says) });
    },
  );

  it('takes neither chain’s seals for the other’s', async () => {
    for (const [election, { evidence: other }] of [
      [sealed, qbft],
      [qbft, sealed],
    ] as const) {
      const evidence = { ...election.evidence, seals: other.seals };
      const [result] = (await runChecks(election.entries, evidence, { only: [20] })).checks;
      expect(result).toMatchObject({ number: 20, ok: false });
    }
  });

  it('says of a chain whose definition names no validators that it is not sealed', async () => {
    const definition = new TextDecoder().decode(sealed.evidence.definition).replace(/,"validators":\[[^\]]*\]/u, '');
    const evidence = { ...sealed.evidence, definition: encodeText(definition), seals: undefined };
    const report = await runChecks(sealed.entries, evidence, { only: [20] });
    expect(report.sealed).toBe(false);
    expect(report.checks[0]).toMatchObject({ ok: true, items: 0, detail: expect.stringContaining('not sealed') });
  });
});

describe('depthOf', () => {
  it('is more blocks than a minority can make, and never fewer than the profile’s confirmations', () => {
    expect([1, 3, 4, 5, 6, 7, 32].map(depthOf)).toEqual([3, 3, 3, 3, 4, 4, 17]);
  });
});

describe('decodeRlp', () => {
  // https://ethereum.org/en/developers/docs/data-structures-and-encoding/rlp/
  it.each([
    ['83646f67', bytes('646f67')],
    ['c88363617483646f67', [bytes('636174'), bytes('646f67')]],
    ['80', bytes('')],
    ['c0', []],
    ['00', bytes('00')],
    ['820400', bytes('0400')],
    ['c7c0c1c0c3c0c1c0', [[], [[]], [[], [[]]]]],
  ])('reads %s and writes it back', (text, item) => {
    expect(decodeRlp(bytes(text))).toEqual(item);
    expect(encodeRlp(decodeRlp(bytes(text)))).toEqual(bytes(text));
  });

  it('reads and writes lengths beyond 55', () => {
    const long = new Uint8Array(300).fill(7);
    expect(decodeRlp(encodeRlp([long, new Uint8Array(56)]))).toEqual([long, new Uint8Array(56)]);
  });

  it.each([
    '',
    '8100',
    '817f',
    'b800',
    'b90038',
    '83646f',
    'c883636174',
    '8080',
    'bbffffffff',
    'bf',
    'c1c1c1c1c1c1c0',
    'f800',
  ])('refuses %s', (text) => {
    expect(() => decodeRlp(bytes(text))).toThrow(expect.objectContaining({ code: 'seals/rlp' }));
  });
});

describe('trieValue', () => {
  const entries = Array.from(
    { length: 40 },
    (_, i) => [encodeText(`key ${i}`), new Uint8Array(40).fill(i + 1)] as const,
  );
  const { root, nodes } = makeTrie(entries);
  const known = trieNodes(nodes);

  it('finds what is there, and shows what is not', () => {
    for (const [key, value] of entries) expect(trieValue(known, root, key)).toEqual(value);
    for (let i = 40; i < 80; i++) expect(trieValue(known, root, encodeText(`key ${i}`))).toBeUndefined();
    expect(trieValue(trieNodes([]), emptyRoot, encodeText('x'))).toBeUndefined();
  });

  it('refuses a proof that lacks a node, whichever it is', () => {
    for (const [i, missing] of nodes.entries()) {
      const rest = trieNodes(nodes.filter((node) => node !== missing));
      const read = (): unknown[] => entries.map(([key]) => trieValue(rest, root, key));
      expect({ i, read: codeOf(read) }).toEqual({ i, read: 'seals/proof' });
    }
  });
});

const emptyRoot = bytes('56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421');

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return error instanceof UrnaError ? error.code : undefined;
  }
  return undefined;
}

describe('seals.json', () => {
  it('reads what it wrote, and refuses what is not exactly that', () => {
    const seals = { headers: [bytes('c0')], nodes: [bytes('80'), bytes('')] };
    expect(decodeSeals(encodeSeals(seals))).toEqual(seals);
    const many = encodeSeals({ headers: Array.from({ length: 65 }, () => bytes('c0')), nodes: [] });
    const wrong = [
      '{}',
      '{"headers":[],"nodes":[]}',
      '{"headers":[],"nodes":[],"version":2}',
      '{"headers":["0xA0"],"nodes":[],"version":1}',
    ];
    for (const text of [many, ...wrong.map(encodeText)]) {
      expect(() => decodeSeals(text)).toThrow(expect.objectContaining({ code: 'record/shape' }));
    }
  });
});
