import { basename } from 'node:path';
import type { CeremonyHead } from '../../../ceremony/head.ts';
import { MIN_CONTRIBUTIONS, encodeHead } from '../../../ceremony/head.ts';
import { parsePhase1Hash, readPhase1 } from '../../../ceremony/phase1.ts';
import { constraintSystemSize, phase1Problems } from '../../../ceremony/phase2.ts';
import { beginCeremony } from '../../../ceremony/steps.ts';
import { checkDate } from '../../../ceremony/transcript.ts';
import { insecureBecause } from '../../../ceremony/verify.ts';
import { COMPILER } from '../../../circuits/compile.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { sha256 } from '../../../protocol/hash.ts';
import { exists } from '../../../protocol/node/files.ts';
import { flag, option, optional, wholeNumber } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import type { CompiledHere } from './basis.ts';
import { basisHere, compileHere, readPhase1File } from './basis.ts';
import { writeNewCeremony } from './folder.ts';

/**
 * `urna ceremony new`: begins phase 2 of a circuit's setup in a new folder. Phase 1 is a published file, whose hash is given, or an own
 * one; either is verified in full.
 *
 * @throws `setup/phase1` for another file or one that does not verify, `setup/ceremony`, `file/exists`, `usage/option`
 */
export async function newCeremony(call: Invocation): Promise<Outcome> {
  const folder = option(call, 'out');
  require(!(await exists(folder)), 'file/exists', `${folder} exists already: a ceremony begins in a new folder`);
  const date = checkDate(option(call, 'date'));
  const published = publishedHash(call);
  const ptau = await readPhase1File(call);
  const phase1 = readPhase1(ptau, optional(call, 'source') ?? basename(option(call, 'ptau')), published);
  const circuit = await compileHere(call, option(call, 'circuit'));
  const head = await headOf(call, circuit, phase1);
  encodeHead(head);
  call.progress.note('verifying phase 1');
  const problems = await phase1Problems(ptau);
  require(problems.length === 0, 'setup/phase1', `the phase 1 file does not verify: ${problems.join('; ')}`);
  call.progress.note('making the first key');
  const ceremony = await beginCeremony(head, basisHere(circuit, ptau), date);
  await writeNewCeremony(folder, ceremony);
  const reasons = insecureBecause(head);
  const warning = reasons.length > 0 ? `\nIts keys will be for development only: ${reasons.join('; ')}.` : '';
  return {
    data: { folder, ...head, insecure: reasons },
    text: `${folder}: ceremony of ${head.circuit}, ${head.contributions} contributions and a beacon are needed${warning}`,
  };
}

async function headOf(
  call: Invocation,
  { name, r1cs }: CompiledHere,
  phase1: CeremonyHead['phase1'],
): Promise<CeremonyHead> {
  const given = (key: string): boolean => optional(call, key) !== undefined;
  return {
    ...{ circuit: name, compiler: COMPILER, r1cs: encodeHex(sha256(r1cs)), ...(await constraintSystemSize(r1cs)) },
    phase1,
    contributions: given('contributions') ? wholeNumber(call, 'contributions', MIN_CONTRIBUTIONS) : MIN_CONTRIBUTIONS,
    beacon: {
      source: option(call, 'beacon'),
      iterationsLog2: given('iterations') ? wholeNumber(call, 'iterations', 1) : 10,
    },
    development: flag(call, 'development'),
  };
}

/** The published hash of phase 1; undefined for an own file, which has to be said. @throws `usage/option`, `setup/phase1` */
function publishedHash(call: Invocation): Hex | undefined {
  const text = optional(call, 'ptauHash');
  const one = (text !== undefined) !== flag(call, 'ownPtau');
  require(one, 'usage/option', 'give --ptau-hash with the hash published for the phase 1 file, or --own-ptau');
  return text === undefined ? undefined : parsePhase1Hash(text);
}
