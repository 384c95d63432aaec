import { anchor, approve, cancel, certify, extend } from '../../../contracts/client/election.ts';
import type { SignedAct } from '../../../contracts/client/election.ts';
import { sealCredentials, sealRoll } from '../../../contracts/client/roll.ts';
import type { Confirmed } from '../../../contracts/client/transact.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { openPosting, posted } from '../chain/session.ts';
import type { PostingSession } from '../chain/session.ts';
import { expandPaths, readText } from '../../../protocol/node/files.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { decodeActFile, mergeActs } from './act-file.ts';
import type { ActFile } from './act-file.ts';

/** `urna officer submit`: puts an act with a quorum's signatures on chain. Anyone may; the signatures decide. */
export async function submit(call: Invocation): Promise<Outcome> {
  const files: ActFile[] = [];
  for (const path of await expandPaths(call.args, '.json')) files.push(decodeActFile((await readText(path)).trimEnd()));
  const session = await openPosting(call);
  const { context, definition } = session.election;
  const same = files.every(({ chainId, election }) => chainId === context.chainId && election === context.election);
  require(same, 'act/election', 'an act is for another chain or contract');
  const act = mergeActs(files, definition.officers);
  const confirmed = await send(session, act);
  const { name } = act.params;
  return { data: { act: name, ...posted(confirmed) }, text: `act ${name} is on chain, block ${confirmed.block}` };
}

function send({ at, sender }: PostingSession, { params, expiry, signatures }: ActFile): Promise<Confirmed> {
  const signed: SignedAct = { expiry: BigInt(expiry), signatures };
  switch (params.name) {
    case 'approve':
      return approve(at, sender, signed);
    case 'credentials':
      return sealCredentials(at, sender, params.lists, signed);
    case 'version':
      // The chain takes it from the registrar alone, together with the new version.
      throw new UrnaError('usage/act', 'a roll version is begun by the registrar: "urna roll post --act <files>"');
    case 'seal':
      return sealRoll(at, sender, params.version, signed);
    case 'extend':
      return extend(at, sender, { closesAt: BigInt(params.closesAt), reasonHash: params.reasonHash }, signed);
    case 'cancel':
      return cancel(at, sender, params.reasonHash, signed);
    case 'certify':
      return certify(at, sender, signed);
    case 'anchor':
      return anchor(at, sender, { entries: BigInt(params.entries), hash: params.hash }, signed);
  }
}
