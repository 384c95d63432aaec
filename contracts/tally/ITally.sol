// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// What becomes of a unit (SPEC §12.2). `Open`, to be decrypted, stays the state of a unit that was counted.
enum UnitState {
    None,
    Merged,
    Empty,
    Withheld,
    Open
}

/// @title The count (SPEC §12.2–12.4)
/// @notice Adds a unit's encrypted sums, takes the trustees' proved partial decryptions and stores counts that the equations bear out. Nobody can
/// store anything else: who posts does not matter.
interface ITally {
    /// @param words sums R.x, R.y, C_0.x, … of the unit: with what was merged into it; its own if it was merged away
    event UnitAggregated(
        uint256 indexed contest,
        uint256 indexed unit,
        UnitState state,
        uint256 nonEmpty,
        uint256[] words
    );
    /// @param rank how many postings for this unit came before
    event DecryptionPosted(uint256 indexed unit, uint256 indexed trustee, uint256 rank);
    event CountsStored(uint256 indexed unit, uint256[] counts);

    error WrongPhase(uint8 phase);
    error NotInForce();
    error NotSettled(uint256 time, uint256 settledAt);
    error NoSuchUnit(uint256 unit);
    error AlreadyAggregated(uint256 unit);
    error NothingToAggregate(uint256 contest);
    /// @dev Only units in state `Open` take decryptions and counts.
    error NotDecryptable(uint256 unit, UnitState state);
    error AlreadyCounted(uint256 unit);
    error AlreadyPosted(uint256 unit, uint256 trustee);
    error NotTheTrustee(uint256 trustee, address signer);
    error WrongLength(uint256 given, uint256 expected);
    /// @dev Point `index` of the posting (A and B come last) is off the curve or has a coordinate ≥ r.
    error BadPoint(uint256 index);
    error BadResponse(uint256 z);
    error BadProof(uint256 unit, uint256 trustee);
    error TooFewDecryptions(uint256 given, uint256 threshold);
    error CountTooLarge(uint256 option, uint256 count, uint256 limit);
    /// @dev The counts of this lane are not what its ciphertext holds.
    error WrongCounts(uint256 lane);
    error NotCounted();

    /// @notice Aggregates every unit of the contest that is not yet; from `settledAt` on, anyone.
    function aggregate(uint256 contest) external;
    /// @notice The same for some units, where a contest's exceed a transaction.
    function aggregateUnits(uint256 first, uint256 count) external;
    /// @notice A trustee's partial decryption of a unit, once each; the first `threshold` of a unit count.
    /// @param points eighths Q of D_j = x_j·R, x and y, one a lane
    /// @param proof A8.x, A8.y, B8.x, B8.y, z (SPEC §12.3)
    /// @param signature of the trustee's step `decrypt` in the attempt that made the keys
    function postDecryption(
        uint256 unit,
        uint256 trustee,
        uint256[] calldata points,
        uint256[5] calldata proof,
        bytes calldata signature
    ) external;
    /// @notice Anyone: the unit's counts, which have to be within bounds and fulfil every lane's equation (SPEC §12.4).
    function submitCounts(uint256 unit, uint256[] calldata counts) external;

    /// @return whether every unit has its final state
    function isCounted() external view returns (bool);
    /// @return partial decryptions accepted so far, over all units
    function decryptionCount() external view returns (uint256);
    /// @return H("result", for each unit: state, nonEmpty, counts…) (SPEC §12.4); reverts unless counted
    function resultHash() external view returns (bytes32);
    /// @return state what became of the unit
    /// @return counted whether its counts are final
    /// @return nonEmpty occupied slots behind it, after merging; its own if it was merged away
    /// @return counts one an option of the contest's circuit, 0 where nothing was decrypted; none before the unit is aggregated
    function unitResult(
        uint256 unit
    ) external view returns (UnitState state, bool counted, uint256 nonEmpty, uint256[] memory counts);
    /// @return words sums R.x, R.y, C_0.x, … as aggregated; empty before, and for a unit without ballots
    function unitSums(uint256 unit) external view returns (uint256[] memory words);
    /// @return words D_j (x, y) of the trustee's accepted posting; empty if there is none
    function decryption(uint256 unit, uint256 trustee) external view returns (uint256[] memory words);
    /// @return bitmap bit m − 1: trustee m has posted for this unit
    function decryptionsOf(uint256 unit) external view returns (uint256 bitmap);
}
