package dev.daybook.journal;

import dev.daybook.port.Cut;
import java.util.zip.CRC32C;

/** One writer's records of one experiment in one generation, counted: as they are written, and again as they are read. */
final class MetricTrack {

    private final int writer;
    private final CRC32C checksum = new CRC32C();
    private final byte[] scratch = new byte[Integer.BYTES];
    private int records;

    MetricTrack(int writer) {
        this(writer, 0);
    }

    /** One that was counted so far by somebody else, without the checksum. */
    MetricTrack(int writer, int records) {
        this.writer = writer;
        this.records = records;
    }

    int writer() {
        return writer;
    }

    int records() {
        return records;
    }

    /** The sequence number of the next record. */
    int nextSequence() {
        if (records == Integer.MAX_VALUE) {
            throw new IllegalStateException("a generation takes no more than " + records + " records of a writer");
        }
        return records + 1;
    }

    /**
     * Counts one more.
     *
     * @param crc the record's checksum
     */
    void add(int crc) {
        scratch[0] = (byte) crc;
        scratch[1] = (byte) (crc >>> 8);
        scratch[2] = (byte) (crc >>> 16);
        scratch[3] = (byte) (crc >>> 24);
        checksum.update(scratch, 0, Integer.BYTES);
        records++;
    }

    /**
     * Counts several more.
     *
     * @param crcs their checksums, in order, little endian
     */
    void add(byte[] crcs, int count) {
        checksum.update(crcs, 0, count * Integer.BYTES);
        records += count;
    }

    Cut.Writer cut() {
        return new Cut.Writer(writer, records, (int) checksum.getValue());
    }
}
