package dev.daybook.benchmarks;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** The most heap that was used at one moment: it only falls in a collection, so it is highest before one, or now. */
final class PeakHeap {

    private final AtomicLong peakBytes = new AtomicLong();

    /** Begins to watch. */
    PeakHeap() {
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener((notification, none) -> collected(notification.getUserData()), null, null);
        }
    }

    private void collected(Object data) {
        if (data instanceof CompositeData composite) {
            var pools = GarbageCollectionNotificationInfo.from(composite)
                    .getGcInfo()
                    .getMemoryUsageBeforeGc();
            // the other pools are no heap
            see(ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .map(pool -> pools.get(pool.getName()))
                    .mapToLong(MemoryUsage::getUsed)
                    .sum());
        }
    }

    private void see(long bytes) {
        peakBytes.accumulateAndGet(bytes, Math::max);
    }

    /** The peak so far. */
    long bytes() {
        see(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        return peakBytes.get();
    }

    /** The memory of the process that no file stands behind: heap, code, the virtual machine itself. */
    static long anonymousKibibytes() throws IOException {
        return Machine.kibibytes(Machine.field(Files.readAllLines(Path.of("/proc/self/status")), "RssAnon"));
    }
}
