package dev.daybook.git.dvc;

import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Makes rows of records, {@code step TAB value LF}, and compresses them if that is wanted. Used again and again by one thread at a time.
 *
 * <p>What is compressed is a member of a gzip file, which may have any number of them (RFC 1952): each is made by itself, whoever makes it and
 * when. It names no time and no system.
 */
final class SeriesEncoder {

    private static final int MOST_ROW_BYTES = NumberBytes.MOST_LONG_BYTES + NumberBytes.MOST_DOUBLE_BYTES + 2;

    /** RFC 1952: magic, deflate, no flags, no time, made for speed, of an unknown system. */
    private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 4, (byte) 0xFF};

    private static final int TRAILER_BYTES = 8;

    private final NumberBytes numbers = new NumberBytes();
    private final LiteralDeflater deflater = new LiteralDeflater();
    private byte[] text = {};
    private byte[] packed = {};

    byte[] rows(SeriesChunk chunk) {
        int length = format(chunk);
        return Arrays.copyOf(text, length);
    }

    byte[] gzip(SeriesChunk chunk) {
        return gzip(format(chunk));
    }

    byte[] gzip(byte[] bytes) {
        text = bytes.clone();
        return gzip(bytes.length);
    }

    private int format(SeriesChunk chunk) {
        if (text.length < chunk.size() * MOST_ROW_BYTES) {
            text = new byte[chunk.size() * MOST_ROW_BYTES];
        }
        int at = 0;
        for (int record = 0; record < chunk.size(); record++) {
            at = row(chunk.step(record), chunk.value(record), text, at);
        }
        return at;
    }

    private int row(long step, double value, byte[] out, int begin) {
        int at = NumberBytes.write(step, out, begin);
        out[at++] = '\t';
        at = PythonFloat.write(value, numbers, out, at);
        out[at++] = '\n';
        return at;
    }

    private byte[] gzip(int length) {
        var checksum = new CRC32();
        checksum.update(text, 0, length);
        int room = HEADER.length + LiteralDeflater.most(length);
        if (packed.length < room) {
            packed = new byte[room];
        }
        int end = deflater.write(text, length, packed, HEADER.length);
        var member = Arrays.copyOf(packed, end + TRAILER_BYTES);
        System.arraycopy(HEADER, 0, member, 0, HEADER.length);
        putInt((int) checksum.getValue(), member, end);
        putInt(length, member, end + Integer.BYTES);
        return member;
    }

    private static void putInt(int value, byte[] out, int at) {
        for (int i = 0; i < Integer.BYTES; i++) {
            out[at + i] = (byte) (value >>> Byte.SIZE * i);
        }
    }
}
