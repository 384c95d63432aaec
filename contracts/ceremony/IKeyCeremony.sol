// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// Stages of an attempt, in order; `Done` and `Aborted` are final (SPEC §7.2).
enum Stage {
    Commit,
    Reveal,
    Deal,
    Confirm,
    Done,
    Aborted
}

/// Where the ceremony stands. Bit `m − 1` of a bitmap is trustee `m`.
// solhint-disable-next-line gas-struct-packing
struct CeremonyState {
    /// From 1.
    uint32 attempt;
    Stage stage;
    /// Last block time at which a message of this stage is taken.
    uint40 deadline;
    /// Last block time at which an accusation is taken; 0 before `Confirm`.
    uint40 accuseUntil;
    /// Who takes part in this attempt.
    uint32 active;
    /// Who has posted this stage's message.
    uint32 posted;
    /// Recipients of whom a share of this attempt was opened.
    uint32 opened;
}

/// @title The trustees' key ceremony (SPEC §7)
/// @notice Every message is signed by its trustee for one attempt of one election (EIP-712 `Step`); any account may post it, by a direct
/// call. Points are posted as eighths `Q`, so that `8Q` lies in the prime subgroup. Nobody ever holds the private key.
interface IKeyCeremony {
    event CommitPosted(uint256 indexed attempt, uint256 indexed trustee, bytes32 commitment);
    event RevealPosted(uint256 indexed attempt, uint256 indexed trustee, bytes32 revealHash);
    event DealPosted(uint256 indexed attempt, uint256 indexed trustee, bytes32 dealHash);
    event ConfirmPosted(uint256 indexed attempt, uint256 indexed trustee);
    event AccusePosted(uint256 indexed attempt, uint256 indexed trustee, uint256 dealer, uint256 lane);
    /// @param trustee the dealer
    /// @param right whether the share is what the dealer committed to
    event AnswerPosted(
        uint256 indexed attempt,
        uint256 indexed trustee,
        uint256 accuser,
        uint256 lane,
        uint256 share,
        bool right
    );
    /// @param attempt the new attempt
    /// @param active bitmap of who takes part in it
    /// @param named bitmap of who was excluded by this restart, 0 if it was forced by opened shares
    event CeremonyRestarted(uint256 indexed attempt, uint256 active, uint256 named);
    /// @param attempt the one that cannot begin
    event CeremonyAborted(uint256 indexed attempt, uint256 active, uint256 named);
    /// @param words PK (x, y) of every lane, PK2 of every lane, then for every active trustee, ascending, VK of every lane
    event KeysMade(uint256 indexed attempt, uint256 active, uint256[] words);

    error NotInForce();
    error TooLate(uint256 time, uint256 limit);
    error WrongStage(Stage stage);
    error Late(uint256 time, uint256 deadline);
    error DeadlineAhead(uint256 time, uint256 deadline);
    error NothingMissing();
    error NotActive(uint256 trustee);
    error NotTheTrustee(uint256 trustee, address signer);
    error AlreadyPosted(uint256 trustee);
    error EmptyCommitment();
    error WrongLength(uint256 given, uint256 expected);
    error NotCommittedTo(bytes32 commitment);
    /// @dev Point `index` of the reveal (its nonce's point comes last) is off the curve, not below r, or of low order.
    error BadPoint(uint256 index);
    error BadResponse(uint256 z);
    error BadTransportKey(bytes32 key);
    error BadProof(uint256 trustee);
    error BadAccusation(uint256 dealer, uint256 lane);
    error AccusationOpen(uint256 accuser);
    error NoAccusation(uint256 accuser, uint256 dealer, uint256 lane);
    error NotRevealed(uint256 trustee, bytes32 revealHash);
    error Unfinished(uint256 posted, uint256 active);
    error KeyIsNeutral(uint256 lane);
    error NoKeys();

    /// @notice Stage 1. @param commitment H("ceremony-commit", ceremonyBase, trustee, revealHash)
    function commit(uint256 trustee, bytes32 commitment, bytes calldata signature) external;
    /// @notice Stage 2.
    /// @param points eighths Q[lane][k], x and y, lane after lane
    /// @param k eighth of the nonce's point
    /// @param z response, below l
    function reveal(
        uint256 trustee,
        uint256[] calldata points,
        uint256[2] calldata k,
        uint256 z,
        bytes32 transportKey,
        bytes calldata signature
    ) external;
    /// @notice Stage 3. @param shares 80 bytes for every other active trustee, ascending, and lane
    function deal(uint256 trustee, bytes calldata shares, bytes calldata signature) external;
    /// @notice Stage 4: all shares open and hold. The signature is for the attempt's transcript (SPEC §7.1).
    function confirm(uint256 trustee, bytes calldata signature) external;
    /// @notice Stage 4: the dealer's share of this lane does not open or hold.
    function accuse(uint256 trustee, uint256 dealer, uint256 lane, bytes calldata signature) external;
    /// @notice The accused dealer opens the share. A right one settles the accusation, a wrong one names the dealer.
    /// @param trustee the dealer
    /// @param revealWords all words of the dealer's reveal: Q[lane][k], K, z, transport key
    function answer(
        uint256 trustee,
        uint256 accuser,
        uint256 lane,
        uint256 share,
        uint256[] calldata revealWords,
        bytes calldata signature
    ) external;
    /// @notice Anyone, after a deadline: names who is missing and starts the next attempt without them.
    function timeout() external;
    /// @notice Anyone, once all active trustees confirmed: computes and stores the keys.
    /// @param revealWords the reveals of all active trustees, ascending, one after another
    function finish(uint256[] calldata revealWords) external;

    /// @return where the ceremony stands
    function state() external view returns (CeremonyState memory);
    /// @return keccak256 of the words of the trustee's reveal in the running attempt, 0 before
    function revealHash(uint256 trustee) external view returns (bytes32);
    /// @return what a confirmation is signed for; 0 before all deals are posted
    function transcriptHash() external view returns (bytes32);
    /// @return whether keys exist
    function isDone() external view returns (bool);
    /// @return the number of the attempt that runs or made the keys
    function attempt() external view returns (uint256);
    /// @return words of PK (x, y) of the first `lanes` lanes, then of PK2 = 2^125·PK
    function publicKeys(uint256 lanes) external view returns (uint256[] memory words);
    /// @return words of VK[trustee] (x, y) of the first `lanes` lanes; reverts for an index that took no part
    function verificationKeys(uint256 trustee, uint256 lanes) external view returns (uint256[] memory words);
}
