// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Test-only: passes a call on, as a stranger's contract would
contract Forwarder {
    function forward(address target, bytes calldata data) external {
        (bool ok, bytes memory answer) = target.call(data);
        if (ok) return;
        assembly ('memory-safe') {
            revert(add(answer, 0x20), mload(answer))
        }
    }
}
