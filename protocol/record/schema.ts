import { kinds } from './kinds.ts';
import { count, record, word } from './shape.ts';

/** JSON Schema (2020-12) of a record entry, made from the table of kinds: `schemas/record-entry.schema.json`. */
export function recordEntrySchema(): Readonly<Record<string, unknown>> {
  const entries = Object.entries(kinds).map(([kind, data]) => {
    const schema = { read: (value: unknown) => value, schema: data.schema };
    const name = { read: (value: unknown) => value, schema: { const: kind } };
    return record({ seq: count, block: count, time: count, transaction: word, kind: name, data: schema }).schema;
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:urna:schema:record-entry:1',
    title: 'Entry of an Urna election record (SPEC §14)',
    oneOf: entries,
  };
}
