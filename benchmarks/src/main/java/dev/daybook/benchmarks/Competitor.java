package dev.daybook.benchmarks;

import dev.daybook.Durability;
import java.io.IOException;
import java.nio.file.Path;

/** Those who log beside one another: all keep metric, step, value and the time in milliseconds, which each reads by itself. */
enum Competitor {
    DAYBOOK_METRIC("Daybook `Metric.log`, PROCESS") {
        @Override
        Store open(Path folder) throws IOException {
            return new DaybookStore(folder, Durability.PROCESS, false);
        }
    },
    DAYBOOK_NAME("Daybook `logMetric(String)`, PROCESS") {
        @Override
        Store open(Path folder) throws IOException {
            return new DaybookStore(folder, Durability.PROCESS, true);
        }
    },
    DAYBOOK_DEFAULT("Daybook `Metric.log`, INTERVAL (default)") {
        @Override
        Store open(Path folder) throws IOException {
            return new DaybookStore(folder, Durability.INTERVAL, false);
        }
    },
    CHRONICLE_OWN("Chronicle Queue, an appender per thread, `writeBytes`") {
        @Override
        Store open(Path folder) {
            return new ChronicleStore(folder, ChronicleStore.Way.OWN);
        }
    },
    CHRONICLE_SHARED("Chronicle Queue, one appender under a lock, `writeBytes`") {
        @Override
        Store open(Path folder) {
            return new ChronicleStore(folder, ChronicleStore.Way.SHARED);
        }
    },
    CHRONICLE_DOCUMENT("Chronicle Queue, an appender per thread, `writingDocument`") {
        @Override
        Store open(Path folder) {
            return new ChronicleStore(folder, ChronicleStore.Way.DOCUMENT);
        }
    },
    MAPPED("mapped memory, a file per thread, CRC32C (the floor)") {
        @Override
        Store open(Path folder) throws IOException {
            return new MappedStore(folder);
        }
    },
    BUFFERED("FileChannel, 64 KiB buffer per thread, CRC32C (lost by `kill -9`)") {
        @Override
        Store open(Path folder) throws IOException {
            return new BufferedStore(folder);
        }
    },
    TIMER("nothing: the timer's own cost") {
        @Override
        Store open(Path folder) {
            return new NoStore(folder);
        }
    };

    private final String title;

    Competitor(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Whether it does what the others do, and not nothing. */
    boolean logs() {
        return this != TIMER;
    }

    /** Opens its store in a folder that need not exist. */
    abstract Store open(Path folder) throws IOException;
}
