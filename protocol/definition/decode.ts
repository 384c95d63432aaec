import { canonicalBytes, parseCanonical } from '../canonical-json.ts';
import type { Json } from '../canonical-json.ts';
import type { Hex } from '../encoding.ts';
import { encodeHex } from '../encoding.ts';
import { UrnaError } from '../errors.ts';
import { keccak256 } from '../hash.ts';
import { findInconsistencies } from './consistency.ts';
import type { Definition, Problem } from './definition.ts';
import { definitionShape } from './definition-shape.ts';

/** Everything wrong with a parsed definition: first its shape, and once that is right, what it means. */
export function findProblems(value: Json): Problem[] {
  const problems: Problem[] = [];
  definitionShape(value, '$', problems);
  return problems.length > 0 ? problems : findInconsistencies(value as unknown as Definition);
}

/**
 * The definition in a parsed JSON value, e.g. a draft.
 *
 * @throws `definition/invalid`, with a line of path, code and sentence for each problem
 */
export function readDefinition(value: Json): Definition {
  const problems = findProblems(value);
  if (problems.length === 0) return value as unknown as Definition;
  const lines = problems.map(({ path, code, message }) => `${path} ${message} (${code})`);
  throw new UrnaError('definition/invalid', lines.join('\n'));
}

/**
 * The definition in the bytes of `election.json`.
 *
 * @throws `definition/invalid`, `json/canonical` if the bytes are not the RFC 8785 form, `json/*`
 */
export function decodeDefinition(bytes: Uint8Array): Definition {
  return readDefinition(parseCanonical(bytes));
}

/** The bytes of `election.json`: RFC 8785, no line feed at the end. */
export function encodeDefinition(definition: Definition): Uint8Array {
  return canonicalBytes(definition);
}

/** keccak256 of the canonical bytes (SPEC §2). */
export function definitionHash(definition: Definition): Hex {
  return encodeHex(keccak256(encodeDefinition(definition)));
}
