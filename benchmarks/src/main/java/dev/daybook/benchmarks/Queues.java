package dev.daybook.benchmarks;

import java.nio.file.Path;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/** Opens raw Chronicle queues as Daybook opens its own: the settings that were found to be the best for it. */
final class Queues {

    static {
        // as Daybook does: no telemetry, and no thread that watches the disk
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
    }

    private Queues() {}

    /** A queue that never rolls, and never reads the clock to see whether it should. */
    static SingleChronicleQueue open(Path folder) {
        return SingleChronicleQueueBuilder.binary(folder)
                .rollCycle(RollCycles.FAST_DAILY)
                .timeProvider(() -> 0L)
                .blockSize(32 << 20)
                .timeoutMS(2_000)
                .build();
    }
}
