package dev.daybook.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A record of 40 bytes as Daybook's journal has it, little endian. The sequence is written last, with release, so that a record in mapped
 * memory is either there as a whole or not at all when the process dies.
 *
 * <p>Makes one record after the other; not thread-safe.
 */
final class Slot {

    static final int SEQUENCE = 0;
    static final int METRIC = 4;
    static final int STEP = 8;
    static final int VALUE = 16;
    static final int TIME = 24;
    static final int CRC = 32;
    static final int BYTES = 40;

    /** What the CRC32C is of: all before it. */
    static final int SUMMED_BYTES = CRC;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] summed = new byte[SUMMED_BYTES];
    private final ByteBuffer view = ByteBuffer.wrap(summed).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private int sequence;

    /** Writes the next record, with the time that it is now, into memory that is not on the heap. */
    void publish(ByteBuffer target, int at, int metric, long step, double value) {
        long time = System.currentTimeMillis();
        int checksum = make(metric, step, value, time);
        target.putInt(at + METRIC, metric);
        target.putLong(at + STEP, step);
        target.putDouble(at + VALUE, value);
        target.putLong(at + TIME, time);
        target.putInt(at + CRC, checksum);
        INT.setRelease(target, at + SEQUENCE, sequence);
    }

    /** Gives the next record as bytes. */
    void copyTo(byte[] target, int metric, long step, double value) {
        int checksum = make(metric, step, value, System.currentTimeMillis());
        System.arraycopy(summed, 0, target, 0, SUMMED_BYTES);
        ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN).putInt(CRC, checksum);
    }

    /** Makes the next record but for its checksum, which it returns. */
    private int make(int metric, long step, double value, long time) {
        sequence++;
        // in eights, as the checksum reads them: a read that spans two writes waits for both
        view.putLong(SEQUENCE, Integer.toUnsignedLong(sequence) | (long) metric << Integer.SIZE);
        view.putLong(STEP, step);
        view.putDouble(VALUE, value);
        view.putLong(TIME, time);
        crc.reset();
        crc.update(summed, 0, SUMMED_BYTES);
        return (int) crc.getValue();
    }

    /** How many were written. */
    int count() {
        return sequence;
    }
}
