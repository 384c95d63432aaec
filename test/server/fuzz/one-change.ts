import fc from 'fast-check';
import type { Json } from '../../../protocol/canonical-json.ts';
import { l, p, r } from '../../../protocol/math/field.ts';
import { codeOf, faultOf, send } from './answers.ts';
import type { Described, Schema } from './described.ts';
import { ODD_VALUE, shaped } from './odd-requests.ts';

/** Members of a body that a service takes. */
export type Body = Readonly<Record<string, Json>>;

const EDGES = [0n, 1n, l - 1n, l, r - 1n, r, p - 1n, p, 2n ** 255n, 2n ** 256n - 1n].map((value) =>
  value.toString(16).padStart(64, '0'),
);

/** Hex with one digit, one word or the length changed. */
function changedHex(text: string): fc.Arbitrary<string> {
  const digits = text.slice(2);
  const put = (at: number, piece: string): string =>
    `0x${digits.slice(0, at)}${piece}${digits.slice(at + piece.length)}`;
  const words = Math.max(1, Math.floor(digits.length / 64));
  const digit = fc.tuple(fc.nat(digits.length - 1), fc.constantFrom(...'0123456789abcdef'));
  const word = fc.tuple(fc.nat(words - 1), fc.constantFrom(...EDGES, digits.slice(0, 64), digits.slice(-64)));
  const lengths = ['0x', text.slice(0, -1), text.slice(0, -64), `${text}0`, `${text}${digits.slice(0, 64)}`];
  return fc.oneof(
    { arbitrary: digit.map(([at, piece]) => put(at, piece)), weight: 4 },
    { arbitrary: word.map(([at, piece]) => put(64 * at, piece).slice(0, text.length)), weight: 4 },
    fc.constantFrom(...lengths, text.toUpperCase(), digits, ` ${text}`),
  );
}

/** Another value in a member's place: one close by, one of the same shape, or anything. */
function changedValue(value: Json, schema: Schema, document: Described): fc.Arbitrary<unknown> {
  const others = [
    { arbitrary: shaped(schema, document), weight: 2 },
    { arbitrary: ODD_VALUE, weight: 1 },
  ];
  if (typeof value === 'string' && value.startsWith('0x'))
    return fc.oneof({ arbitrary: changedHex(value), weight: 6 }, ...others);
  if (typeof value === 'number')
    return fc.oneof({ arbitrary: fc.constantFrom(value + 1, value - 1, -value, `${value}`), weight: 4 }, ...others);
  if (typeof value === 'boolean') return fc.oneof({ arbitrary: fc.constant(!value), weight: 4 }, ...others);
  return fc.oneof(...others);
}

/** Where more is written, more can be wrong. */
function weightOf(value: Json): number {
  return typeof value === 'string' ? 1 + Math.min(5, Math.floor(value.length / 64)) : 1;
}

/** A body that differs from a good one in one member: it is another, is missing, stands there twice, or is one more. */
function changedBody(good: Body, schema: Schema, document: Described, free: readonly string[]): fc.Arbitrary<string> {
  const names = Object.keys(good);
  const text = JSON.stringify(good);
  const bound = names.filter((name) => !free.includes(name));
  const other = fc.oneof(
    ...bound.map((name) => ({
      arbitrary: changedValue(good[name] ?? null, schema.properties?.[name] ?? {}, document).map((value) =>
        JSON.stringify({ ...good, [name]: value }),
      ),
      weight: weightOf(good[name] ?? null),
    })),
  );
  const missing = fc
    .constantFrom(...names)
    .map((name) => JSON.stringify(Object.fromEntries(Object.entries(good).filter(([each]) => each !== name))));
  const more = fc.tuple(fc.constantFrom(...names, '__proto__', 'toString'), ODD_VALUE).map(([name, value]) => {
    const second = JSON.stringify({ [name]: value ?? null });
    return `${text.slice(0, -1)},${second.slice(1)}`;
  });
  return fc.oneof({ arbitrary: other, weight: 12 }, missing, more).filter((changed) => changed !== text);
}

/**
 * Posts what differs in one place from a body that a service takes: nothing of it may be taken, and every answer is a problem of SPEC §16
 * and the client's fault.
 *
 * @param free - members that may have other values, which are not tried
 * @returns the codes of the answers: how deep the changed bodies got
 * @throws Error with the shortest body that is taken, or shows a fault
 */
export async function fuzzBody(
  address: string,
  document: Described,
  path: string,
  good: Body,
  runs: number,
  free: readonly string[] = [],
): Promise<ReadonlySet<string>> {
  const schema = document.paths[path]?.['post']?.requestBody?.content['application/json']?.schema ?? {};
  const codes = new Set<string>();
  const headers = { 'content-type': 'application/json' };
  await fc.assert(
    fc.asyncProperty(changedBody(good, schema, document, free), async (body) => {
      const answer = await send(address, { method: 'POST', path, headers, body });
      const fault = faultOf(answer) ?? (answer.status < 400 ? 'it is taken' : undefined);
      if (fault !== undefined) throw new Error(`POST ${path}: ${fault}`);
      codes.add(codeOf(answer));
    }),
    { numRuns: runs },
  );
  return codes;
}
