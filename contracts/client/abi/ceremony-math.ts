import { parseAbi } from 'viem';

/** ABI of CeremonyMath.sol. Made by `npx tsx contracts/client/abi/generate.ts`; a test compares it with the compiler's. */
export const ceremonyMathAbi = parseAbi([
  'error BadPoint(uint256 index)',
  'error BadProof(uint256 trustee)',
  'error BadResponse(uint256 z)',
  'error BadTransportKey(bytes32 key)',
  'error KeyIsNeutral(uint256 lane)',
  'error LengthsDiffer(uint256 words, uint256 scalars)',
  'error ModexpFailed()',
  'error OddLength(uint256 length)',
  'error ScalarTooLarge(uint256 index)',
  'error ZeroHasNoInverse()',
  'function checkReveal(bytes32 base, uint256 trustee, uint256 lanes, uint256 threshold, uint256[] words) external view',
  'function combine(uint256[] words, uint256 active, uint256 lanes, uint256 threshold) external view returns (uint256[] keys)',
  'function shareHolds(uint256[] words, uint256 lane, uint256 threshold, uint256 index, uint256 share) external view returns (bool)',
]);
