/**
 * Code of an error that is not ours. A browser that has no more memory says so in words of its own, and a stack that is too deep in the same
 * type; all else was not expected.
 */
export function unknownCode(error: unknown): 'device/memory' | 'internal/unexpected' {
  const message = error instanceof Error ? error.message : '';
  const isMemory =
    error instanceof RangeError ? !/call stack|recursion/iu.test(message) : /out of memory/iu.test(message);
  return isMemory ? 'device/memory' : 'internal/unexpected';
}
