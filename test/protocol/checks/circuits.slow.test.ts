import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { runChecks } from '../../../protocol/checks/run.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { recordOf } from './world/forge.ts';
import { circuitProver } from './world/provers.ts';
import { tampered } from './world/tamper.ts';
import { TAMPERS } from './world/tampers.ts';
import type { WorldCircuit } from './world/world.ts';
import { buildWorld } from './world/world.ts';

const folder = join(import.meta.dirname, '../../../circuits/artifacts');

function installed(name: string): WorldCircuit {
  const artifacts = readProvingArtifacts(folder, name, 'development');
  const { lanes, manifestBytes, verifyingKeyBytes } = artifacts;
  return {
    published: { lanes, manifest: manifestBytes, verifyingKey: verifyingKeyBytes },
    key: decodeVerifyingKey(parseJson(verifyingKeyBytes)),
    prover: (poseidon, members) => circuitProver(artifacts, poseidon, members),
  };
}

afterAll(terminate);

describe('runChecks on an election whose ballots the circuits proved', () => {
  it('finds it true, and each lie about its proofs', async () => {
    const world = await buildWorld({ circuits: ['ballot-2', 'ballot-8'].map(installed) });
    const { checks } = await runChecks(world.entries, world.evidence);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks[10]?.items).toBe(19);
    for (const tamper of TAMPERS.filter(({ check }) => check === 11)) {
      const forgery = await tampered(world, tamper);
      const report = await runChecks(recordOf(forgery), forgery.evidence);
      expect(report.checks.filter(({ ok }) => !ok).map(({ number }) => number)).toEqual([11]);
    }
  }, 600_000);
});
