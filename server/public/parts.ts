import type { ElectionAt } from '../../contracts/client/election.ts';
import type { PublishedFiles } from './published-files.ts';
import type { SealedRecord } from './sealed-record.ts';
import type { StatusWatch } from './status-watch.ts';
import type { Feed } from './store/feed.ts';
import type { PublicStore } from './store/store.ts';

/** What the routes of the public service are made of. */
export interface PublicParts {
  readonly at: ElectionAt;
  readonly store: PublicStore;
  readonly status: StatusWatch;
  readonly feed: Feed;
  readonly files: PublishedFiles;
  /** Where the definition names who seals the chain's blocks. */
  readonly sealed: SealedRecord | undefined;
  /** Addresses of the other services by id: `registrar` and the boxes'. */
  readonly services: Readonly<Record<string, string>>;
}
