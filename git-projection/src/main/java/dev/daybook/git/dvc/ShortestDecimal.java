package dev.daybook.git.dvc;

import java.math.BigInteger;

/**
 * The shortest decimal that reads back as a double, the closest of them if there are several, found with three multiplications of 64 by 128
 * bits and no searching.
 *
 * <p>Source: Raffaele Giulietti, <em>The Schubfach way to render doubles</em>, 2020; the names of the variables are those of the paper. Used
 * again and again; not thread-safe.
 */
final class ShortestDecimal {

    private static final int FRACTION_BITS = 52;
    private static final long HIDDEN_BIT = 1L << FRACTION_BITS;
    private static final int EXPONENT_MASK = 0x7FF;
    private static final int BIAS = 1023 + FRACTION_BITS;

    private static final int LEAST_POWER = -292;
    private static final int GREATEST_POWER = 324;
    private static final int POWER_BITS = 128;

    /** The first 128 bits of each power of ten, rounded up, in two halves. */
    private static final long[] HIGH = new long[GREATEST_POWER - LEAST_POWER + 1];

    private static final long[] LOW = new long[HIGH.length];

    static {
        for (int power = LEAST_POWER; power <= GREATEST_POWER; power++) {
            var bits = leadingBits(power);
            HIGH[power - LEAST_POWER] = bits.shiftRight(Long.SIZE).longValue();
            LOW[power - LEAST_POWER] = bits.longValue();
        }
    }

    private long digits;
    private int exponent;

    private static BigInteger leadingBits(int power) {
        var ten = BigInteger.TEN.pow(Math.abs(power));
        if (power >= 0) {
            int surplus = ten.bitLength() - POWER_BITS;
            return surplus <= 0
                    ? ten.shiftLeft(-surplus)
                    : up(ten.divideAndRemainder(BigInteger.ONE.shiftLeft(surplus)));
        }
        return up(BigInteger.ONE.shiftLeft(POWER_BITS - 1 + ten.bitLength()).divideAndRemainder(ten));
    }

    private static BigInteger up(BigInteger[] quotientAndRemainder) {
        return quotientAndRemainder[1].signum() == 0
                ? quotientAndRemainder[0]
                : quotientAndRemainder[0].add(BigInteger.ONE);
    }

    /**
     * Finds it for a finite value other than zero; the sign does not count. Then the value is {@link #digits} times ten to the {@link
     * #exponent}.
     */
    void find(double value) {
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & HIDDEN_BIT - 1;
        int biased = (int) (bits >>> FRACTION_BITS) & EXPONENT_MASK;
        long c = biased == 0 ? fraction : HIDDEN_BIT | fraction;
        int q = (biased == 0 ? 1 : biased) - BIAS;
        if (q <= 0 && q > -FRACTION_BITS - 1 && (c & (1L << -q) - 1) == 0) {
            set(c >> -q, 0);
        } else {
            // the double below a power of two is only half as far away as the one above
            search(c, q, fraction == 0 && biased > 1);
        }
    }

    private void search(long c, int q, boolean isLowerCloser) {
        int k = q * 1262611 - (isLowerCloser ? 524031 : 0) >> 22; // floor(log10(the width of the interval))
        int h = q + (-k * 1741647 >> 19) + 1; // floor(log2(10^-k)) is the second term
        long high = HIGH[-k - LEAST_POWER];
        long low = LOW[-k - LEAST_POWER];
        long vb = roundToOdd(high, low, 4 * c << h);
        // of the two ends of the interval, rounding half to even reads both as an even c, and none as an odd one
        long odd = c & 1;
        long lower = roundToOdd(high, low, 4 * c - (isLowerCloser ? 1 : 2) << h) + odd;
        long upper = roundToOdd(high, low, 4 * c + 2 << h) - odd;
        long s = vb >> 2;
        long tenth = s / 10;
        if (tenth > 0) {
            boolean isFloorInside = lower <= 40 * tenth;
            boolean isCeilingInside = 40 * tenth + 40 <= upper;
            if (isFloorInside != isCeilingInside) {
                set(isFloorInside ? tenth : tenth + 1, k + 1);
                return;
            }
        }
        boolean isFloorInside = lower <= 4 * s;
        boolean isCeilingInside = 4 * s + 4 <= upper;
        if (isFloorInside != isCeilingInside) {
            set(isFloorInside ? s : s + 1, k);
        } else {
            long middle = 4 * s + 2;
            boolean isUp = vb > middle || vb == middle && (s & 1) != 0;
            set(isUp ? s + 1 : s, k);
        }
    }

    /** The product without its last 128 bits, with the last bit set where those were not 0. */
    private static long roundToOdd(long high, long low, long factor) {
        long fromLow = unsignedHigh(low, factor);
        long middle = high * factor + fromLow;
        long carry = Long.compareUnsigned(middle, fromLow) < 0 ? 1 : 0;
        long top = unsignedHigh(high, factor) + carry;
        return Long.compareUnsigned(middle, 1) > 0 ? top | 1 : top;
    }

    /** @param factor not negative */
    private static long unsignedHigh(long unsigned, long factor) {
        return Math.multiplyHigh(unsigned, factor) + (unsigned >> Long.SIZE - 1 & factor);
    }

    /** Without zeros at the end. */
    private void set(long someDigits, int someExponent) {
        long rest = someDigits;
        int zeros = 0;
        while (rest % 10_000 == 0) {
            rest /= 10_000;
            zeros += 4;
        }
        while (rest % 10 == 0) {
            rest /= 10;
            zeros++;
        }
        digits = rest;
        exponent = someExponent + zeros;
    }

    long digits() {
        return digits;
    }

    int exponent() {
        return exponent;
    }
}
