import { provingKeyProblems, setupPolicy, setupProblems } from '../../ceremony/setup-gate.ts';
import type { ProvingArtifacts } from '../../circuits/artifacts.ts';
import { parseJson } from '../../protocol/canonical-json.ts';
import { setupHash } from '../../protocol/checks/setup-hash.ts';
import type { Definition } from '../../protocol/definition/definition.ts';
import { wordHex } from '../../protocol/encoding.ts';
import { require } from '../../protocol/errors.ts';
import type { VerifyingKey } from '../../protocol/math/groth16-key.ts';
import { decodeVerifyingKey } from '../../protocol/math/groth16-key.ts';

/**
 * The verifying keys that an election may be deployed with: the setup gate (DESIGN §2.8, SPEC §13).
 *
 * @throws `setup/refused` with every reason, `setup/hash` if these are not the circuits that the definition names, `vkey/invalid`, `setup/file`
 */
export async function gatedKeys(
  { environment, setupHash: named }: Pick<Definition, 'environment' | 'setupHash'>,
  circuits: readonly ProvingArtifacts[],
): Promise<VerifyingKey[]> {
  const keys: VerifyingKey[] = [];
  const problems: string[] = [];
  for (const { name, lanes, manifest, verifyingKeyBytes, zkey } of circuits) {
    const key = decodeVerifyingKey(parseJson(verifyingKeyBytes));
    keys.push(key);
    const found = setupProblems({ lanes, manifest, key, verifyingKeyBytes }, setupPolicy(environment));
    found.push(...(await provingKeyProblems(zkey, manifest, key)));
    problems.push(...found.map((problem) => `${name}: ${problem}`));
  }
  require(problems.length === 0, 'setup/refused', problems.join('\n'));
  const hash = wordHex(setupHash(circuits.map(({ lanes, manifestBytes }) => ({ lanes, manifest: manifestBytes }))));
  require(hash === named, 'setup/hash', `the circuits have setup hash ${hash}, the definition names ${named}`);
  return keys;
}
