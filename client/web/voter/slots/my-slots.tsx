import { useState } from 'preact/hooks';
import { at } from '../../../../protocol/errors.ts';
import { Failure } from '../../frame/failure.tsx';
import { useAttempt } from '../../frame/use-attempt.ts';
import { useSpeech } from '../../frame/visitor.ts';
import type { ElectionView } from '../../service/election-view.ts';
import { serviceOf } from '../../service/where.ts';
import { inWorker } from '../../worker/in-worker.ts';
import type { KeptBallot } from '../ballot/kept-ballots.ts';
import { ShortForm } from '../ballot/short-form.tsx';
import type { OpenedVoter } from '../opened-voter.ts';
import { Waiting } from '../views/waiting.tsx';
import { NodeField } from './node-field.tsx';
import type { OwnSlotView, SlotsTask } from './slots-task.ts';

interface MySlotsProps {
  readonly view: ElectionView;
  readonly voter: OpenedVoter;
  /** Indices of the contests of the voter's district. */
  readonly contests: readonly number[];
  readonly kept: readonly KeptBallot[];
}

/**
 * The own slots in every phase from the vote on (DESIGN §2.11): what each holds, all its updates, and, where a node of the chain is named,
 * the proof of an empty one. For the voter's eyes: there is nothing here to be saved or shown to others.
 */
export function MySlots({ view, voter, contests, kept }: MySlotsProps) {
  const { say } = useSpeech();
  const [rpc, setRpc] = useState('');
  const [done, setDone] = useState<number>();
  const [slots, setSlots] = useState<readonly OwnSlotView[]>();
  const { isBusy, error, start } = useAttempt();
  const look = async (): Promise<void> => {
    setSlots(undefined);
    setDone(undefined);
    const { definition, context } = view;
    const task: SlotsTask = {
      ...{ role: 'slots', service: serviceOf(location), election: { definition, context }, rpc: rpc.trim() },
      ...{ identity: voter.identity, district: voter.file.district, contests },
    };
    setSlots(await inWorker<readonly OwnSlotView[]>(task, setDone));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    start(look);
  };
  const isOnlyTold = rpc.trim() === '';
  return (
    <section aria-labelledby="slots">
      <h2 id="slots">{say('vote.slots.title')}</h2>
      <p>{say('vote.slots.what')}</p>
      <form onSubmit={submit}>
        <NodeField id="slots-rpc" why={say('vote.slots.node-why')} rpc={rpc} change={setRpc} />
        <button type="submit" disabled={isBusy}>
          {say('vote.slots.look')}
        </button>
      </form>
      <Waiting isBusy={isBusy} text={say('vote.slots.busy')} {...(done !== undefined && { done })} />
      {error !== undefined && <Failure error={error} />}
      <div role="status">
        {slots?.map((slot) => (
          <SlotOf key={slot.contest} {...{ view, slot, isOnlyTold }} kept={kept} />
        ))}
        {slots !== undefined && <p class="note">{say('vote.slots.local')}</p>}
      </div>
    </section>
  );
}

interface SlotProps {
  readonly view: ElectionView;
  readonly slot: OwnSlotView;
  readonly kept: readonly KeptBallot[];
  /** Whether only the public service was asked. */
  readonly isOnlyTold: boolean;
}

function SlotOf({ view, slot, kept, isOnlyTold }: SlotProps) {
  const { say, title } = useSpeech();
  const name = title(at(view.definition.contests, slot.contest).title);
  return (
    <section class="slot" aria-label={name}>
      <h3>{name}</h3>
      {slot.finding === 'hidden' && (
        <div class="failure" role="alert">
          <p>{say('vote.slots.hidden')}</p>
        </div>
      )}
      {slot.finding === 'newer' && <p class="note">{say('vote.slots.newer')}</p>}
      {slot.held === undefined && slot.finding === 'same' && <Empty slot={slot} />}
      {slot.held !== undefined && <Held held={slot.held} own={castIn(kept, slot.contest)} />}
      {slot.updates.length > 0 && <History slot={slot} own={castIn(kept, slot.contest)} label={name} />}
      {isOnlyTold && <p class="note">{say('vote.slots.told')}</p>}
    </section>
  );
}

/** Ballots of a contest that this device has cast and no box has returned. */
function castIn(kept: readonly KeptBallot[], contest: number): readonly KeptBallot[] {
  return kept.filter((ballot) => ballot.contest === contest && ballot.state !== 'returned');
}

function Empty({ slot: { emptyProof } }: { readonly slot: OwnSlotView }) {
  const { say, number, time } = useSpeech();
  if (emptyProof === undefined) return <p>{say('vote.slot.empty')}</p>;
  const { block, isSealed } = emptyProof;
  const where = { block: number(block), time: time(emptyProof.time) };
  return (
    <>
      <p class="passed">{say('vote.slots.empty-proved', where)}</p>
      <p class="note">{say(isSealed ? 'vote.slots.sealed' : 'vote.slots.not-sealed')}</p>
    </>
  );
}

interface OfDevice {
  /** What this device has cast in the contest. */
  readonly own: readonly KeptBallot[];
}

function Held({ held, own }: OfDevice & { readonly held: NonNullable<OwnSlotView['held']> }) {
  const { say, number } = useSpeech();
  const isOwn = own.some(({ fingerprint }) => fingerprint === held.fingerprint);
  const text = isOwn ? 'own' : own.length > 0 ? 'refreshed' : 'other';
  return <p>{say(`vote.slot.${text}`, { round: number(held.round) })}</p>;
}

/** All updates of a slot: votes and masks look alike, on purpose. */
function History({ slot, own, label }: OfDevice & { readonly slot: OwnSlotView; readonly label: string }) {
  const { say, number, time } = useSpeech();
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={`${say('vote.slots.history')}: ${label}`}>
      <table>
        <caption>{say('vote.slots.history')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('vote.slots.fingerprint')}</th>
            <th scope="col">{say('vote.receipt.round')}</th>
            <th scope="col">{say('vote.slots.block')}</th>
            <th scope="col">{say('vote.slots.when')}</th>
          </tr>
        </thead>
        <tbody>
          {slot.updates.map((update) => (
            <tr key={update.head}>
              <th scope="row">
                <ShortForm fingerprint={update.fingerprint} />
                {own.some(({ fingerprint }) => fingerprint === update.fingerprint) && ` ${say('vote.slots.from-here')}`}
              </th>
              <td class="number">{number(update.round)}</td>
              <td class="number">{number(update.block)}</td>
              <td>{time(update.time)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
