import Sequencer from '@jest/test-sequencer';

/** Suites that take more than a minute, the longest first: started last, one of them would keep a core idle to the end. */
const LONGEST = [
  'test/e2e/demo',
  'test/server/ballot-box/network',
  'test/tampered/observers-agree',
  'test/server/ballot-box/faults',
  'test/client/ceremony/ballot-2',
  'test/e2e/start',
  'test/circuits/twin',
  'test/client/walks/thinned-record',
  'test/client/walks/challenge',
  'test/client/walks/extended-record',
  'test/server/eligibility/kill',
  'test/client/record/verify',
  'test/client/walks/',
];

/** Jest's order, but for the suites known to be long. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = LONGEST.findIndex((part) => path.includes(part));
      return found < 0 ? LONGEST.length : found;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}
