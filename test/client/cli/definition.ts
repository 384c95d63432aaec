import type { Json } from '../../../protocol/canonical-json.ts';
import { demoDraft, demoTimes } from '../../../client/cli/demo/draft.ts';
import { definitionHash, encodeDefinition, readDefinition } from '../../../protocol/definition/decode.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import type { Hex } from '../../../protocol/encoding.ts';

const address = (digit: string): Hex => `0x${digit.repeat(40)}`;
const OFFICES = {
  registrar: address('1'),
  officers: [address('2'), address('3')],
  trustees: [address('4'), address('5'), address('6')],
  boxes: [address('7')],
};

/** A definition with two voters in each district: small enough for tests that make credentials. */
export function smallDefinition(): { definition: Definition; bytes: Uint8Array; hash: Hex } {
  const draft = demoDraft(OFFICES, demoTimes(1_900_000_000, 'weeks'), {
    ...{ id: 31337, profile: 'embedded', validators: undefined },
  });
  const districts = draft.districts.map((district) => ({ ...district, voters: 2 }));
  const definition = readDefinition({ ...draft, districts, setupHash: `0x${'00'.repeat(32)}` } as unknown as Json);
  return { definition, bytes: encodeDefinition(definition), hash: definitionHash(definition) };
}

/** Where the small definition would be deployed. */
export const DEPLOYED: Hex = address('9');
