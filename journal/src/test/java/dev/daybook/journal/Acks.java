package dev.daybook.journal;

import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** What a program was told is safe, kept where its death does not reach: counters in a mapped file of their own. */
final class Acks {

    /** The last one counts nothing. */
    static final int LIMIT = 7;

    private static final int COUNTERS = 8;

    private final LongBuffer counters;

    Acks(Path file) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            counters = channel.map(FileChannel.MapMode.READ_WRITE, 0, COUNTERS * Long.BYTES)
                    .asLongBuffer();
        }
    }

    void set(int counter, long value) {
        counters.put(counter, value);
    }

    long get(int counter) {
        return counters.get(counter);
    }

    long total() {
        long total = 0;
        for (int i = 0; i < LIMIT; i++) {
            total += counters.get(i);
        }
        return total;
    }

    /** In the program: waits until the test allows more than there are, if it has set a limit. */
    void awaitAllowance() {
        while (get(LIMIT) > 0 && total() >= get(LIMIT)) {
            Thread.onSpinWait();
        }
    }

    /** Waits until there are so many in all, for as long as the program runs. */
    void await(long acks, Process program) throws InterruptedException {
        while (total() < acks) {
            if (program.waitFor(1, TimeUnit.MILLISECONDS)) {
                throw new AssertionError(
                        "the program ended with " + program.exitValue() + " after " + total() + " acks");
            }
        }
    }
}
