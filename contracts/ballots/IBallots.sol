// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {IElectionPart} from '../election/IElection.sol';

/// @title Slots: encrypted ballots, their updates and their sums (SPEC §9, §11)
/// @notice One kind of transaction writes here: a batch of updates of one poll, each with a proof, verified together. Ciphertexts are not
/// stored: a slot keeps a hash chain's head, calldata keeps the rest.
interface IBallots is IElectionPart {
    /// @param kx first coordinate of K_poll (SPEC §11.2)
    /// @param root of the district's roll
    /// @param members how many slots the poll can have
    event PollPrepared(uint256 indexed poll, uint256 root, uint256 members, uint256 kx, uint256 ky);

    /// @param round the round all of them count for
    /// @param firsts number of entries in `firsts`, skipped ones included
    /// @param laters number of entries in `laters`, skipped ones included
    /// @param skipped bit k: entry k was skipped; entries are numbered through, firsts before laters
    /// @param nonEmpty non-empty slots of the poll, after the batch
    /// @param sumsHash keccak256 of the poll's sums (R.x, R.y, C_0.x, …), after the batch
    event UpdatesApplied(
        uint256 indexed poll,
        uint256 round,
        uint256 firsts,
        uint256 laters,
        uint256 skipped,
        uint256 nonEmpty,
        bytes32 sumsHash
    );

    error NotReady();
    error NoSuchPoll(uint256 poll);
    error NoCircuit(uint256 lanes);
    error TwoKeysForLanes(uint256 lanes);
    error AlreadyPrepared(uint256 poll);
    error NotPrepared(uint256 poll);
    error WrongLength(uint256 words, uint256 stride);
    error WrongCount(uint256 entries, uint256 limit);
    /// @dev A word of entry `entry` that is a public signal is not below r.
    error SignalTooLarge(uint256 entry);
    /// @dev A coordinate of the proof of entry `entry` is not below p.
    error CoordinateTooLarge(uint256 entry);
    /// @dev A or C of entry `entry` is not on the curve.
    error ProofPointInvalid(uint256 entry);
    /// @dev At least one proof of the batch is wrong, or its B is no point of G2.
    error ProofsInvalid();
    /// @dev A point of the circuit's key is not on the curve.
    error KeyPointInvalid();

    /// @notice Fixes K_poll: IC_0 and the poll's constants (scope, root, rule, keys). Anyone, once roll and keys are final.
    function preparePoll(uint256 poll) external;

    /// @notice Applies a batch of at most 200 updates of one poll while the election is open. An entry that does not fit its slot's state, the
    /// round or the sender's rights is skipped (SPEC §11.3); a malformed one, or a wrong proof, reverts all.
    /// @param firsts first casts, 11 + 2L words each: nullifier, R'(2), C'(2L), proof(8)
    /// @param laters changed votes and masks, 14 + 4L words each: nullifier, previous head, R(2), C(2L), R'(2), C'(2L), proof(8)
    /// @dev proof: A.x, A.y, B.x imaginary, B.x real, B.y imaginary, B.y real, C.x, C.y
    function update(uint256 poll, uint256[] calldata firsts, uint256[] calldata laters) external;

    /// @notice Whether one proof holds, whatever the slot's state is now.
    /// @param signals the update's 7 + 4L public signals: nullifier, context, fresh, R(2), R'(2), C(2L), C'(2L)
    /// @param proof as in `update`
    function verifyUpdate(
        uint256 poll,
        uint256[] calldata signals,
        uint256[8] calldata proof
    ) external view returns (bool);

    /// @return word of the slot: head·2^8 + (round of its latest update + 1); 0 if empty
    function slot(uint256 poll, uint256 nullifier) external view returns (uint256 word);

    /// @return words of the poll's sums over all slots, affine: R.x, R.y, C_0.x, C_0.y, … of all L lanes; each O while no slot is occupied
    function sums(uint256 poll) external view returns (uint256[] memory words);

    /// @return how many slots of the poll are occupied
    function nonEmpty(uint256 poll) external view returns (uint256);

    /// @return members of the poll's district, or 0 before `preparePoll`
    function members(uint256 poll) external view returns (uint256);

    /// @return x y of K_poll; (0, 0) before `preparePoll`
    function pollKey(uint256 poll) external view returns (uint256 x, uint256 y);

    /// @return the data contract that holds the verifying key for this many lanes, 0 if there is none
    function circuitKey(uint256 lanes) external view returns (address);
}
