import { beforeAll, describe, expect, it } from '@jest/globals';
import { encodeSlotWord } from '../../../protocol/ballot/slot.ts';
import { decodeDefinition } from '../../../protocol/definition/decode.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { decodeHex, encodeWord } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { toField } from '../../../protocol/math/field.ts';
import type { EntryData, EntryOf } from '../../../protocol/record/entry.ts';
import type { Rlp } from '../../../protocol/seals/rlp.ts';
import { encodeRlp, numberBytes } from '../../../protocol/seals/rlp.ts';
import { decodeSeals } from '../../../protocol/seals/seals-file.ts';
import { slotPlace } from '../../../protocol/seals/state.ts';
import { requireApproved } from '../../../protocol/voting/approved-parts.ts';
import { provedSlots } from '../../../protocol/voting/slot-proof.ts';
import type { StateProof } from '../../../protocol/voting/slot-proof.ts';
import { makeTrie } from '../../tampered/sealed/make-trie.ts';
import { FIELD, fieldsOf, reseal, turnsFrom } from '../../tampered/sealed/reseal.ts';
import { sealQbft } from '../../tampered/sealed/seal-qbft.ts';
import type { SealedElection } from '../../tampered/sealed/vector.ts';
import { readSealedElection } from '../../tampered/sealed/vector.ts';

const BALLOTS: Hex = `0x${'b0'.repeat(20)}`;
const [TAKEN, EMPTY] = [101n, 102n];
const HEAD = toField(77n);

let sealed: SealedElection;
let definition: Definition;
let headers: readonly Uint8Array[];
beforeAll(() => {
  sealed = readSealedElection();
  definition = decodeDefinition(sealed.evidence.definition);
  ({ headers } = decodeSeals(sealed.evidence.seals!));
});

/** A state in which one slot of poll 1 is taken, sealed by the validators in turn; `sealers` seal it otherwise. */
function proofOf(sealers = turnsFrom(headers, sealed.keys)): StateProof {
  const word = encodeRlp(numberBytes(encodeSlotWord(HEAD, 1)));
  // Other places beside it, as in any storage.
  const others = [1n, 2n, 3n].map((place) => [encodeWord(place), encodeRlp(numberBytes(place))] as const);
  const storage = makeTrie([[encodeWord(slotPlace(1, TAKEN)), word], ...others]);
  const account = encodeRlp([Uint8Array.of(1), new Uint8Array(), storage.root, new Uint8Array(32)]);
  const state = makeTrie([
    [decodeHex(BALLOTS, 20), account],
    [new Uint8Array(20).fill(9), account],
  ]);
  const run = reseal(headers, sealed.keys, {
    sealers,
    change: (fields, index) => {
      if (index === 0) fields[FIELD.stateRoot] = state.root;
    },
  });
  const told = { number: 5, time: 6, stateRoot: state.root };
  return { headers: run, told, nodes: [...storage.nodes, ...state.nodes] };
}

const places = { ballots: BALLOTS, poll: 1, nullifiers: [TAKEN, EMPTY] };
const withoutValidators = (): Definition => {
  const { id, profile } = definition.chain;
  return { ...definition, chain: { id, profile } };
};
const refusal = (code: string) => expect.objectContaining({ code });

