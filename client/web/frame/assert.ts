/** What a package takes from node's `assert`: the bundle has this in its place. */
function assert(condition: unknown): asserts condition {
  if (condition !== true && !condition) throw new Error('assertion failed');
}

// eslint-disable-next-line no-restricted-syntax -- the package imports it so
export default assert;
