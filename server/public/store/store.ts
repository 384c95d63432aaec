import type { FollowState } from '../../../contracts/follower/state.ts';
import { decodeFollowState } from '../../../contracts/follower/state.ts';
import type { FollowStep } from '../../../contracts/follower/follow.ts';
import { canonicalJson, parseJson } from '../../../protocol/canonical-json.ts';
import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { decodeWord, encodeWord } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { encodeEntryLine } from '../../../protocol/record/entry.ts';
import { isFoundation } from '../../../protocol/record/foundation-lines.ts';
import { groupCount, groupOf } from '../../../protocol/ballot/slot-groups.ts';
import type { SegmentSummary } from '../../../protocol/record/segment.ts';
import type { FollowedState } from '../../frame/follow-forever.ts';
import type { BytesRedis, Redis } from '../../frame/redis.ts';
import { bytesOf, isRedisLost } from '../../frame/redis.ts';
import type { Segments } from './segments.ts';
import { grow } from './segments.ts';
import { slotChanges } from './slots.ts';
import type { Summary } from './summary.ts';
import { emptySummary, lanesOfPoll, summarize } from './summary.ts';

/** All keys begin with it: what is deleted is this service's own, whatever Redis was configured. */
const PREFIX = 'urna:public:';
const EVENTS_KEPT = 10_000;

/** Grows whenever what is stored changes its form: what another version has made of the chain is made again. */
const FORM = '1';

/** Keys of the store. */
export const KEYS = {
  election: `${PREFIX}election`,
  form: `${PREFIX}form`,
  state: `${PREFIX}state`,
  summary: `${PREFIX}summary`,
  place: `${PREFIX}place`,
  segments: `${PREFIX}segments`,
  open: `${PREFIX}open`,
  events: `${PREFIX}events`,
  foundation: `${PREFIX}foundation`,
  members: (district: number) => `${PREFIX}members:${district}`,
  tileRoots: (district: number) => `${PREFIX}tile-roots:${district}`,
  tileBounds: (district: number) => `${PREFIX}tile-bounds:${district}`,
  group: (poll: number, group: number) => `${PREFIX}slots:${poll}:${group}`,
  groupBlocks: (poll: number) => `${PREFIX}slot-blocks:${poll}`,
};

/** Newest block that the store takes account of, and its record's length. */
export interface Place {
  readonly block: number;
  readonly entries: number;
}

/** What is held in memory of the store: small, and read again whenever a write's fate is unknown. */
export interface Held {
  readonly state: FollowState | undefined;
  readonly segments: Segments;
  readonly summary: Summary;
}

/** The election as a public service keeps it: record, slots, roll and turnout, changed together, one step of the chain at a time. */
export class PublicStore implements FollowedState {
  readonly definition: Definition;
  readonly context: ElectionContext;
  readonly folder: string;
  readonly bytes: BytesRedis;
  readonly #redis: Redis;
  readonly #changed: () => void;
  #held: Held;

  /**
   * @param folder - where closed segments are written
   * @param changed - called after every step that was stored, and when what was stored is read again
   */
  constructor(
    redis: Redis,
    election: { readonly definition: Definition; readonly context: ElectionContext },
    folder: string,
    changed: () => void,
  ) {
    this.#redis = redis;
    this.bytes = bytesOf(redis);
    this.definition = election.definition;
    this.context = election.context;
    this.folder = folder;
    this.#changed = changed;
    this.#held = this.#nothing();
  }

  get held(): Held {
    return this.#held;
  }

  get redis(): Redis {
    return this.#redis;
  }

