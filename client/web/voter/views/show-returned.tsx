import { Failure } from '../../frame/failure.tsx';
import { useSpeech } from '../../frame/visitor.ts';
import type { Returned } from '../returned.ts';

interface ShowReturnedProps {
  readonly returned: Returned | undefined;
  /** Whether this device has an identity, which has to be opened now. */
  readonly isKept: boolean;
}

/** For who comes back from a login: what came of it, and what to do next. */
export function ShowReturned({ returned, isKept }: ShowReturnedProps) {
  const { say } = useSpeech();
  if (returned === undefined) return null;
  if (returned === 'registered')
    return <p class="passed">{say(isKept ? 'vote.login.returned' : 'vote.login.returned-elsewhere')}</p>;
  return (
    <>
      <Failure error={returned} />
      {isKept && <p>{say('vote.login.again')}</p>}
    </>
  );
}
