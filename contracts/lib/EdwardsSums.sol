// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {ModularInverse} from './ModularInverse.sol';

/// @title Sums and doublings of BabyJubJub points, in the coordinates that `Straus` explains
library EdwardsSums {
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    /// @dev f with f² = −168700 mod r, its inverse, and 2·d'.
    uint256 private constant F = 6360561867910373094066688120553762416144456282423235903351243436111059670888;
    uint256 private constant F_INVERSE = 19976260017534050147865154401153945156910754191401137453807035910720341838527;
    uint256 private constant TWO_D = 2475045175004185027501911298141836274980133961483913877536377848625489762075;

    /// @return x y the sum of the points, affine
    function sum(uint256[] memory points) internal view returns (uint256 x, uint256 y) {
        uint256 u;
        uint256 z;
        assembly ('memory-safe') {
            y := 1
            z := 1
            let t := 0
            let end := add(add(points, 0x20), mul(mload(points), 0x20))
            for {
                let q := add(points, 0x20)
            } lt(q, end) {
                q := add(q, 0x40)
            } {
                let v := mulmod(mload(q), F, R)
                let w := mload(add(q, 0x20))
                let a := mulmod(add(y, sub(R, u)), add(w, sub(R, v)), R)
                let b := mulmod(add(y, u), add(w, v), R)
                let c := mulmod(mulmod(t, TWO_D, R), mulmod(v, w, R), R)
                let d := add(z, z)
                let e := add(b, sub(R, a))
                let f := add(d, sub(R, c))
                let g := add(d, c)
                let h := add(b, a)
                u := mulmod(e, f, R)
                y := mulmod(g, h, R)
                t := mulmod(e, h, R)
                z := mulmod(f, g, R)
            }
        }
        return affine(u, y, z);
    }

    /// @return results 2^power·P of every P, affine
    function timesPowerOfTwo(uint256[] memory points, uint256 power) internal view returns (uint256[] memory results) {
        uint256 count = points.length / 2;
        results = new uint256[](2 * count);
        uint256[] memory inverses = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            assembly ('memory-safe') {
                let offset := add(0x20, mul(i, 0x40))
                let u := mulmod(mload(add(points, offset)), F, R)
                let y := mload(add(points, add(offset, 0x20)))
                let z := 1
                for {
                    let k := power
                } k {
                    k := sub(k, 1)
                } {
                    let a := mulmod(u, u, R)
                    let b := mulmod(y, y, R)
                    let c := mulmod(z, z, R)
                    let e := mulmod(u, y, R)
                    e := add(e, e)
                    let g := add(b, sub(R, a))
                    let f := add(g, sub(R, addmod(c, c, R)))
                    let h := sub(add(R, R), add(a, b))
                    u := mulmod(e, f, R)
                    y := mulmod(g, h, R)
                    z := mulmod(f, g, R)
                }
                mstore(add(results, offset), mulmod(u, F_INVERSE, R))
                mstore(add(results, add(offset, 0x20)), y)
                mstore(add(inverses, add(0x20, mul(i, 0x20))), z)
            }
        }
        ModularInverse.invertAll(inverses);
        for (uint256 i = 0; i < count; ++i) {
            results[2 * i] = mulmod(results[2 * i], inverses[i], R);
            results[2 * i + 1] = mulmod(results[2 * i + 1], inverses[i], R);
        }
    }

    /// @return x y affine, on BabyJubJub, of a projective point of the isomorphic curve
    function affine(uint256 u, uint256 y, uint256 z) internal view returns (uint256, uint256) {
        uint256 inverse = ModularInverse.invert(z);
        return (mulmod(mulmod(u, F_INVERSE, R), inverse, R), mulmod(y, inverse, R));
    }
}
