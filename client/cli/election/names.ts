import type { Contest, Definition } from '../../../protocol/definition/definition.ts';
import { UrnaError, at, require } from '../../../protocol/errors.ts';

/** Index of the district with this slug. @throws `name/district`, naming those there are */
export function districtIndex({ districts }: Definition, id: string): number {
  const index = districts.findIndex((district) => district.id === id);
  require(index >=
    0, 'name/district', `there is no district "${id.slice(0, 40)}"; there are ${districts.map((d) => d.id).join(', ')}`);
  return index;
}

/** Index of the contest with this slug. @throws `name/contest`, naming those there are */
export function contestIndex({ contests }: Definition, id: string): number {
  const index = contests.findIndex((contest) => contest.id === id);
  require(index >=
    0, 'name/contest', `there is no contest "${id.slice(0, 40)}"; there are ${contests.map((c) => c.id).join(', ')}`);
  return index;
}

/** Contest number `index`. @throws `internal/index` */
export function contestAt({ contests }: Definition, index: number): Contest {
  return at(contests, index);
}

/** Number (1..n) of the trustee with this address. @throws `key/trustee` */
export function trusteeNumber({ trustees }: Definition, address: string): number {
  const index = trustees.keys.findIndex((key) => key === address);
  if (index < 0) throw new UrnaError('key/trustee', `${address} is not a trustee of this election`);
  return index + 1;
}
