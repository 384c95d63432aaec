// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.30;

import {EdwardsSums} from './EdwardsSums.sol';

/// @title Sums of multiples of BabyJubJub points
/// @notice Here, in `EdwardsSums` and in `Lanes` points live on the isomorphic curve −u² + y² = 1 + d'·u²·y²,
/// u = f·x with f² = −168700, d' = −168696/168700, in extended coordinates (U, Y, Z, T), UY = ZT (Hisil, Wong, Carter, Dawson 2008,
/// "Twisted Edwards Curves Revisited", §3.1 and §3.3 with a = −1): 8 products an addition instead of 10. −1 is a square mod r, so this
/// curve's law is complete as well. A *cached* summand is (Y − U, Y + U, 2d'T, 2Z). Values between operations may exceed r (never 2^256):
/// `mulmod` takes them.
library Straus {
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    /// @dev f with f² = −168700 mod r, and 2·d'.
    uint256 private constant F = 6360561867910373094066688120553762416144456282423235903351243436111059670888;
    uint256 private constant TWO_D = 2475045175004185027501911298141836274980133961483913877536377848625489762075;
    /// @dev 8 in each of 64 digits: added to a scalar it turns digits 0…15 into signed digits −8…7.
    uint256 private constant EIGHTS = 0x8888888888888888888888888888888888888888888888888888888888888888;
    uint256 private constant TWO_R = 43776485743678550444492811490514550177096728800832068687396408373151616991234;
    /// @dev Bytes of a point's table: its scalar, then sixteen multiples of four words.
    uint256 private constant BLOCK = 0x820;
    uint256 private constant SCALAR_LIMIT = 1 << 254;

    error LengthsDiffer(uint256 words, uint256 scalars);
    error ScalarTooLarge(uint256 index);

    /// @return x y Σ scalars[i]·points[i] on BabyJubJub, affine
    function combine(uint256[] memory points, uint256[] memory scalars) internal view returns (uint256 x, uint256 y) {
        (uint256 u, uint256 v, uint256 z) = _combination(points, scalars);
        return EdwardsSums.affine(u, v, z);
    }

    /// @return whether Σ scalars[i]·points[i] = (x, y), coordinates below r; costs no inversion
    function combinesTo(
        uint256[] memory points,
        uint256[] memory scalars,
        uint256 x,
        uint256 y
    ) internal pure returns (bool) {
        (uint256 u, uint256 v, uint256 z) = _combination(points, scalars);
        return u == mulmod(mulmod(x, F, R), z, R) && v == mulmod(y, z, R);
    }

    /// @return u y z the sum, projective on the isomorphic curve, each below r
    function _combination(
        uint256[] memory points,
        uint256[] memory scalars
    ) private pure returns (uint256 u, uint256 y, uint256 z) {
        if (points.length != 2 * scalars.length) revert LengthsDiffer(points.length, scalars.length);
        uint256 any;
        for (uint256 i = 0; i < scalars.length; ++i) {
            if (scalars[i] >= SCALAR_LIMIT) revert ScalarTooLarge(i);
            any |= scalars[i];
        }
        (uint256 first, uint256 end) = _tables(points, scalars);
        return _combine(first, end, _topShift(any));
    }

    /// @dev A table for every point P: its scalar plus EIGHTS, then −8P, −7P, …, 7P, cached, 4 words each, so that a digit is an offset.
    /// The ninth entry would be O, which no digit asks for; P is the tenth, −P the eighth. (`leave`: see `_combine`.)
    function _tables(
        uint256[] memory points,
        uint256[] memory scalars
    ) private pure returns (uint256 firstTable, uint256 endOfTables) {
        assembly ('memory-safe') {
            function fill(zero, u, y) {
                let z := 1
                let t := mulmod(u, y, R)
                let one := add(zero, 0x80)
                for {
                    let k := 0x80
                } 1 {
                    k := add(k, 0x80)
                } {
                    let difference := add(y, sub(R, u))
                    let total := add(y, u)
                    let product := mulmod(t, TWO_D, R)
                    let entry := sub(zero, k)
                    mstore(entry, total)
                    mstore(add(entry, 0x20), difference)
                    mstore(add(entry, 0x40), sub(R, product))
                    mstore(add(entry, 0x60), add(z, z))
                    if eq(k, 0x400) {
                        leave
                    }
                    entry := add(zero, k)
                    mstore(entry, difference)
                    mstore(add(entry, 0x20), total)
                    mstore(add(entry, 0x40), product)
                    mstore(add(entry, 0x60), add(z, z))
                    let a := mulmod(difference, mload(one), R)
                    let b := mulmod(total, mload(add(one, 0x20)), R)
                    let c := mulmod(t, mload(add(one, 0x40)), R)
                    let e := add(b, sub(R, a))
                    let d := add(z, z)
                    let f := add(d, sub(R, c))
                    let g := add(d, c)
                    let h := add(b, a)
                    u := mulmod(e, f, R)
                    y := mulmod(g, h, R)
                    t := mulmod(e, h, R)
                    z := mulmod(f, g, R)
                }
            }
            firstTable := mload(0x40)
            endOfTables := add(firstTable, mul(mload(scalars), BLOCK))
            mstore(0x40, endOfTables)
            let q := add(points, 0x20)
            let s := add(scalars, 0x20)
            for {
                let table := firstTable
            } lt(table, endOfTables) {
                table := add(table, BLOCK)
            } {
                mstore(table, add(mload(s), EIGHTS))
                if mload(s) {
                    fill(add(table, 0x420), mulmod(mload(q), F, R), mload(add(q, 0x20)))
                }
                s := add(s, 0x20)
                q := add(q, 0x40)
            }
        }
    }

    /// @return shift bit position of the highest window in which a signed digit can differ from 0: one above the highest bit, for the carry
    function _topShift(uint256 any) private pure returns (uint256 shift) {
        unchecked {
            shift = any >> 124 == 0 ? 128 : 252;
            while (shift != 0 && any >> (shift - 4) == 0) shift -= 4;
        }
    }

    /// @dev The accumulator stays on the stack; the four doublings of a window are written out, a loop would cost a third more. A Yul
    /// function with `leave` is never inlined: inside a caller with variables of its own, the accumulator would move to memory.
    function _combine(
        uint256 firstTable,
        uint256 endOfTables,
        uint256 topShift
    ) private pure returns (uint256 resultU, uint256 resultY, uint256 resultZ) {
        assembly ('memory-safe') {
            function combine(first, end, top) -> u, y, z {
                y := 1
                z := 1
                let t := 0
                for {
                    let shift := top
                } 1 {
                    shift := sub(shift, 4)
                } {
                    if lt(shift, top) {
                        {
                            let a := mulmod(u, u, R)
                            let b := mulmod(y, y, R)
                            let c := mulmod(z, z, R)
                            let e := mulmod(u, y, R)
                            e := add(e, e)
                            let g := add(b, sub(R, a))
                            let f := add(g, sub(TWO_R, add(c, c)))
                            let h := sub(TWO_R, add(a, b))
                            u := mulmod(e, f, R)
                            y := mulmod(g, h, R)
                            z := mulmod(f, g, R)
                        }
                        {
                            let a := mulmod(u, u, R)
                            let b := mulmod(y, y, R)
                            let c := mulmod(z, z, R)
                            let e := mulmod(u, y, R)
                            e := add(e, e)
                            let g := add(b, sub(R, a))
                            let f := add(g, sub(TWO_R, add(c, c)))
                            let h := sub(TWO_R, add(a, b))
                            u := mulmod(e, f, R)
                            y := mulmod(g, h, R)
                            z := mulmod(f, g, R)
                        }
                        {
                            let a := mulmod(u, u, R)
                            let b := mulmod(y, y, R)
                            let c := mulmod(z, z, R)
                            let e := mulmod(u, y, R)
                            e := add(e, e)
                            let g := add(b, sub(R, a))
                            let f := add(g, sub(TWO_R, add(c, c)))
                            let h := sub(TWO_R, add(a, b))
                            u := mulmod(e, f, R)
                            y := mulmod(g, h, R)
                            z := mulmod(f, g, R)
                        }
                        {
                            let a := mulmod(u, u, R)
                            let b := mulmod(y, y, R)
                            let c := mulmod(z, z, R)
                            let e := mulmod(u, y, R)
                            e := add(e, e)
                            let g := add(b, sub(R, a))
                            let f := add(g, sub(TWO_R, add(c, c)))
                            let h := sub(TWO_R, add(a, b))
                            u := mulmod(e, f, R)
                            y := mulmod(g, h, R)
                            z := mulmod(f, g, R)
                            t := mulmod(e, h, R)
                        }
                    }
                    for {
                        let table := first
                    } lt(table, end) {
                        table := add(table, BLOCK)
                    } {
                        let digit := and(shr(shift, mload(table)), 15)
                        // 8 stands for 0: a short scalar among long ones costs next to nothing.
                        if eq(digit, 8) {
                            continue
                        }
                        let entry := add(add(table, 0x20), shl(7, digit))
                        let a := mulmod(add(y, sub(R, u)), mload(entry), R)
                        let b := mulmod(add(y, u), mload(add(entry, 0x20)), R)
                        let c := mulmod(t, mload(add(entry, 0x40)), R)
                        let d := mulmod(z, mload(add(entry, 0x60)), R)
                        let e := add(b, sub(R, a))
                        let f := add(d, sub(R, c))
                        let g := add(d, c)
                        let h := add(b, a)
                        u := mulmod(e, f, R)
                        y := mulmod(g, h, R)
                        t := mulmod(e, h, R)
                        z := mulmod(f, g, R)
                    }
                    if iszero(shift) {
                        leave
                    }
                }
            }
            resultU, resultY, resultZ := combine(firstTable, endOfTables, topShift)
        }
    }
}
