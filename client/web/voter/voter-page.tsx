import { useState } from 'preact/hooks';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { fetchElection } from '../service/election-view.ts';
import { LoadedPage } from '../service/loaded-page.tsx';
import type { ElectionView } from '../service/election-view.ts';
import { serviceOf } from '../service/where.ts';
import { takeReturned } from './returned.ts';
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
  const [returned] = useState(takeReturned);
  return (
    <LoadedPage load={load} title="frame.vote" found={found}>
      {(voter) => <Voter {...voter} returned={returned} />}
    </LoadedPage>
  );
}
