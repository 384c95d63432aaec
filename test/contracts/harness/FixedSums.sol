// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Test-only: stands where `Ballots` stands and answers with sums it is told, so that the count can be tried with any of them
contract FixedSums {
    address public immutable election;
    mapping(uint256 poll => uint256) public nonEmpty;
    mapping(uint256 poll => uint256[]) private _sums;

    error NotPrepared(uint256 poll);

    constructor(address election_) {
        election = election_;
    }

    function set(uint256 poll, uint256 occupied, uint256[] calldata words) external {
        nonEmpty[poll] = occupied;
        _sums[poll] = words;
    }

    function sums(uint256 poll) external view returns (uint256[] memory) {
        if (_sums[poll].length == 0) revert NotPrepared(poll);
        return _sums[poll];
    }
}
