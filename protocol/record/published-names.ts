import type { Shape } from './shape.ts';
import { countUpTo, record, text, word } from './shape.ts';

/** Most bytes of a definition. */
export const MAX_DEFINITION = 2 ** 22;
/** Most bytes of a district's credential list (SPEC §5.3): several times what 2^20 voters need. */
export const MAX_LIST = 2 ** 28;
/** Most bytes of the reasons of a version of the roll: half a million changes. More of them take another version. */
export const MAX_REASONS = 2 ** 26;
/** Most bytes of seals: those of some thousand polls. */
export const MAX_SEALS = 2 ** 26;
/** Most bytes of registrations: 2^20 voters in each of 4,096 districts. They are read line by line. */
const MAX_REGISTRATIONS = 2 ** 41;
/** Most bytes of what has some dozens of members. */
const MAX_SMALL = 2 ** 20;

/** Names of published files in a record, below `files/`, and the most bytes that a file of this name may have (SPEC §14.5). */
const KINDS = [
  { name: /^election\.json$/, most: MAX_DEFINITION },
  { name: /^build\.json$/, most: MAX_SMALL },
  { name: /^seals\.json$/, most: MAX_SEALS },
  { name: /^credentials\/[a-z0-9-]{1,32}\.json$/, most: MAX_LIST },
  { name: /^registrations-[1-9][0-9]{0,8}\.jsonl$/, most: MAX_REGISTRATIONS },
  { name: /^reasons-(?:[2-9]|[1-9][0-9]{1,8})\.json$/, most: MAX_REASONS },
  { name: /^circuits\/ballot-(?:2|8|16)\/(?:vkey|manifest)\.json$/, most: MAX_SMALL },
] as const;

/** A published file as a head lists it: name below `files/`, bytes, SHA-256. */
export interface PublishedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: `0x${string}`;
}

const named = (name: RegExp, most: number): Shape<PublishedFile> =>
  record({ name: text(name, 'a name of SPEC §14.5'), bytes: countUpTo(most), sha256: word });
const shapes = KINDS.map(({ name, most }) => ({ name, shape: named(name, most) }));
/** Of any of the names. */
const anyName = named(new RegExp(KINDS.map(({ name }) => name.source).join('|')), Number.MAX_SAFE_INTEGER);

/** A published file in the head of a record: a name of SPEC §14.5, and no more bytes than a file of this name may have. */
export const publishedFile: Shape<PublishedFile> = {
  read(value, path) {
    const file = anyName.read(value, path);
    return shapes.find(({ name }) => name.test(file.name))?.shape.read(value, path) ?? file;
  },
  schema: { oneOf: shapes.map(({ shape }) => shape.schema) },
};
