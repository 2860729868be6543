package dev.daybook.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Numbers in a mapped file between a test and its child: what was written before a kill is read after it. */
final class Acks {

    static final int METRICS = 0;
    static final int PARAMS = 1;
    static final int CHECKPOINTS = 2;
    /** Written by the test: what the child is to do. */
    static final int ORDER = 3;

    static final int TAKEN_OVER = 4;

    private static final int SIZE = 5;

    private final MappedByteBuffer buffer;

    Acks(Path file) {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE * Long.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long get(int slot) {
        return buffer.getLong(slot * Long.BYTES);
    }

    void set(int slot, long value) {
        buffer.putLong(slot * Long.BYTES, value);
    }

    void increment(int slot) {
        set(slot, get(slot) + 1);
    }
}
