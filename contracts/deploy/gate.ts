import { setupProblems } from '../../ceremony/setup-gate.ts';
import type { VerifyingArtifacts } from '../../circuits/artifacts.ts';
import { parseJson } from '../../protocol/canonical-json.ts';
import { setupHash } from '../../protocol/checks/setup-hash.ts';
import type { Definition } from '../../protocol/definition/definition.ts';
import { wordHex } from '../../protocol/encoding.ts';
import { at, require } from '../../protocol/errors.ts';
import type { VerifyingKey } from '../../protocol/math/groth16-key.ts';
import { decodeVerifyingKey } from '../../protocol/math/groth16-key.ts';

/** Contributions to phase 2 that a key needs (SPEC §13). */
const MIN_CONTRIBUTIONS = 3;

/**
 * The verifying keys that an election may be deployed with: the setup gate (DESIGN §2.8, SPEC §13).
 *
 * @throws `setup/refused` with every reason, `setup/hash` if these are not the circuits that the definition names, `vkey/invalid`
 */
export function gatedKeys(
  { environment, setupHash: named }: Pick<Definition, 'environment' | 'setupHash'>,
  circuits: readonly VerifyingArtifacts[],
): VerifyingKey[] {
  const policy = { environment, minContributions: MIN_CONTRIBUTIONS };
  const keys = circuits.map(({ verifyingKeyBytes }) => decodeVerifyingKey(parseJson(verifyingKeyBytes)));
  const problems = circuits.flatMap(({ name, manifest, verifyingKeyBytes }, i) =>
    setupProblems({ manifest, key: at(keys, i), verifyingKeyBytes }, policy).map((problem) => `${name}: ${problem}`),
  );
  require(problems.length === 0, 'setup/refused', problems.join('\n'));
  const hash = wordHex(setupHash(circuits.map(({ lanes, manifestBytes }) => ({ lanes, manifest: manifestBytes }))));
  require(hash === named, 'setup/hash', `the circuits have setup hash ${hash}, the definition names ${named}`);
  return keys;
}
