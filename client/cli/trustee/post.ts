import {
  finishCeremony,
  postAccuse,
  postAnswer,
  postCommit,
  postConfirm,
  postDeal,
  postReveal,
  readCeremony,
  timeoutCeremony,
} from '../../../contracts/client/ceremony.ts';
import { postDecryption } from '../../../contracts/client/tally.ts';
import type { Confirmed } from '../../../contracts/client/transact.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { encodeReveal } from '../../../protocol/ceremony/reveal.ts';
import { revealOf } from '../../../protocol/ceremony/state.ts';
import type { CeremonyState } from '../../../protocol/ceremony/state.ts';
import type { SignedMessage } from '../../../protocol/ceremony/step-object.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import { at as item, require } from '../../../protocol/errors.ts';
import { foldKnownEntries } from '../chain/known-entries.ts';
import { openPosting, posted } from '../chain/session.ts';
import type { PostingSession } from '../chain/session.ts';
import { expandPaths, readText } from '../../../protocol/node/files.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { decodeDecryptionFile, requireDecryptionSignatures } from './decryption-file.ts';
import { replayEntries } from './session.ts';
import { decodeStepFile, requireStepSignature } from './step-file.ts';

/** `urna trustee post`: puts step files of any trustees on chain, in the order given. Anyone may; the signatures decide. */
export async function post(call: Invocation): Promise<Outcome> {
  const session = await openPosting(call);
  const done: { file: string; step: string; trustee: number; transaction: string; block: number; gas: number }[] = [];
  for (const file of await expandPaths(call.args, '.json')) {
    for (const { step, trustee, confirmed } of await postFile(call, session, file)) {
      done.push({ file, step, trustee, ...posted(confirmed) });
      call.progress.note(`  trustee ${trustee}: ${step} in block ${confirmed.block}`);
    }
  }
  return { data: { posted: done }, text: `${done.length} steps posted` };
}

interface PostedStep {
  readonly step: string;
  readonly trustee: number;
  readonly confirmed: Confirmed;
}

async function postFile(call: Invocation, session: PostingSession, file: string): Promise<PostedStep[]> {
  const text = (await readText(file)).trimEnd();
  const value = parseJson(text);
  const isDecryption = typeof value === 'object' && value !== null && 'units' in value;
  return isDecryption ? postDecryptions(session, text) : [await postStep(call, session, text)];
}

async function postDecryptions({ election, at, sender }: PostingSession, text: string): Promise<PostedStep[]> {
  const file = decodeDecryptionFile(text);
  requireSameElection(election.context, file.domain);
  requireDecryptionSignatures(file, election.definition.trustees.keys);
  const done: PostedStep[] = [];
  for (const { unit, words, signature } of file.units) {
    const confirmed = await postDecryption(
      at,
      sender,
      decryptionWords(unit, file.trustee, words),
      encodeHex(signature),
    );
    done.push({ step: `decrypt ${unit}`, trustee: file.trustee, confirmed });
  }
  return done;
}

async function postStep(call: Invocation, session: PostingSession, text: string): Promise<PostedStep> {
  const step = decodeStepFile(text);
  requireSameElection(session.election.context, step.domain);
  requireStepSignature(step, session.election.definition.trustees.keys);
  const { attempt } = await readCeremony(session.at);
  const { message } = step;
  require(message.attempt ===
    attempt, 'state/ceremony', `the step is of attempt ${message.attempt}, the chain is at ${attempt}`);
  const confirmed = await send(call, session, message, encodeHex(step.signature));
  return { step: message.kind, trustee: message.trustee, confirmed };
}

function send(
  call: Invocation,
  session: PostingSession,
  message: SignedMessage,
  signature: `0x${string}`,
): Promise<Confirmed> {
  const { at, sender } = session;
  const { trustee } = message;
  switch (message.kind) {
    case 'commit':
      return postCommit(at, sender, trustee, wordHex(message.hash), signature);
    case 'reveal':
      return postReveal(at, sender, trustee, revealWords(message.words), signature);
    case 'deal':
      return postDeal(at, sender, trustee, encodeHex(message.bytes), signature);
    case 'confirm':
      return postConfirm(at, sender, trustee, signature);
    case 'accuse':
      return postAccuse(at, sender, trustee, { dealer: message.dealer, lane: message.lane }, signature);
    case 'answer':
      return stateOf(call, session).then((state) => {
        const { accuser, lane, share } = message;
        const answer = { accuser, lane, share, revealWords: encodeReveal(revealOf(state, trustee).reveal) };
        return postAnswer(at, sender, trustee, answer, signature);
      });
  }
}

function decryptionWords(unit: number, trustee: number, words: readonly bigint[]) {
  const last = (back: number): bigint => item(words, words.length - back);
  return { unit, trustee, points: words.slice(0, -5), proof: [last(5), last(4), last(3), last(2), last(1)] as const };
}

function revealWords(words: readonly bigint[]) {
  const last = (back: number): bigint => item(words, words.length - back);
  return { points: words.slice(0, -4), k: [last(4), last(3)] as const, z: last(2), transportKey: wordHex(last(1)) };
}

function requireSameElection(
  { chainId, election }: PostingSession['election']['context'],
  domain: { readonly chainId: bigint; readonly election: string },
): void {
  const same = domain.chainId === BigInt(chainId) && domain.election === election;
  require(same, 'step/election', 'the step is for another chain or contract');
}

async function stateOf(call: Invocation, { election }: PostingSession): Promise<CeremonyState> {
  return (await foldKnownEntries(call, election, (entries) => replayEntries(election, entries))).state;
}

/** `urna trustee finish`: has the chain compute the keys once every trustee has confirmed. Anyone may. */
export async function finish(call: Invocation): Promise<Outcome> {
  const session = await openPosting(call);
  const state = await stateOf(call, session);
  require(state.confirmed.size === state.active.length, 'incomplete/ceremony', 'not every trustee has confirmed');
  const words = state.active.flatMap((trustee) => encodeReveal(revealOf(state, trustee).reveal));
  const confirmed = await finishCeremony(session.at, session.sender, words);
  return { data: { ...posted(confirmed) }, text: `the election's keys are on chain, block ${confirmed.block}` };
}

/** `urna trustee timeout`: after a stage's deadline, excludes who is missing and starts the next attempt. Anyone may. */
export async function timeout(call: Invocation): Promise<Outcome> {
  const { at, sender } = await openPosting(call);
  const confirmed = await timeoutCeremony(at, sender);
  const { attempt, stage } = await readCeremony(at);
  return { data: { ...posted(confirmed), attempt, stage }, text: `attempt ${attempt}, stage ${stage}` };
}
