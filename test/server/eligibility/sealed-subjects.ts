import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSubjects, signSubjects, stateSubjects } from '../../../protocol/credentials/subjects.ts';
import type { EligibilitySettings } from '../../../server/eligibility/settings.ts';
import { OFFICERS } from '../../contracts/fixture/config.ts';
import type { RegistrarWorld } from './world.ts';

/** Writes a list of eligible subjects and the seal of two of the world's officers, its quorum. @param name - of its files @returns the settings that name them */
export function sealedSubjects(
  { folder, context }: RegistrarWorld,
  issuer: string,
  subjects: readonly string[],
  name = 'subjects',
): Pick<EligibilitySettings, 'subjectsFile' | 'subjectsSealFile'> {
  const [subjectsFile, subjectsSealFile] = [join(folder, `${name}.txt`), join(folder, `${name}.seal`)];
  writeFileSync(subjectsFile, encodeSubjects(context.definitionHash, issuer, subjects));
  const statement = stateSubjects(context, issuer, subjects);
  const lines = OFFICERS.slice(0, 2).map(({ privateKey }) => signSubjects(statement, privateKey));
  writeFileSync(subjectsSealFile, lines.join(''));
  return { subjectsFile, subjectsSealFile };
}
