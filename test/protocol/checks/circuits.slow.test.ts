import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { runChecks } from '../../../protocol/checks/run.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { newFolder } from '../../client/cli/urna.ts';
import { buildGoObserver, observeInGo } from '../../tampered/go-observer.ts';
import { writeRecord } from '../../tampered/write.ts';
import { recordOf } from './world/forge.ts';
import { circuitProver } from './world/provers.ts';
import { tampered } from './world/tamper.ts';
import { TAMPERS } from './world/tampers.ts';
import type { HeldEvidence, WorldCircuit } from './world/world.ts';
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

const folders = newFolder();
afterAll(terminate);

/** What the verifier in Go finds wrong, told by number. */
async function wrongInGo(
  observer: string,
  name: string,
  entries: readonly Entry[],
  evidence: HeldEvidence,
): Promise<unknown> {
  await writeRecord(join(folders, name), entries, evidence);
  const build = join(folders, name, 'files/build.json');
  const { data } = await observeInGo(observer, join(folders, name), build);
  const checks = data['checks'] as readonly { readonly number: number; readonly items: number; readonly ok: boolean }[];
  return { proved: checks[10]?.items, wrong: checks.filter(({ ok }) => !ok).map(({ number }) => number) };
}

describe('runChecks on an election whose ballots the circuits proved', () => {
  it('finds it true, and each lie about its proofs; so does the verifier in Go', async () => {
    const observer = buildGoObserver();
    const world = await buildWorld({ circuits: ['ballot-2', 'ballot-8'].map(installed) });
    const { checks } = await runChecks(world.entries, world.evidence);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks[10]?.items).toBe(19);
    expect(await wrongInGo(observer, 'true', world.entries, world.evidence)).toEqual({ proved: 19, wrong: [] });
    for (const [i, tamper] of TAMPERS.filter(({ check }) => check === 11).entries()) {
      const forgery = await tampered(world, tamper);
      const report = await runChecks(recordOf(forgery), forgery.evidence);
      expect(report.checks.filter(({ ok }) => !ok).map(({ number }) => number)).toEqual([11]);
      const inGo = await wrongInGo(observer, `lie-${i}`, recordOf(forgery), forgery.evidence);
      expect(inGo).toEqual({ proved: report.checks[10]?.items, wrong: [11] });
    }
  }, 1_200_000);
});
