import { useEffect } from 'preact/hooks';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { Failure } from '../frame/failure.tsx';
import { useLoaded } from '../frame/use-loaded.ts';
import { useSpeech } from '../frame/visitor.ts';
import { fetchElection } from '../service/election-view.ts';
import type { ElectionView } from '../service/election-view.ts';
import { serviceOf } from '../service/where.ts';
import { readVault } from './vault-store.ts';
import { Voter } from './voter.tsx';

interface Found {
  readonly view: ElectionView;
  readonly isKept: boolean;
}

async function load(): Promise<Found> {
  const view = await fetchElection(serviceOf(location));
  return { view, isKept: (await readVault(view.definitionHash)) !== undefined };
}

/** A voter's page: identity and registration of this election on this device. */
export function VoterPage({ found }: { readonly found: (definition: Definition) => void }) {
  const { say } = useSpeech();
  const loaded = useLoaded(load);
  useEffect(() => {
    if (loaded.state === 'ready') found(loaded.value.view.definition);
  }, [loaded, found]);
  if (loaded.state === 'ready') return <Voter {...loaded.value} />;
  return (
    <>
      <h1>{say('frame.vote')}</h1>
      {loaded.state === 'loading' && <p role="status">{say('frame.loading')}</p>}
      {loaded.state === 'failed' && <Failure error={loaded.error} retry={loaded.retry} />}
    </>
  );
}
