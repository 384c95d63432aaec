// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Signatures over secp256k1, `r ‖ s ‖ v`, in exactly one form each (SPEC §12.1)
library Signatures {
    /// @dev Half the group order: above it, the same signature has a second form.
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    error MalformedSignature();

    /// @return signer who signed; reverts for a wrong length, high s, v other than 27 and 28, and where no key fits
    function recover(bytes32 digest, bytes calldata signature) internal pure returns (address signer) {
        if (signature.length != 65) revert MalformedSignature();
        bytes32 s = bytes32(signature[32:64]);
        uint8 v = uint8(signature[64]);
        if (uint256(s) > HALF_ORDER || (v != 27 && v != 28)) revert MalformedSignature();
        signer = ecrecover(digest, v, bytes32(signature[0:32]), s);
        if (signer == address(0)) revert MalformedSignature();
    }
}
