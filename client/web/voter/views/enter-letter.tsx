import { useState } from 'preact/hooks';
import { suspectGroup } from '../../../../protocol/credentials/code.ts';
import { decodeHex } from '../../../../protocol/encoding.ts';
import { CameraChoice } from '../../check/camera-choice.tsx';
import { codeOf } from '../../frame/error-texts.ts';
import { Failure } from '../../frame/failure.tsx';
import { useSpeech } from '../../frame/visitor.ts';
import { Field } from '../../frame/field.tsx';
import { withSecrets } from '../with-secrets.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { askStanding } from '../registering.ts';
import { useAttempt } from '../../frame/use-attempt.ts';
import type { ViewProps } from '../voter.tsx';
import { DistrictChoice, onlyDistrict } from './district-choice.tsx';
import { ViewTitle } from './view-title.tsx';
import { Waiting } from './waiting.tsx';

/** Errors that the code's field explains; others are about the server. */
const OF_CODE = /^(?:credential|not-found)\//u;

/** The code from the letter: what the registrar has for it. */
export function EnterLetter({ view, tell, voter }: ViewProps & { readonly voter: OpenedVoter | undefined }) {
  const { say } = useSpeech();
  const [code, setCode] = useState('');
  const [district, setDistrict] = useState(voter?.file.district ?? onlyDistrict(view));
  const [done, setDone] = useState(0);
  const { isBusy, error, start } = useAttempt();
  const submit = (event: Event): void => {
    event.preventDefault();
    if (district === undefined) return;
    setDone(0);
    start(async () => {
      const definitionHash = decodeHex(view.definitionHash, 32);
      const credential = await withSecrets('credential', { code, definitionHash }, setDone);
      const standing = await askStanding(view, credential.publicKey);
      tell({ type: 'told', letter: { district, credential }, standing });
    });
  };
  const isOfCode = error !== undefined && OF_CODE.test(codeOf(error));
  return (
    <>
      <ViewTitle>{say('vote.letter.title')}</ViewTitle>
      <form onSubmit={submit}>
        <CodeField code={code} change={setCode} error={isOfCode ? error : undefined} />
        <DistrictChoice view={view} chosen={district} choose={setDistrict} />
        {error !== undefined && !isOfCode && <Failure error={error} />}
        <Waiting isBusy={isBusy} text={say('vote.letter.busy')} done={done} />
        <p class="buttons">
          <button type="submit" class="main" disabled={isBusy}>
            {say('vote.continue')}
          </button>
          <button type="button" disabled={isBusy} onClick={() => tell({ type: 'back' })}>
            {say('vote.back')}
          </button>
        </p>
      </form>
    </>
  );
}

interface CodeFieldProps {
  readonly code: string;
  readonly change: (code: string) => void;
  readonly error: unknown;
}

/** The code, typed or read by the camera, which shows what it has read. */
function CodeField({ code, change, error }: CodeFieldProps) {
  return (
    <>
      <CameraChoice field="code" take={change} />
      <TypedCode code={code} change={change} error={error} />
    </>
  );
}

function TypedCode({ code, change, error }: CodeFieldProps) {
  const { say } = useSpeech();
  const group = codeOf(error) === 'credential/checksum' ? suspectGroup(code) : undefined;
  const place = group === undefined ? undefined : say('vote.letter.group', { group });
  return (
    <Field id="code" label={say('vote.letter.code')} hint={say('vote.letter.code-hint')} {...{ error, place }}>
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          class="typed"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          required
          value={code}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      )}
    </Field>
  );
}
