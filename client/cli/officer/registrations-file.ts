import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import { readRegistrations } from '../../../protocol/credentials/registration-lines.ts';
import { surveyRegistrations, surveyedMembers } from '../../../protocol/credentials/survey.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { reopenable } from '../../../protocol/node/files.ts';
import { option } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';

/** Root and members of a registrations file, and its entries once more: the same ones. */
export async function registrationsFile(
  call: Invocation,
  name: 'registrations' | 'previous',
  { districts }: Definition,
) {
  const file = reopenable(option(call, name));
  const open = (): AsyncGenerator<RegisterEvent> => readRegistrations(file());
  const survey = await surveyRegistrations(open(), districts.length);
  return { open, root: wordHex(survey.root), members: surveyedMembers(survey) };
}
