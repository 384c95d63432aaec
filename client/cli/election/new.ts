import { parseJson } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { installedSetupHash } from '../ballot/artifacts.ts';
import { definitionHash, encodeDefinition, findProblems, readDefinition } from '../../../protocol/definition/decode.ts';
import { readText, writeFile } from '../../../protocol/node/files.ts';
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
  const definition = readDefinition(withSetupHash(call, draft));
  const out = option(call, 'out');
  await writeFile(out, encodeDefinition(definition));
  const hash = definitionHash(definition);
  return { data: { file: out, hash }, text: `definition written to ${out}, hash ${hash}` };
}

/** A draft without `setupHash` gets that of the installed artifacts; a draft whose contests cannot be read is left to the decoder. */
function withSetupHash(call: Invocation, draft: Json): Json {
  if (typeof draft !== 'object' || draft === null || Array.isArray(draft) || 'setupHash' in draft) return draft;
  const members = draft as { readonly [key: string]: Json };
  const filled = { ...members, setupHash: wordHex(0n) };
  if (findProblems(filled).length > 0) return filled;
  return { ...members, setupHash: wordHex(installedSetupHash(call, filled as unknown as Definition)) };
}
