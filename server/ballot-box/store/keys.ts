/** Names of what a box keeps in its Redis; one Redis serves one box of one election. Scripts build the same names. */
export const KEYS = {
  /** Which box of which election this is. */
  about: 'box:about',
  /** In which form this version stores it. */
  form: 'box:form',
  /** Stream of updates that were accepted: bodies, until they are final. */
  updates: 'box:updates',
  /** Prefix of what is known of an update, by tracker. */
  update: 'box:update:',
  /** By poll: slot → tracker of its one update that waits or is sent. It is the store of idempotency, too. */
  live: 'box:live:',
  /** By poll: trackers of first casts that wait, by the time from which they are due; of later updates that wait. */
  firsts: 'box:firsts:',
  laters: 'box:laters:',
  /** Trackers of updates that are sent and not confirmed. */
  sent: 'box:sent',
  /** Trackers of confirmed updates whose bodies are kept for a while, by block. */
  confirmed: 'box:confirmed',
  /** poll ‖ slot → block, transaction, and the live update if that is what it holds: slots with a live update that the chain has changed since. */
  unsettled: 'box:unsettled',
  /** First casts that were sent while more were due than could be, and the milliseconds that it took. */
  throughput: 'box:throughput',
  /** Who posts for the box at the moment, and the last number given to one. */
  lease: 'box:lease',
  fence: 'box:fence',
  /** Where the follower stands: state, facts, and what identifies the last block read. */
  followState: 'followed:state',
  facts: 'followed:facts',
  tip: 'followed:tip',
  /** Block up to which the chain is read again after a reorganisation. */
  resync: 'followed:resync',
  /** By poll: nullifier → packed slot. */
  slots: 'followed:slots:',
} as const;
