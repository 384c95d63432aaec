// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// What the credential authority sealed for one district (SPEC §5).
struct SealedCredentials {
    bytes32 root;
    uint256 count;
    bytes32 reserveRoot;
    uint256 reserveCount;
}

/// @title The roll: one LeanIMT a district, built by the contract itself (SPEC §6)
/// @notice The registrar appends commitments in strictly increasing order and never more than credentials were sealed; a complete version
/// stands open to challenge before the officers' quorum can freeze it. What is sealed never changes.
interface IRoll {
    event CredentialsSealed(bytes32 object);
    /// @param reasonsHash keccak256 of the published list of differences to the version before
    event VersionBegun(uint256 indexed version, bytes32 registrationsRoot, bytes32 reasonsHash);
    /// @param first index of the batch's first member; the members are in the calldata
    event MembersAppended(uint256 indexed version, uint256 indexed district, uint256 first, uint256 count);
    /// @param roots LeanIMT roots by district, 0 for an empty one
    event VersionCompleted(uint256 indexed version, bytes32 rootsHash, uint256[] roots, uint256[] members);
    event RollSealed(uint256 indexed version, bytes32 registrationsRoot, bytes32 rootsHash);

    error WrongPhase(uint8 phase);
    error TooLate(uint256 time, uint256 limit);
    error TooEarly(uint256 time, uint256 limit);
    error AlreadySealed();
    error NotSealed();
    error CredentialsAlreadySealed();
    error CredentialsNotSealed();
    error WrongDistrictCount(uint256 given, uint256 expected);
    error BadCredentials(uint256 district);
    error NotTheRegistrar(address sender);
    /// @dev The first version needs no act.
    error UnexpectedAct();
    error WrongVersion(uint256 given, uint256 current);
    error VersionComplete(uint256 version);
    error VersionIncomplete(uint256 version);
    error NoSuchDistrict(uint256 district);
    error DistrictClosed(uint256 district);
    error EmptyBatch();
    /// @dev Commitment `index` of the batch is not greater than the one before it (0 before the first of all).
    error OutOfOrder(uint256 index, uint256 commitment);
    error NotInField(uint256 commitment);
    error RollFull(uint256 district, uint256 members, uint256 limit);

    /// @notice Act `credentials`, once, before `registrationOpens`: roots and counts of every district's lists.
    function sealCredentials(SealedCredentials[] calldata lists, uint256 expiry, bytes[] calldata signatures) external;
    /// @notice The registrar begins the next version, once registration has closed. Version 1 takes no act (expiry 0, no signatures), later
    /// ones act `version`.
    function beginVersion(
        bytes32 registrationsRoot,
        bytes32 reasonsHash,
        uint256 expiry,
        bytes[] calldata signatures
    ) external;
    /// @notice The registrar appends members to a district of the version being built.
    /// @param commitments strictly increasing over all batches, none 0, all below r
    function append(uint256 version, uint256 district, uint256[] calldata commitments) external;
    /// @notice The registrar closes districts `closed…until−1`; only needed where all of them together exceed a transaction.
    function closeDistricts(uint256 version, uint256 until) external;
    /// @notice The registrar closes what is open and starts the challenge period.
    function completeVersion(uint256 version) external;
    /// @notice Act `seal`: freezes the version, `challengeSeconds` after it was completed and before the polls close.
    function seal(uint256 version, uint256 expiry, bytes[] calldata signatures) external;

    /// @return whether a version has been sealed
    function isSealed() external view returns (bool);
    /// @return H("roots", root of every district) of the sealed version (SPEC §2)
    function sealedRootsHash() external view returns (bytes32);
    /// @return root LeanIMT root of the sealed version's district, 0 if empty
    /// @return members how many members it has
    function sealedRoll(uint256 district) external view returns (uint256 root, uint256 members);
    /// @return what was sealed for the district; zeros before
    function credentials(uint256 district) external view returns (SealedCredentials memory);
    /// @return the number of the newest version, 0 before the first
    function currentVersion() external view returns (uint256);
    /// @return registrationsRoot Merkle root of the registrations it was made from
    /// @return completedAt block time of its completion, 0 before
    /// @return rootsHash H("roots", …), 0 before
    function versionState(
        uint256 version
    ) external view returns (bytes32 registrationsRoot, uint256 completedAt, bytes32 rootsHash);
    /// @return members appended so far
    /// @return root its root once closed, 0 before
    /// @return last the greatest commitment so far
    function districtState(
        uint256 version,
        uint256 district
    ) external view returns (uint256 members, uint256 root, uint256 last);
}
