import { signDigest } from '../../../protocol/acts/signature.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import { loadElection } from '../election/definition-file.ts';
import { writeFile } from '../../../protocol/node/files.ts';
import { option, unixTime } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { passphrase } from '../frame/passphrase.ts';
import { openKeyFile } from '../../../protocol/node/key-file.ts';
import { digestOfAct, encodeActFile } from './act-file.ts';
import { deriveAct } from './derive.ts';

/**
 * `urna officer sign`: derives the act from the officer's own definition, record, lists and registrations, and signs it. Works
 * offline; the files of a quorum are put on chain by `urna officer submit`.
 */
export async function sign(call: Invocation): Promise<Outcome> {
  const election = await loadElection(call);
  const { params, number } = await deriveAct(call.args[0] ?? '', call, election);
  const expiry = unixTime(call, 'expires');
  const secret = await passphrase(call, 'passphraseFile', 'the officer key');
  const key = await openKeyFile(option(call, 'key'), ['officer'], secret);
  const known = election.definition.officers.keys.includes(key.address);
  require(known, 'key/officer', `${key.address} is not an officer of this election`);
  const { chainId, election: address } = election.context;
  const act = { chainId, election: address, number, expiry, params };
  const signature = encodeHex(signDigest(digestOfAct(act), key.privateKey));
  const out = option(call, 'out');
  await writeFile(out, `${encodeActFile({ ...act, signatures: [signature] })}`);
  const text = `act ${params.name}, number ${act.number}, signed by ${key.address}: ${out}`;
  return {
    data: { file: out, act: params.name, number: act.number, officer: key.address, params: { ...params } },
    text,
  };
}
