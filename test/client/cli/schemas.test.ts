import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { decodeOpening, encodeOpening } from '../../../protocol/ballot/opening.ts';
import { decodeUpdateFile, encodeUpdateFile } from '../../../protocol/ballot/update-file.ts';
import { decodeActFile, encodeActFile } from '../../../client/cli/officer/act-file.ts';
import { decodeDecryptionFile, encodeDecryptionFile } from '../../../client/cli/trustee/decryption-file.ts';
import { decodeStepFile, encodeStepFile, signStep } from '../../../client/cli/trustee/step-file.ts';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Field } from '../../../protocol/math/field.ts';

const folder = join(import.meta.dirname, '../../../protocol/schemas');
const word = `0x${'ab'.repeat(32)}` as const;
const election = `0x${'9'.repeat(40)}` as const;
const signature = `0x${'01'.repeat(65)}` as const;
const head = { chainId: 31337, election };
const domain = { chainId: 31337n, election };
const key = new Uint8Array(32).fill(7);

type Construct = new (options: object) => { compile(schema: object): ValidateFunction };

function schema(name: string): ValidateFunction {
  // The package's types describe CommonJS; under ESM the class is the default export itself.
  const Ajv = ((Ajv2020 as { default?: unknown }).default ?? Ajv2020) as Construct;
  return new Ajv({ strict: true }).compile(
    JSON.parse(readFileSync(join(folder, `${name}.schema.json`), 'utf8')) as object,
  );
}

const act = (params: object): string =>
  encodeActFile({ ...head, number: 3, expiry: 9, params, signatures: [signature] } as never);
const step = (message: object): string =>
  encodeStepFile(signStep(domain, { attempt: 1, time: 0, trustee: 2, ...message } as never, key));
const seal = { root: word, count: 2, reserveRoot: word, reserveCount: 1 };

const cases: readonly (readonly [string, (text: string) => unknown, readonly string[]])[] = [
  [
    'act-file',
    decodeActFile,
    [
      act({
        name: 'approve',
        definitionHash: word,
        configHash: word,
        roll: election,
        ceremony: election,
        ballots: election,
        tally: election,
      }),
      act({ name: 'credentials', lists: [seal] }),
      act({ name: 'version', version: 2, registrationsRoot: word, reasonsHash: word }),
      act({ name: 'seal', version: 1, registrationsRoot: word, sealedRootsHash: word }),
      act({ name: 'extend', closesAt: 5, reasonHash: word }),
      act({ name: 'cancel', reasonHash: word }),
      act({ name: 'certify', resultHash: word }),
      act({ name: 'anchor', entries: 7, hash: word }),
    ],
  ],
  [
    'step-file',
    decodeStepFile,
    [
      step({ kind: 'commit', hash: 5n }),
      step({ kind: 'reveal', words: [1n, 2n] }),
      step({ kind: 'deal', bytes: Uint8Array.of(1, 2) }),
      step({ kind: 'confirm', transcript: 7n }),
      step({ kind: 'accuse', dealer: 1, lane: 0 }),
      step({ kind: 'answer', accuser: 1, lane: 0, share: 9n }),
    ],
  ],
  [
    'decryption-file',
    decodeDecryptionFile,
    [
      encodeDecryptionFile({
        domain,
        attempt: 1,
        trustee: 2,
        units: [{ unit: 0, words: [1n], signature: new Uint8Array(65) }],
      }),
    ],
  ],
  ['update-file', decodeUpdateFile, [encodeUpdateFile({ context: head, poll: 0, first: true, words: '0x00ff' })]],
  [
    'opening-file',
    decodeOpening,
    [encodeOpening({ context: head, poll: 0, slot: 7n as Field, values: [1n, 0n] }, new Uint8Array(31).fill(0x7f))],
  ],
];

/** All places in a JSON value, as paths. */
function places(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? value.map((item, i) => [i, item] as const) : Object.entries(value);
  return [path, ...entries.flatMap(([key_, item]) => places(item, [...path, key_]))];
}

function replaced(value: unknown, [first, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (first === undefined) return by;
  const copy = JSON.parse(JSON.stringify(value)) as Record<string | number, unknown>;
  copy[first] = replaced(copy[first], rest, by);
  return copy;
}

describe.each(cases)('the schema %s', (name, decode, texts) => {
  const validate = schema(name);

  it('takes every file that the command writes', () => {
    for (const text of texts) {
      expect(validate(JSON.parse(text))).toBe(true);
      expect(() => decode(text)).not.toThrow();
    }
  });

  it('says of an altered file what the decoder says', () => {
    const odd = fc.constantFrom<unknown>(null, true, -1, 1.5, 2 ** 53, 'x', '0xAB', `${word}00`, [], {}, { extra: 1 });
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), odd, (text, pick, by) => {
        const value = JSON.parse(text) as unknown;
        const paths = places(value);
        const changed = replaced(value, paths[pick % paths.length] ?? [], by);
        let accepted = true;
        try {
          decode(canonicalJson(changed));
        } catch (error) {
          expect(error).toBeInstanceOf(UrnaError);
          accepted = false;
        }
        expect(validate(changed)).toBe(accepted);
      }),
      { numRuns: 400 },
    );
  });
});
