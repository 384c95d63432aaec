import type { Manifest } from '../circuits/manifest.ts';
import type { Hex } from '../protocol/encoding.ts';
import { encodeHex, encodeText } from '../protocol/encoding.ts';
import { UrnaError } from '../protocol/errors.ts';
import { sha256 } from '../protocol/hash.ts';
import { exportVerifyingKey, loadCurve } from './phase2.ts';
import { readKeySetup } from './proving-key.ts';
import type { Ceremony } from './steps.ts';
import { chainTip } from './transcript.ts';
import { encodeHead } from './head.ts';
import { insecureBecause } from './verify.ts';

const digest = (bytes: Uint8Array): Hex => encodeHex(sha256(bytes));

/**
 * The files of a circuit that a closed ceremony made, by name: `ballot.wasm`, `ballot.zkey`, `vkey.json`, `manifest.json`. Whoever
 * publishes them verifies the ceremony first.
 *
 * @throws `incomplete/setup` before the beacon
 */
export async function circuitFiles(ceremony: Ceremony, wasm: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const { zkey } = ceremony;
  const vkey = encodeText(`${JSON.stringify(await exportVerifyingKey(zkey), null, 1)}\n`);
  const files = { 'ballot.wasm': digest(wasm), 'ballot.zkey': digest(zkey), 'vkey.json': digest(vkey) };
  const manifest = encodeText(`${JSON.stringify(await manifestOf(ceremony, files), null, 2)}\n`);
  return new Map([
    ['ballot.wasm', wasm],
    ['ballot.zkey', zkey],
    ['vkey.json', vkey],
    ['manifest.json', manifest],
  ]);
}

async function manifestOf({ head, entries, zkey }: Ceremony, files: Manifest['files']): Promise<Manifest> {
  const { contributions } = readKeySetup(await loadCurve(), zkey);
  const last = contributions.at(-1);
  if (last?.beacon === undefined) throw new UrnaError('incomplete/setup', 'no beacon closes the contributions yet');
  const reasons = insecureBecause(head);
  return {
    circuit: head.circuit,
    insecure: reasons.length > 0,
    note: reasons.length > 0 ? `Development only: ${reasons.join('; ')}.` : 'Made by a ceremony.',
    compiler: head.compiler,
    r1cs: head.r1cs,
    constraints: head.constraints,
    publicSignals: head.publicSignals,
    ptau: head.phase1,
    files,
    contributions: contributions.slice(0, -1).map(({ name, hash }) => ({ name, hash })),
    beacon: { ...last.beacon, source: head.beacon.source, hash: last.hash },
    // Nobody keeps the transcript of development keys.
    ...(head.development ? {} : { transcript: chainTip(encodeHead(head), entries) }),
  };
}
