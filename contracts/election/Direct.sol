// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Functions whose calldata is the record's only copy of what was posted (SPEC §14.2)
abstract contract Direct {
    error NotDirect(address sender);

    /// @dev A call out of another contract, or out of an account with delegated code (EIP-7702), would take effect without standing in its
    /// transaction's calldata.
    // solhint-disable-next-line avoid-tx-origin
    modifier direct() {
        if (msg.sender != tx.origin || msg.sender.code.length != 0) revert NotDirect(msg.sender);
        _;
    }
}
