import { canonicalJson, parseJson } from '../../protocol/canonical-json.ts';
import type { Shaped } from '../../protocol/record/shape.ts';
import { address, count, list, oneOf, record } from '../../protocol/record/shape.ts';

const shape = record({
  format: oneOf('urna/deployment/1'),
  chainId: count,
  /** Block of the first creating transaction. */
  deploymentBlock: count,
  election: address,
  roll: address,
  ceremony: address,
  ballots: address,
  tally: address,
  poseidon: address,
  circuitKeys: list(record({ lanes: count, address })),
});

/** Where an election's contracts are: `deployment.json`. The chain alone suffices to find them again from `election`. */
export type Deployment = Shaped<typeof shape>;

/** JSON Schema (2020-12) of `deployment.json`. */
export const deploymentSchema: Readonly<Record<string, unknown>> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:urna:schema:deployment:1',
  title: 'Where an Urna election’s contracts are',
  ...shape.schema,
};

/** Text of `deployment.json`, RFC 8785. */
export function encodeDeployment(deployment: Deployment): string {
  return canonicalJson(deployment);
}

/** Strict decoding of `deployment.json`. @throws `json/…`, `record/shape` */
export function decodeDeployment(text: string | Uint8Array): Deployment {
  return shape.read(parseJson(text), 'deployment');
}
