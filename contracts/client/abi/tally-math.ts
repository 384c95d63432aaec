import { parseAbi } from 'viem';

/** ABI of TallyMath.sol. Made by `npx tsx contracts/client/abi/generate.ts`; a test compares it with the compiler's. */
export const tallyMathAbi = parseAbi([
  'error BadPoint(uint256 index)',
  'error BadResponse(uint256 z)',
  'error LengthsDiffer(uint256 words, uint256 scalars)',
  'error ModexpFailed()',
  'error OddLength(uint256 length)',
  'error ScalarTooLarge(uint256 index)',
  'error WrongCounts(uint256 lane)',
  'error ZeroHasNoInverse()',
  'function addAll(uint256[][] lists) external view returns (uint256[] sums)',
  'function checkDecryption(bytes32 context, uint256[2] r, uint256[] keys, uint256[] eighths, uint256[5] proof) external view returns (bool holds, uint256[] points)',
  'function requireCounts(uint256[] sums, uint256[] counts, uint256[] indices, uint256[][] points, uint256 trustees) external pure',
]);
