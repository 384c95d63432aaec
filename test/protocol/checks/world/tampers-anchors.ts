import { clone, altered, find, insertBefore, resign } from './forge.ts';
import type { Tamper } from './tamper.ts';

/** Lies about what officers anchored on chain. */
export const TAMPERS_ANCHORS: readonly Tamper[] = [
  {
    check: 19,
    lie: 'another record was anchored',
    keepsAnchors: true,
    forge: (f) => {
      const { data } = find(f, 'anchor');
      data.hash = altered(data.hash);
      resign(f);
    },
  },
  {
    check: 19,
    lie: 'an anchor is of another number of entries',
    keepsAnchors: true,
    forge: (f) => {
      find(f, 'anchor').data.entries -= 1;
      resign(f);
    },
  },
  {
    check: 19,
    lie: 'an anchor is of more entries than there were',
    keepsAnchors: true,
    forge: (f) => {
      find(f, 'anchor').data.entries += 1;
      resign(f);
    },
  },
  {
    check: 19,
    lie: 'an entry was exchanged that the anchor stands for',
    keepsAnchors: true,
    forge: (f) => {
      const entry = find(f, 'updates', -1);
      entry.transaction = altered(entry.transaction);
    },
  },
  {
    check: 19,
    lie: 'an entry that does nothing was added before the anchor',
    keepsAnchors: true,
    forge: (f) => {
      // A batch that was left out, once more: it counts for nothing.
      insertBefore(f, find(f, 'updates', -2), 'updates', clone(find(f, 'updates', -1).data));
    },
  },
];
