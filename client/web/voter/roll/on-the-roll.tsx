import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../../frame/failure.tsx';
import { useAttempt } from '../../frame/use-attempt.ts';
import { useSpeech } from '../../frame/visitor.ts';
import type { ElectionView, Phase } from '../../service/election-view.ts';
import { serviceOf } from '../../service/where.ts';
import { inWorker } from '../../worker/in-worker.ts';
import type { OpenedVoter } from '../opened-voter.ts';
import { NodeField } from '../slots/node-field.tsx';
import { Waiting } from '../views/waiting.tsx';
import type { ViewProps } from '../voter.tsx';
import { challengeRoll } from './challenging.ts';
import { OwnChallenge } from './own-challenge.tsx';
import type { OwnEntryView, RollTask } from './roll-task.ts';

/** Phases in which there is a roll. */
const HAS_ROLL: readonly Phase[] = ['challenge', 'ready', 'open', 'closed', 'counted', 'certified'];

type OnTheRollProps = Pick<ViewProps, 'view' | 'tell'> & { readonly voter: OpenedVoter };

/** What everyone checks once registration is over (DESIGN §2.2): the own pair, in the published registrations and on the roll; what is wrong is challenged. */
export function OnTheRoll({ view, tell, voter }: OnTheRollProps) {
  const { say } = useSpeech();
  const [rpc, setRpc] = useState('');
  const [done, setDone] = useState<number>();
  const [entry, setEntry] = useState<OwnEntryView>();
  const { isBusy, error, start } = useAttempt();
  // What was found is of this letter, and of the roll as it stood in this phase.
  useEffect(() => setEntry(undefined), [voter.file.credential, view.phase]);
  if (!HAS_ROLL.includes(view.phase)) return null;
  const look = async (): Promise<void> => {
    setEntry(undefined);
    setDone(undefined);
    setEntry(await inWorker<OwnEntryView>(taskOf(view, voter, rpc.trim()), setDone));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    start(look);
  };
  const challenge = (found: OwnEntryView): void =>
    start(async () => tell({ type: 'opened', voter: await challengeRoll(view, voter, found) }));
  return (
    <section aria-labelledby="roll">
      <h2 id="roll">{say('vote.roll.title')}</h2>
      <p>{say('vote.roll.what')}</p>
      <form onSubmit={submit}>
        <NodeField id="roll-rpc" why={say('vote.roll.node-why')} rpc={rpc} change={setRpc} />
        <button type="submit" disabled={isBusy}>
          {say('vote.roll.look')}
        </button>
      </form>
      <Waiting isBusy={isBusy} text={say('vote.roll.busy')} {...(done !== undefined && { done })} />
      {error !== undefined && <Failure error={error} />}
      <div role="status">{entry !== undefined && <Found entry={entry} isTold={rpc.trim() === ''} />}</div>
      {entry !== undefined && entry.faults.length > 0 && (
        <WayOn {...{ view, voter, entry, isBusy }} challenge={() => challenge(entry)} />
      )}
      <OwnChallenge {...{ view, voter }} />
    </section>
  );
}

function taskOf({ definition, context }: ElectionView, { file, identity }: OpenedVoter, rpc: string): RollTask {
  const { district, credential } = file;
  const { statement } = (file.receipt ?? {}) as { readonly statement?: { readonly sequence?: number } };
  return {
    ...{ role: 'roll', service: serviceOf(location), election: { definition, context }, rpc },
    ...{ district, commitment: identity.commitment, credential, sequence: statement?.sequence },
  };
}

function Found({ entry, isTold }: { readonly entry: OwnEntryView; readonly isTold: boolean }) {
  const { say, number } = useSpeech();
  const { version, faults, isSealed, isRegistered } = entry;
  const name = isRegistered ? (isSealed ? 'sealed' : 'listed') : 'none';
  return (
    <>
      {faults.length === 0 && (
        <p class={isRegistered ? 'passed' : undefined}>{say(`vote.roll.${name}`, { version: number(version) })}</p>
      )}
      {faults.map((fault) => (
        <p key={fault} class="wrong">
          {say(`vote.roll.fault.${fault}`)}
        </p>
      ))}
      {isTold && <p class="note">{say('vote.roll.told')}</p>}
    </>
  );
}

interface WayOnProps {
  readonly view: ElectionView;
  readonly voter: OpenedVoter;
  readonly entry: OwnEntryView;
  readonly isBusy: boolean;
  readonly challenge: () => void;
}

/** What can be done about a wrong entry, and until when. */
function WayOn({ view, voter, entry, isBusy, challenge }: WayOnProps) {
  const { say } = useSpeech();
  const isLate = entry.isSealed || view.phase !== 'challenge';
  const isChallenged = !isLate && entry.claim !== undefined;
  const needsLetter = !isLate && voter.file.credential === undefined;
  const text = isLate ? 'late' : isChallenged ? 'how' : needsLetter ? 'letter' : 'officers';
  return (
    <>
      <p>{say(`vote.roll.challenge.${text}`)}</p>
      {isChallenged && (
        <button type="button" class="main" disabled={isBusy} onClick={challenge}>
          {say('vote.roll.challenge.button')}
        </button>
      )}
    </>
  );
}
