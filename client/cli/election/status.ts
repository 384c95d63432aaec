import { readCeremony } from '../../../contracts/client/ceremony.ts';
import { readStatus } from '../../../contracts/client/election.ts';
import { PHASES } from '../../../contracts/client/phases.ts';
import { openElection } from '../chain/open.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { loadElection } from './definition-file.ts';

/** `urna election status`: phase, acts, times and the ceremony's stage, as the chain tells them. */
export async function status(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const at = await openElection(call, election);
  const { phase, block, blockTime, actCount, definitionHash, closesAt, graceEndsAt, settledAt } = await readStatus(at);
  const ceremony = await readCeremony(at);
  const times = { blockTime, closesAt, graceEndsAt, settledAt };
  const seconds = Object.fromEntries(Object.entries(times).map(([name, value]) => [name, Number(value)]));
  const matches = definitionHash === election.context.definitionHash;
  const { attempt, stage } = ceremony;
  const data = {
    phase,
    phases: PHASES,
    block: Number(block),
    acts: Number(actCount),
    matches,
    ...seconds,
    ceremony: { attempt, stage },
  };
  const rows = [
    ['phase', phase],
    ['definition', matches ? 'as in hand' : 'DIFFERS from the one in hand'],
    ['acts', Number(actCount)],
    ['ceremony', `attempt ${attempt}, ${stage}`],
    ...Object.entries(seconds).map(([name, value]) => [name, new Date(value * 1000).toISOString()]),
  ];
  const text = renderTable(['', ''], rows);
  return matches ? { data, text } : { data, text, exit: 1, code: 'check/definition' };
}
