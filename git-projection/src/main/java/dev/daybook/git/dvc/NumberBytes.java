package dev.daybook.git.dvc;

import java.nio.charset.StandardCharsets;

/** Numbers as ASCII straight into an array, for millions of rows: no text is made. Used again and again; not thread-safe. */
final class NumberBytes {

    /** No double needs more: {@code -1.2345678901234567e-308}. */
    static final int MOST_DOUBLE_BYTES = 24;

    /** {@code -9223372036854775808}. */
    static final int MOST_LONG_BYTES = 20;

    private static final int LOWEST_PLAIN_EXPONENT = -4;
    private static final int LOWEST_SCIENTIFIC_EXPONENT = 16;

    /** The two digits of each number below 100. */
    private static final byte[] PAIRS = new byte[200];

    private static final long[] POWERS = new long[19];

    static {
        for (int i = 0; i < 100; i++) {
            PAIRS[2 * i] = (byte) ('0' + i / 10);
            PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
        }
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = 10 * POWERS[i - 1];
        }
    }

    private final ShortestDecimal decimal = new ShortestDecimal();

    /**
     * Writes a number without a fraction.
     *
     * @return where it ends
     */
    static int write(long value, byte[] out, int at) {
        if (value == Long.MIN_VALUE) {
            var bytes = Long.toString(value).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(bytes, 0, out, at, bytes.length);
            return at + bytes.length;
        }
        int begin = at;
        if (value < 0) {
            out[begin++] = '-';
        }
        long positive = Math.abs(value);
        int end = begin + length(positive);
        putDigits(positive, out, end);
        return end;
    }

    /**
     * Writes a number in the spelling of {@link Numbers#shortest}.
     *
     * @param value finite
     * @return where it ends
     */
    int write(double value, byte[] out, int at) {
        int begin = at;
        if (Double.doubleToRawLongBits(value) < 0) {
            out[begin++] = '-';
        }
        if (value == 0) {
            return put("0.0", out, begin);
        }
        decimal.find(value);
        int length = length(decimal.digits());
        int exponent = decimal.exponent() + length - 1;
        if (exponent < LOWEST_PLAIN_EXPONENT || exponent >= LOWEST_SCIENTIFIC_EXPONENT) {
            return scientific(length, exponent, out, begin);
        }
        if (exponent < 0) {
            int digits = zeros(-exponent - 1, out, put("0.", out, begin));
            putDigits(decimal.digits(), out, digits + length);
            return digits + length;
        }
        if (length <= exponent + 1) {
            putDigits(decimal.digits(), out, begin + length);
            return put(".0", out, zeros(exponent + 1 - length, out, begin + length));
        }
        return withPoint(exponent + 1, length, out, begin);
    }

    private int scientific(int length, int exponent, byte[] out, int begin) {
        int at = length == 1 ? put(".0", out, digit(out, begin)) : withPoint(1, length, out, begin);
        out[at++] = 'e';
        out[at++] = (byte) (exponent < 0 ? '-' : '+');
        int magnitude = Math.abs(exponent);
        if (magnitude < 10) {
            out[at++] = '0';
        }
        return write((long) magnitude, out, at);
    }

    private int digit(byte[] out, int begin) {
        out[begin] = (byte) ('0' + decimal.digits());
        return begin + 1;
    }

    /** The digits with a point behind so many of them. */
    private int withPoint(int whole, int length, byte[] out, int begin) {
        putDigits(decimal.digits(), out, begin + length + 1);
        // the digits before the point stand one place too far behind
        System.arraycopy(out, begin + 1, out, begin, whole);
        out[begin + whole] = '.';
        return begin + length + 1;
    }

    private static int put(String ascii, byte[] out, int at) {
        for (int i = 0; i < ascii.length(); i++) {
            out[at + i] = (byte) ascii.charAt(i);
        }
        return at + ascii.length();
    }

    private static int zeros(int count, byte[] out, int at) {
        for (int i = 0; i < count; i++) {
            out[at + i] = '0';
        }
        return at + count;
    }

    private static int length(long positive) {
        int length = 1;
        while (length < POWERS.length && positive >= POWERS[length]) {
            length++;
        }
        return length;
    }

    /** Puts all digits of a number so that they end before a place. */
    private static void putDigits(long positive, byte[] out, int end) {
        long rest = positive;
        int at = end;
        while (rest > Integer.MAX_VALUE) {
            at = putPair((int) (rest % 100), out, at);
            rest /= 100;
        }
        int small = (int) rest; // whose division is quicker
        while (small >= 100) {
            at = putPair(small % 100, out, at);
            small /= 100;
        }
        if (small >= 10) {
            putPair(small, out, at);
        } else {
            out[at - 1] = (byte) ('0' + small);
        }
    }

    private static int putPair(int number, byte[] out, int at) {
        out[at - 2] = PAIRS[2 * number];
        out[at - 1] = PAIRS[2 * number + 1];
        return at - 2;
    }
}
