import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnySchemaObject } from 'ajv';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/** What is wrong with a report by NIST's own schema (`test/vectors/nist-1500-100`); null if nothing is. */
export function nistFaults(report: unknown): readonly unknown[] | null {
  const path = join(import.meta.dirname, '../../vectors/nist-1500-100/NIST_V2_election_results_reporting.json');
  const schema = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  // It calls itself draft-04, and uses nothing that later drafts read in another way; `refTypes`, a note of NIST's, is none of any draft.
  delete schema['$schema'];
  const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, keywords: ['refTypes'] });
  addFormats.default(ajv);
  const validate = ajv.compile(schema as AnySchemaObject);
  return validate(report) ? null : (validate.errors ?? []);
}