  /**
   * Refuses a Redis that holds the data of another election, and empties one of this election that another version of the program has filled: the chain
   * has all of it. @throws `redis/election`
   */
  async claim(): Promise<void> {
    const own = `${this.context.chainId}:${this.context.election}`;
    await this.#redis.set(KEYS.election, own, { NX: true });
    const found = await this.#redis.get(KEYS.election);
    require(found ===
      own, 'redis/election', 'the configured Redis holds the data of another election: give each service its own');
    if ((await this.#redis.get(KEYS.form)) === FORM) return;
    await this.#wipe();
    await this.#redis.set(KEYS.form, FORM);
  }

  async load(): Promise<FollowState | undefined> {
    const [stored, summary, closed, open] = await Promise.all([
      this.#redis.get(KEYS.state),
      this.#redis.get(KEYS.summary),
      this.#redis.lRange(KEYS.segments, 0, -1),
      this.#redis.lRange(KEYS.open, 0, -1),
    ]);
    if (stored === null || summary === null) {
      await this.#wipe();
      this.#held = this.#nothing();
      return undefined;
    }
    const state = decodeFollowState(parseJson(stored));
    const segments = { closed: closed.map((text) => parseJson(text) as unknown as SegmentSummary), open };
    this.#held = { state, segments, summary: parseJson(summary) as unknown as Summary };
    // An earlier process may have ended after its last step and before what follows from it.
    this.#changed();
    return state;
  }

  async apply({ entries, state }: FollowStep): Promise<void> {
    const { definitionHash } = this.context;
    const growth = await grow(this.folder, definitionHash, this.#held.segments, entries.map(encodeEntryLine));
    const summary = entries.reduce(summarize, this.#held.summary);
    const block = state.next - 1;
    const multi = this.#redis.multi();
    for (const entry of entries) this.#take(multi, summary, entry);
    this.#announce(multi, 'block', { block, entries: state.seq });
    if (growth.newlyClosed.length > 0) multi.rPush(KEYS.segments, growth.newlyClosed.map(canonicalJson)).del(KEYS.open);
    const kept = growth.newlyClosed.length > 0 ? 0 : this.#held.segments.open.length;
    const added = growth.segments.open.slice(kept);
    if (added.length > 0) multi.rPush(KEYS.open, added);
    multi.set(KEYS.summary, canonicalJson(summary)).set(KEYS.state, canonicalJson(state));
    multi.set(KEYS.place, canonicalJson({ block, entries: state.seq }));
    await multi.exec();
    this.#held = { state, segments: growth.segments, summary };
    this.#changed();
  }

  async reset(): Promise<void> {
    await this.#wipe();
    this.#held = this.#nothing();
  }

  /** Commands by which an entry changes what is too large for the summary. */
  #take(multi: ReturnType<Redis['multi']>, summary: Summary, entry: Entry): void {
    if (entry.kind === 'roll-begin') {
      this.definition.districts.forEach((_, i) => multi.del([KEYS.members(i), KEYS.tileRoots(i), KEYS.tileBounds(i)]));
    }
    if (entry.kind === 'roll-members') {
      const words = entry.data.commitments.map((each) => encodeWord(decodeWord(each)));
      multi.append(KEYS.members(entry.data.district), Buffer.concat(words));
    }
    if (isFoundation(entry)) multi.rPush(KEYS.foundation, encodeEntryLine(entry));
    if (entry.kind !== 'updates') return;
    const { poll, nonEmpty } = entry.data;
    const groups = groupCount(summary.polls[poll]?.members ?? 0);
    for (const { nullifier, row } of slotChanges(lanesOfPoll(this.definition, poll), entry)) {
      const group = groupOf(nullifier, groups);
      multi.hSet(KEYS.group(poll, group), Buffer.from(row.subarray(0, 32)), Buffer.from(row));
      multi.hSet(KEYS.groupBlocks(poll), String(group), String(entry.block));
    }
    this.#announce(multi, 'turnout', { poll, nonEmpty, block: entry.block });
  }

  /** Adds to the events that clients can resume from. */
  #announce(multi: ReturnType<Redis['multi']>, event: string, data: Readonly<Record<string, number>>): void {
    const trim = { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: EVENTS_KEPT } } as const;
    multi.xAdd(KEYS.events, '*', { event, data: canonicalJson(data) }, trim);
  }

  #nothing(): Held {
    return { state: undefined, segments: { closed: [], open: [] }, summary: emptySummary(this.definition) };
  }

  /** Deletes what was made from the chain; first the state, so that half of it is never gone on with. */
  async #wipe(): Promise<void> {
    await this.#redis.del(KEYS.state);
    for await (const keys of this.#redis.scanIterator({ MATCH: `${PREFIX}*`, COUNT: 1000 })) {
      const own = keys.filter((key) => ![KEYS.election, KEYS.form, KEYS.events].includes(key));
      if (own.length > 0) await this.#redis.unlink(own);
    }
  }
}

/** Runs a read of the store. @throws `busy/store` while Redis is away */
export async function reading<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isRedisLost(error)) throw new UrnaError('busy/store', 'the store is away for the moment: try again');
    throw error;
  }
}
