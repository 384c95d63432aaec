// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// The phases of an election, in order; `Cancelled` is the side exit.
enum Phase {
    Defined,
    Registering,
    Challenge,
    Ready,
    Open,
    Closed,
    Counted,
    Certified,
    Cancelled
}

/// Times of the definition, Unix seconds and durations in seconds.
struct Times {
    uint64 registrationOpens;
    uint64 registrationCloses;
    uint64 challengeSeconds;
    uint64 opensAt;
    uint64 closesAt;
    uint64 graceSeconds;
    uint64 settleSeconds;
    uint64 maxExtensionSeconds;
}

/// The rule of a contest (SPEC §8); `max` and `price` have 2·lanes entries.
struct Rule {
    uint256 minTotal;
    uint256 maxTotal;
    bool quadratic;
    bool distinct;
    uint256[] max;
    uint256[] price;
}

/// A contest: the rule, the lanes of its circuit (1, 4 or 8) and what becomes of units that stay too small.
struct Contest {
    uint8 lanes;
    bool withholdSmall;
    Rule rule;
}

/// A tally unit; `mergeInto` is a global unit index plus one, or 0.
struct Unit {
    uint16 contest;
    uint16 mergeInto;
}

/// A poll = contest × district (SPEC §2).
struct Poll {
    uint16 contest;
    uint16 district;
    uint16 unit;
}

/// All that the definition fixes on chain.
struct Config {
    bytes32 definitionHash;
    Times times;
    address[] officers;
    uint256 quorum;
    address registrar;
    address[] trustees;
    uint256 threshold;
    address[] boxes;
    uint256 maskRounds;
    uint256[] voters;
    Contest[] contests;
    Unit[] units;
    Poll[] polls;
    uint256 minAnonymitySet;
}

/// @title What the parts of an election ask of its head
/// @notice One `Election` names its `Roll`, `KeyCeremony`, `Ballots` and `Tally`, and each of them names it back; no proxies, no owner.
interface IElection {
    /// @return keccak256 of the canonical definition
    function definitionHash() external view returns (bytes32);
    function times() external view returns (Times memory);
    /// @return the phase at this block's time
    function phase() external view returns (Phase);
    /// @return closing time with all extensions
    function closesAt() external view returns (uint256);
    /// @return end of the grace with all extensions
    function graceEndsAt() external view returns (uint256);
    /// @return the time from which aggregation and decryptions are accepted
    function settledAt() external view returns (uint256);
    /// @notice The round at this block's time (SPEC §9); meaningful while `Open`.
    /// @return round its number
    /// @return startsAt its start
    /// @return endsAt its end (exclusive)
    function currentRound() external view returns (uint256 round, uint256 startsAt, uint256 endsAt);

    function registrar() external view returns (address);
    function trustees() external view returns (address[] memory);
    function threshold() external view returns (uint256);
    /// @return lanes the keys of this many lanes are made: the largest of all contests
    function keyLanes() external view returns (uint256 lanes);
    function boxCount() external view returns (uint256);
    /// @return index plus one of a box, 0 for any other address
    function boxNumber(address account) external view returns (uint256);
    function districtCount() external view returns (uint256);
    function voters(uint256 district) external view returns (uint256);
    function pollCount() external view returns (uint256);
    function poll(uint256 index) external view returns (Poll memory);
    function contest(uint256 index) external view returns (Contest memory);
    function contestCount() external view returns (uint256);
    function unit(uint256 index) external view returns (Unit memory);
    function unitCount() external view returns (uint256);
    function minAnonymitySet() external view returns (uint256);

    function roll() external view returns (address);
    function ceremony() external view returns (address);
    function ballots() external view returns (address);
    function tally() external view returns (address);

    /// @notice Checks and consumes an officers' act (SPEC §12.1). Only the election's own parts may call it.
    function consumeAct(bytes32 kind, bytes32 object, uint256 expiry, bytes[] calldata signatures) external;
    /// @return the EIP-712 digest of a trustee's step (SPEC §7)
    function stepDigest(uint256 attempt, uint256 trustee, bytes32 kind, bytes32 object) external view returns (bytes32);
}
