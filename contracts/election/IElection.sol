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

/// @title What every part of an election answers
interface IElectionPart {
    /// @return the `Election` this part belongs to; `approve` refuses parts that name another
    function election() external view returns (address);
}

/// @title The head of an election: definition, phases, officers' acts (SPEC §3, §9, §12)
/// @notice One `Election` names its `Roll`, `KeyCeremony`, `Ballots` and `Tally`, and each of them names it back; no proxies, no owner.
interface IElection {
    /// @param number acts executed before this one
    /// @param kind tag("act/<name>")
    /// @param object what was signed (SPEC §12.1); the event that follows in the same transaction says it in full, the calldata holds the signatures
    event ActExecuted(uint256 indexed number, bytes32 indexed kind, bytes32 object, uint256 expiry);
    event Defined(
        bytes32 indexed definitionHash,
        bytes32 configHash,
        address roll,
        address ceremony,
        address ballots,
        address tally
    );
    event Approved();
    /// @param closesAt the new closing time
    event Extended(uint256 closesAt, bytes32 reasonHash);
    event ElectionCancelled(bytes32 reasonHash);
    event Certified(bytes32 resultHash);
    /// @param entries how many entries of the record
    /// @param hash the record's hash after them (SPEC §14.4)
    event Anchored(uint256 entries, bytes32 hash);

    error WrongPhase(Phase phase);
    /// @dev Approval and sealed credentials have to precede `registrationOpens`.
    error TooLate(uint256 time, uint256 limit);
    error TooEarly(uint256 time, uint256 limit);
    error NotInForce();
    error AlreadyApproved();
    /// @dev `part` has no code or belongs to `election`.
    error ForeignPart(address part, address election);
    error NotAPart(address sender);
    error ActExpired(uint256 expiry, uint256 time);
    /// @dev An expiry above 2^53 − 1 could stand in no record.
    error NoSuchTime(uint256 expiry);
    error TooFewSignatures(uint256 given, uint256 quorum);
    error NotAnOfficer(address signer);
    error SignersOutOfOrder(address previous, address signer);
    /// @dev An extension has to end after the closing time and after this block.
    error ExtensionTooShort(uint256 closesAt, uint256 limit);
    error ExtensionTooLong(uint256 closesAt, uint256 limit);
    error TooManyExtensions(uint256 limit);
    error DecryptionsBegun();
    error OutsideRounds(uint256 time);
    /// @dev A record has 1 to 2^53 − 1 entries.
    error NoSuchRecord(uint256 entries);

    /// @notice The officers' quorum has compared chain and definition; only before `registrationOpens`.
    function approve(uint256 expiry, bytes[] calldata signatures) external;
    /// @notice Moves the closing time, until decryptions are accepted; adds a round (SPEC §9).
    /// @param newClosesAt after the closing time of now and after this block, at most `maxExtensionSeconds` after the definition's
    /// @param reasonHash keccak256 of the published reason
    function extend(uint256 newClosesAt, bytes32 reasonHash, uint256 expiry, bytes[] calldata signatures) external;
    /// @notice Ends the election without a result; never after the first decryption or once counted.
    function cancel(bytes32 reasonHash, uint256 expiry, bytes[] calldata signatures) external;
    /// @notice The officers' quorum declares the stored result the result.
    function certify(uint256 expiry, bytes[] calldata signatures) external;
    /// @notice The officers' quorum says which hash the record has; from the end of the grace on, any number of times, also once certified.
    /// The contract cannot check it: check 19 of every verifier does (SPEC §15).
    /// @param entries how many entries the record has, 1 to 2^53 − 1
    /// @param hash the record's hash after them (SPEC §14.4)
    function anchor(uint256 entries, bytes32 hash, uint256 expiry, bytes[] calldata signatures) external;

    /// @return keccak256 of the canonical definition
    function definitionHash() external view returns (bytes32);
    /// @return keccak256(abi.encode(config))
    function configHash() external view returns (bytes32);
    /// @return the definition's times; `closesAt` without extensions
    function times() external view returns (Times memory);
    /// @return the phase at this block's time
    function phase() external view returns (Phase);
    /// @return whether the election was approved and not cancelled
    function isInForce() external view returns (bool);
    /// @return acts executed so far: the number the next one is signed with
    function actCount() external view returns (uint256);
    /// @return closing time with all extensions
    function closesAt() external view returns (uint256);
    /// @return end of the grace with all extensions
    function graceEndsAt() external view returns (uint256);
    /// @return the time from which aggregation and decryptions are accepted
    function settledAt() external view returns (uint256);
    /// @notice The round at this block's time (SPEC §9). Reverts unless the election is in force and `opensAt` ≤ time < end of the grace, so
    /// that for a poll whose roll is sealed and whose keys exist, an answer means: phase `Open`.
    /// @return round its number
    /// @return startsAt its start
    /// @return endsAt its end (exclusive)
    function currentRound() external view returns (uint256 round, uint256 startsAt, uint256 endsAt);

    function officers() external view returns (address[] memory);
    function quorum() external view returns (uint256);
    function registrar() external view returns (address);
    function trustees() external view returns (address[] memory);
    /// @param index 1..n
    /// @return the trustee's signing address, 0 for an index there is none
    function trustee(uint256 index) external view returns (address);
    function trusteeCount() external view returns (uint256);
    function threshold() external view returns (uint256);
    /// @return lanes the keys of this many lanes are made: the largest of all contests
    function keyLanes() external view returns (uint256 lanes);
    function boxCount() external view returns (uint256);
    /// @return index plus one of a box, 0 for any other address
    function boxNumber(address account) external view returns (uint256);
    function maskRounds() external view returns (uint256);
    function districtCount() external view returns (uint256);
    function voters(uint256 district) external view returns (uint256);
    function pollCount() external view returns (uint256);
    function poll(uint256 index) external view returns (Poll memory);
    function contest(uint256 index) external view returns (Contest memory);
    function contestCount() external view returns (uint256);
    /// @return first global number of the contest's first unit
    /// @return count how many units it has
    function contestUnits(uint256 index) external view returns (uint256 first, uint256 count);
    function unit(uint256 index) external view returns (Unit memory);
    /// @return first global number of the unit's first poll
    /// @return count how many polls it has
    function unitPolls(uint256 index) external view returns (uint256 first, uint256 count);
    function unitCount() external view returns (uint256);
    function minAnonymitySet() external view returns (uint256);

    function roll() external view returns (address);
    function ceremony() external view returns (address);
    function ballots() external view returns (address);
    function tally() external view returns (address);

    /// @notice Checks and consumes an officers' act (SPEC §12.1) of the roll; only `roll` may call it, and only while the election is in force.
    function consumeAct(bytes32 kind, bytes32 object, uint256 expiry, bytes[] calldata signatures) external;
    /// @return the EIP-712 digest of a trustee's step (SPEC §7)
    function stepDigest(
        uint256 attempt,
        uint256 trusteeIndex,
        bytes32 kind,
        bytes32 object
    ) external view returns (bytes32);
    /// @return the EIP-712 digest of an officers' act (SPEC §12.1)
    function actDigest(uint256 number, bytes32 kind, bytes32 object, uint256 expiry) external view returns (bytes32);
}