describe('provedSlots', () => {
  it('reads heads of taken slots, and 0 of empty ones, from a state that the validators sealed', () => {
    const { heads, isSealed, block } = provedSlots(definition, proofOf(), places);
    expect([...heads]).toEqual([
      [TAKEN, HEAD],
      [EMPTY, 0n],
    ]);
    expect(isSealed).toBe(true);
    // The headers' block, not the one that the node tells.
    expect(block).not.toBe(5);
  });

  it('reads them from the one header that a quorum sealed by QBFT, and from none that fewer sealed', () => {
    const qbft = readSealedElection('qbft');
    const chain = decodeDefinition(qbft.evidence.definition);
    const { told, nodes } = proofOf();
    const sealed = (sealers: readonly number[]): StateProof => {
      const header = fieldsOf(at(decodeSeals(qbft.evidence.seals!).headers, 0));
      const change = (fields: Rlp[]): unknown => (fields[FIELD.stateRoot] = told.stateRoot);
      return { headers: [sealQbft(header, qbft.keys, { sealers, change })], told, nodes };
    };
    const { heads, isSealed, block } = provedSlots(chain, sealed([0, 2, 3]), places);
    expect([...heads]).toEqual([
      [TAKEN, HEAD],
      [EMPTY, 0n],
    ]);
    expect(isSealed).toBe(true);
    expect(block).not.toBe(told.number);
    expect(() => provedSlots(chain, sealed([0, 2]), places)).toThrow(refusal('seals/quorum'));
    expect(() => provedSlots(chain, { ...sealed([]), headers: [] }, places)).toThrow(refusal('seals/short'));
  });

  it('says that a header is the node’s word where the definition names no validators', () => {
    expect(provedSlots(withoutValidators(), { ...proofOf(), headers: [] }, places)).toMatchObject({
      ...{ isSealed: false, block: 5, time: 6 },
    });
  });

  it('refuses a state that strangers sealed, too short a run, and a state of the node’s own beside true headers', () => {
    const [, ...turns] = turnsFrom(headers, sealed.keys);
    expect(() => provedSlots(definition, proofOf([-1, ...turns]), places)).toThrow(refusal('seals/stranger'));
    const short = { ...proofOf(), headers: headers.slice(0, 2) };
    expect(() => provedSlots(definition, short, places)).toThrow(refusal('seals/short'));
    // What the slots of another state hold, below headers that validators did seal.
    expect(() => provedSlots(definition, { ...proofOf(), headers }, places)).toThrow(refusal('seals/proof'));
  });

  it('refuses a proof with any node left out: an empty slot is shown, never assumed', () => {
    const proof = proofOf();
    for (const left of proof.nodes) {
      const nodes = proof.nodes.filter((node) => node !== left);
      const isWrong = (nullifier: bigint): boolean => {
        try {
          const { heads } = provedSlots(definition, { ...proof, nodes }, { ...places, nullifiers: [nullifier] });
          return heads.get(nullifier) !== (nullifier === TAKEN ? HEAD : 0n);
        } catch (error) {
          expect(error).toMatchObject({ code: 'seals/proof' });
          return false;
        }
      };
      // Either the same answer, or none.
      expect([TAKEN, EMPTY].filter(isWrong)).toEqual([]);
    }
    expect(() => provedSlots(definition, { ...proof, nodes: [] }, places)).toThrow(refusal('seals/proof'));
  });

  it('refuses a contract that is not in the state', () => {
    const other: Hex = `0x${'c0'.repeat(20)}`;
    expect(() => provedSlots(definition, proofOf(), { ...places, ballots: other })).toThrow(refusal('seals/proof'));
  });
});

describe('requireApproved', () => {
  const entry = <K extends 'approve' | 'defined'>(kind: K) =>
    (sealed.entries.find((each) => each.kind === kind) as EntryOf<K>).data;
  const approved = (parts: EntryData<'defined'>, act: EntryData<'approve'>['act'] | undefined): void =>
    requireApproved({ definition, context: { chainId: parts.chainId, election: parts.election } }, act, parts);

  it('takes the contracts that the officers of a real election have approved', () => {
    expect(() => approved(entry('defined'), entry('approve').act)).not.toThrow();
  });

  it('refuses another contract for ballots, fewer signatures than the quorum, and no approval', () => {
    const { act } = entry('approve');
    const few = { ...act, signatures: act.signatures.slice(1) };
    const wrong = [
      [{ ...entry('defined'), ballots: BALLOTS }, act],
      [entry('defined'), few],
      [entry('defined'), { ...act, signatures: act.signatures.map(() => at(act.signatures, 0)) }],
      [entry('defined'), undefined],
    ] as const;
    for (const [parts, signed] of wrong) expect(() => approved(parts, signed)).toThrow(refusal('chain/not-approved'));
  });
});
