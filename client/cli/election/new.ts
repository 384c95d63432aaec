import { parseJson } from '../../../protocol/canonical-json.ts';
import { definitionHash, encodeDefinition, readDefinition } from '../../../protocol/definition/decode.ts';
import { readText, writeFile } from '../frame/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';

/**
 * `urna election new`: the definition of a draft, canonical. A draft is formatted freely and may leave `setupHash` to the
 * artifacts that are installed here.
 *
 * @throws `definition/invalid` with every problem, `json/*`, `file/*`
 */
export async function newDefinition(call: Invocation): Promise<Outcome> {
  const draft = parseJson(await readText(option(call, 'draft'), 2 ** 22));
  const definition = readDefinition(draft);
  const out = option(call, 'out');
  await writeFile(out, encodeDefinition(definition));
  const hash = definitionHash(definition);
  return { data: { file: out, hash }, text: `definition written to ${out}, hash ${hash}` };
}
