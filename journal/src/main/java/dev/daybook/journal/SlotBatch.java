package dev.daybook.journal;

import dev.daybook.port.MetricBatch;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Slots of one block, one behind the other, copied out of the file, checked and given out. Used again and again; not thread-safe. */
final class SlotBatch implements MetricBatch {

    /** What stays in the processor's cache from the copying to the folding. */
    static final int MOST_SLOTS = 256;

    /** From so many on, checking them in one go is quicker. */
    private static final int MANY_SLOTS = 16;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final SlotChecksum checksum = new SlotChecksum();
    private final byte[] slots = new byte[MOST_SLOTS * Frame.SLOT_BYTES];
    private final byte[] checksums = new byte[MOST_SLOTS * Integer.BYTES];
    private int size;
    private int taken;

    /** Goes on with the slots of another block. */
    void begin(long document, int writer) {
        checksum.begin(document, writer);
        size = 0;
        taken = 0;
    }

    /** Takes over so many slots, unchecked, in the place of those before. */
    void copy(QueueFile file, long position, int count) throws IOException {
        size = 0;
        taken = 0;
        file.copy(position, slots, count * Frame.SLOT_BYTES);
    }

    /**
     * Checks the slots: the batch has as many as were found right.
     *
     * @param sequence of the record before them
     * @return false if one of them is empty
     */
    boolean check(int count, int sequence) throws DamagedException {
        if (count >= MANY_SLOTS && areSuccessors(count, sequence) && checksum.areRight(slots, count)) {
            size = count;
            return true;
        }
        for (int slot = 0; slot < count; slot++) {
            int at = slot * Frame.SLOT_BYTES;
            int expected = sequence + slot + 1;
            int found = (int) INTS.get(slots, at);
            if (found == 0) {
                return false;
            }
            if (found != expected) {
                throw new DamagedException("record " + expected + " of a writer is missing: there is " + found);
            }
            if ((int) INTS.get(slots, at + Frame.SLOT_CRC) != checksum.of(slots, at)
                    || (int) INTS.get(slots, at + Frame.SLOT_RESERVED) != 0) {
                throw new DamagedException("the checksum of record " + found + " of a writer is wrong");
            }
            size = slot + 1;
        }
        return true;
    }

    private boolean areSuccessors(int count, int sequence) {
        for (int slot = 0; slot < count; slot++) {
            if ((int) INTS.get(slots, slot * Frame.SLOT_BYTES) != sequence + slot + 1) {
                return false;
            }
        }
        return true;
    }

    /** Counts those that were taken. */
    int count(MetricTrack track) {
        for (int slot = 0; slot < taken; slot++) {
            INTS.set(checksums, slot * Integer.BYTES, (int) INTS.get(slots, slot * Frame.SLOT_BYTES + Frame.SLOT_CRC));
        }
        track.add(checksums, taken);
        return taken;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int metric(int record) {
        return (int) INTS.get(slots, record * Frame.SLOT_BYTES + Frame.SLOT_METRIC);
    }

    @Override
    public long step(int record) {
        return (long) LONGS.get(slots, record * Frame.SLOT_BYTES + Frame.SLOT_STEP);
    }

    @Override
    public double value(int record) {
        return Double.longBitsToDouble((long) LONGS.get(slots, record * Frame.SLOT_BYTES + Frame.SLOT_VALUE));
    }

    @Override
    public long epochMilli(int record) {
        return (long) LONGS.get(slots, record * Frame.SLOT_BYTES + Frame.SLOT_TIME);
    }

    @Override
    public void take(int upTo) {
        taken = upTo;
    }
}
