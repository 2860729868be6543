package dev.daybook.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/** A raw Chronicle queue, a document of 40 bytes per record, and its own tailer. */
final class ChronicleArchive implements Archive {

    @Override
    public void write(Path folder, long records) {
        try (var queue = Queues.open(folder);
                var appender = queue.createAppender()) {
            var bytes = new byte[Slot.BYTES];
            var slot = new Slot();
            var document = Bytes.allocateDirect(Slot.BYTES);
            for (long record = 0; record < records; record++) {
                slot.copyTo(bytes, (int) (record % METRICS), record, Archive.value(record));
                document.clear();
                document.write(bytes);
                appender.writeBytes(document);
            }
        }
    }

    @Override
    public Times read(Path folder, long records) {
        long begun = System.nanoTime();
        try (var queue = Queues.open(folder)) {
            long opened = System.nanoTime();
            var fold = new Fold();
            try (var tailer = queue.createTailer()) {
                // spares Chronicle a check per document
                tailer.singleThreadedCheckDisabled(true);
                fold.readAll(tailer);
            }
            long folded = System.nanoTime();
            for (int metric = 0; metric < METRICS; metric++) {
                Archive.check(metric, records, fold.metrics[metric].sums());
            }
            return new Times(opened - begun, folded - opened);
        }
    }

    /** Reads a document into an array, as Daybook's reader does, because there its checksum is quickest to compute. */
    private static final class Fold {

        private final byte[] bytes = new byte[Slot.BYTES];
        private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        private final CRC32C crc = new CRC32C();
        private final Accumulator[] metrics = new Accumulator[METRICS];
        private int sequence;

        Fold() {
            for (int metric = 0; metric < METRICS; metric++) {
                metrics[metric] = new Accumulator();
            }
        }

        void readAll(ExcerptTailer tailer) {
            while (true) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        return;
                    }
                    document.wire().bytes().read(bytes);
                }
                fold();
            }
        }

        private void fold() {
            crc.reset();
            crc.update(bytes, 0, Slot.SUMMED_BYTES);
            sequence++;
            if (buffer.getInt(Slot.SEQUENCE) != sequence || buffer.getInt(Slot.CRC) != (int) crc.getValue()) {
                throw new IllegalStateException("record " + sequence + " was not read as it was written");
            }
            metrics[buffer.getInt(Slot.METRIC)].add(buffer.getLong(Slot.STEP), buffer.getDouble(Slot.VALUE));
        }
    }

    /** What Daybook keeps of a metric. */
    private static final class Accumulator {

        private long count;
        private long lastStep;
        private double last;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private double sum;

        void add(long step, double value) {
            count++;
            lastStep = step;
            last = value;
            min = Math.min(min, value);
            max = Math.max(max, value);
            sum += value;
        }

        MetricFold sums() {
            return new MetricFold(count, lastStep, last, min, max, sum / count);
        }
    }
}
