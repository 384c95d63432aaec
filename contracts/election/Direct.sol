// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Functions whose calldata is the record's only copy of what was posted (SPEC §14.2)
abstract contract Direct {
    error NotDirect(address sender);
    /// @dev Calldata is not the canonical ABI encoding of the arguments: gaps, overlaps, trailing bytes, offsets that lead back.
    error NotCanonical();

    /// @dev A call out of another contract, or out of an account with delegated code (EIP-7702), would take effect without standing in its
    /// transaction's calldata.
    // solhint-disable-next-line avoid-tx-origin
    modifier direct() {
        if (msg.sender != tx.origin || msg.sender.code.length != 0) revert NotDirect(msg.sender);
        _;
    }

    /// @dev Solidity takes encodings that other decoders refuse. Whoever posts what others have signed could choose one of those, and so make a
    /// true record unreadable.
    /// @param encoding of this call's arguments as Solidity has read them
    function _requireCanonical(bytes memory encoding) internal pure {
        if (keccak256(msg.data) != keccak256(encoding)) revert NotCanonical();
    }
}
