package dev.daybook.git.dvc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Compresses bytes by how often each occurs, and by nothing else: DEFLATE (RFC 1951) of one block with a Huffman code of its own and literals
 * only. Of rows of digits this leaves as much as looking for repetitions does, in a fraction of the time; and the bytes are the same with every
 * Java, whatever zlib it has. Used again and again; not thread-safe.
 */
final class LiteralDeflater {

    private static final int END = 256;
    private static final int SYMBOLS = 257;
    private static final int MOST_BITS = 15;

    /** Final block, dynamic code, 257 literal lengths, 1 distance length, 19 lengths of the code in which those are written. */
    private static final int BLOCK_HEADER = 1 | 2 << 1 | 0 << 3 | 0 << 8 | 15 << 13;

    private static final int BLOCK_HEADER_BITS = 17;

    /** The order of RFC 1951, 3.2.7. */
    private static final int[] LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    /** Each length from 0 to 15 is written in so many bits. */
    private static final int LENGTH_BITS = 4;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] counts = new int[SYMBOLS];
    private final int[] lengths = new int[SYMBOLS];

    /** Of each symbol its code, first bit lowest, and behind that, in the four lowest bits, how many bits it has. */
    private final int[] codes = new int[SYMBOLS];

    // What was not written yet, first bit lowest.
    private long bits;
    private int pending;

    /** The most bytes that it makes of so many. */
    static int most(int length) {
        return 2 * length + 256;
    }

    /**
     * Compresses.
     *
     * @param out with room for {@link #most} bytes behind the place
     * @return where it ends
     */
    int write(byte[] text, int length, byte[] out, int begin) {
        count(text, length);
        findLengths();
        assignCodes();
        bits = 0;
        pending = 0;
        int at = writeHeader(out, begin);
        for (int i = 0; i < length; i++) {
            int code = codes[text[i] & 0xFF];
            at = put(code >>> 4, code & 0xF, out, at);
        }
        at = put(codes[END] >>> 4, codes[END] & 0xF, out, at);
        while (pending > 0) {
            out[at++] = (byte) bits;
            bits >>>= Byte.SIZE;
            pending -= Byte.SIZE;
        }
        return at;
    }

    private void count(byte[] text, int length) {
        Arrays.fill(counts, 0);
        for (int i = 0; i < length; i++) {
            counts[text[i] & 0xFF]++;
        }
        counts[END] = 1;
        if (length == 0) {
            // a code has two symbols at least
            counts[0] = 1;
        }
    }

    /** Huffman's, made flatter until no code is longer than the format allows. */
    private void findLengths() {
        var weights = counts.clone();
        while (!tryLengths(weights)) {
            for (int symbol = 0; symbol < SYMBOLS; symbol++) {
                if (weights[symbol] > 0) {
                    weights[symbol] = weights[symbol] / 2 + 1;
                }
            }
        }
    }

    private boolean tryLengths(int[] weights) {
        var nodes = new long[2 * SYMBOLS];
        var parents = new int[2 * SYMBOLS];
        int size = 0;
        var symbols = new int[SYMBOLS];
        for (int symbol = 0; symbol < SYMBOLS; symbol++) {
            if (weights[symbol] > 0) {
                symbols[size] = symbol;
                nodes[size++] = weights[symbol];
            }
        }
        int leaves = size;
        for (int joined = 1; joined < leaves; joined++) {
            int first = takeLeast(nodes, parents, size);
            parents[first] = size;
            int second = takeLeast(nodes, parents, size);
            parents[second] = size;
            nodes[size] = nodes[first] + nodes[second];
            size++;
        }
        Arrays.fill(lengths, 0);
        int longest = 0;
        for (int leaf = 0; leaf < leaves; leaf++) {
            int depth = 0;
            for (int node = leaf; parents[node] > 0; node = parents[node]) {
                depth++;
            }
            lengths[symbols[leaf]] = depth;
            longest = Math.max(longest, depth);
        }
        return longest <= MOST_BITS;
    }

    /** The lightest node without a parent, of several the first. */
    private static int takeLeast(long[] nodes, int[] parents, int size) {
        int least = -1;
        for (int node = 0; node < size; node++) {
            if (parents[node] == 0 && (least < 0 || nodes[node] < nodes[least])) {
                least = node;
            }
        }
        return least;
    }

    /** RFC 1951, 3.2.2: codes of one length are successive numbers, in the order of the symbols. */
    private void assignCodes() {
        int code = 0;
        for (int length = 1; length <= MOST_BITS; length++) {
            for (int symbol = 0; symbol < SYMBOLS; symbol++) {
                if (lengths[symbol] == length) {
                    codes[symbol] = Integer.reverse(code) >>> Integer.SIZE - length << 4 | length;
                    code++;
                }
            }
            code <<= 1;
        }
    }

    private int writeHeader(byte[] out, int begin) {
        int at = put(BLOCK_HEADER, BLOCK_HEADER_BITS, out, begin);
        for (int symbol : LENGTH_ORDER) {
            at = put(symbol <= MOST_BITS ? LENGTH_BITS : 0, 3, out, at);
        }
        for (int length : lengths) {
            at = putLength(length, out, at);
        }
        // the one code of a distance, which never occurs
        return putLength(1, out, at);
    }

    private int putLength(int length, byte[] out, int at) {
        return put(Integer.reverse(length) >>> Integer.SIZE - LENGTH_BITS, LENGTH_BITS, out, at);
    }

    private int put(int value, int count, byte[] out, int at) {
        bits |= (long) value << pending;
        pending += count;
        if (pending < Integer.SIZE) {
            return at;
        }
        INTS.set(out, at, (int) bits);
        bits >>>= Integer.SIZE;
        pending -= Integer.SIZE;
        return at + Integer.BYTES;
    }
}
