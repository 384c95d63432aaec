import { encodeText } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import { encodeRlp, numberBytes, rlpBytes } from '../../../protocol/seals/rlp.ts';
import { encodeSeals } from '../../../protocol/seals/seals-file.ts';
import type { SealLie } from './lie.ts';
import { lie, resealed, right, sealsOf, withHeaders, withSeals } from './lie.ts';
import { FIELD, fieldsOf } from './reseal.ts';
import type { SealedElection } from './vector.ts';

const text = ({ evidence }: SealedElection): string => new TextDecoder().decode(evidence.seals);

/** The first header's fields changed after it was sealed: what is refused before anybody asks who sealed it. */
function spoilt(election: SealedElection, change: (fields: ReturnType<typeof fieldsOf>) => unknown): SealedElection {
  return withHeaders(election, ([first, ...others]) => {
    const fields = fieldsOf(first!);
    change(fields);
    return [encodeRlp(fields), ...others];
  });
}

function withNodes(
  election: SealedElection,
  change: (nodes: readonly Uint8Array[], root: Uint8Array) => readonly Uint8Array[],
): SealedElection {
  const { headers, nodes } = sealsOf(election);
  const root = rlpBytes(fieldsOf(at(headers, 0))[FIELD.stateRoot]);
  return withSeals(election, encodeSeals({ headers, nodes: change(nodes, root) }));
}

/** What stands in `seals.json`, and how: lies that are malformed, and what is unusual and right. */
export const FILE_LIES: readonly SealLie[] = [
  lie('there are no seals', 'seals.json is missing', (e) => withSeals(e, undefined)),
  lie('the seals are no JSON', 'not a JSON', (e) => withSeals(e, encodeText('{'))),
  lie('the seals have a member more', 'unknown member', (e) =>
    withSeals(e, encodeText(text(e).replace('"nodes":', '"more":0,"nodes":'))),
  ),
  lie('the seals are of another version', 'version', (e) =>
    withSeals(e, encodeText(text(e).replace('"version":1', '"version":2'))),
  ),
  lie('the seals have no version', 'version', (e) => withSeals(e, encodeText(text(e).replace(',"version":1', '')))),
  lie('the seals are not in canonical form', 'canonical', (e) => withSeals(e, encodeText(`${text(e)}\n`))),
  lie('the seals have half a byte', 'hex digits', (e) =>
    withSeals(e, encodeText(text(e).replace('"headers":["0x', '"headers":["0x0'))),
  ),
  lie('a header is no RLP', 'RLP', (e) => withHeaders(e, ([, ...others]) => [Uint8Array.of(0xc1), ...others])),
  lie('a header is bytes', 'bytes stand where', (e) =>
    withHeaders(e, ([first, ...others]) => [encodeRlp(first!), ...others]),
  ),
  lie('a header has a byte more', 'after the end', (e) =>
    withHeaders(e, ([first, ...others]) => [Uint8Array.from([...first!, 0]), ...others]),
  ),
  lie('a header has a field less', '15 items', (e) => spoilt(e, (fields) => fields.pop())),
  lie('a header has no seal', 'no seal', (e) => spoilt(e, (fields) => (fields[FIELD.extra] = new Uint8Array(96)))),
  lie('a header’s extra data are a list', 'a list stands', (e) => spoilt(e, (fields) => (fields[FIELD.extra] = []))),
  lie('a seal ends with 27', 'neither 0 nor 1', (e) =>
    spoilt(e, (fields) => {
      const extra = Uint8Array.from(rlpBytes(fields[FIELD.extra]));
      extra[extra.length - 1] = 27 + extra[extra.length - 1]!;
      fields[FIELD.extra] = extra;
    }),
  ),
  lie('a seal is nobody’s', 'signature', (e) => spoilt(e, (fields) => (fields[FIELD.extra] = new Uint8Array(32 + 65)))),
  lie('a header’s parent has 31 bytes', '31 bytes', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      change: (fields, i) => i === 0 && (fields[FIELD.parent] = new Uint8Array(31).fill(1)),
    })),
  ),
  lie('a header’s state has 33 bytes', '33 bytes', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      change: (fields, i) => i === 0 && (fields[FIELD.stateRoot] = new Uint8Array(33).fill(1)),
    })),
  ),
  lie('a block’s time begins with a zero', 'shortest form', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      spoil: (fields, i) => i === 3 && (fields[FIELD.time] = Uint8Array.from([0, ...rlpBytes(fields[FIELD.time])])),
    })),
  ),
  lie('a block’s time is beyond counting', 'too large', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      spoil: (fields, i) => i === 3 && (fields[FIELD.time] = numberBytes(2n ** 53n)),
    })),
  ),
  right('a block’s time is the last that can be counted', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      spoil: (fields, i) => i === 3 && (fields[FIELD.time] = numberBytes(2n ** 53n - 1n)),
    })),
  ),
  lie('a block’s number is beyond counting', 'too large', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      spoil: (fields, i) => i === 3 && (fields[FIELD.number] = numberBytes(2n ** 53n)),
    })),
  ),
  lie('a seal ends with 2', 'neither 0 nor 1', (e) =>
    spoilt(e, (fields) => {
      const extra = Uint8Array.from(rlpBytes(fields[FIELD.extra]));
      extra[extra.length - 1] = 2;
      fields[FIELD.extra] = extra;
    }),
  ),
  lie('the state is that of another chain', 'no such election', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      change: (fields, i) => i === 0 && (fields[FIELD.stateRoot] = keccak256(Uint8Array.of(0x80))),
    })),
  ),
  lie('a node of the state is missing', 'is missing', (e) =>
    withNodes(e, (nodes, root) => nodes.filter((node) => keccak256(node).join() !== root.join())),
  ),
  lie('a node of a storage is missing', 'is missing', (e) => withNodes(e, (nodes) => nodes.slice(0, -1))),
  lie('no node is given', 'is missing', (e) => withNodes(e, () => [])),
  right('nodes stand in another order, one twice, and one that nobody needs', (e) =>
    withNodes(e, (nodes) => [Uint8Array.of(0xc1), ...[...nodes].reverse(), nodes[0]!]),
  ),
];
