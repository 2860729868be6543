package dev.daybook.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One writer of a {@link Stretch}: fills blocks in place, a record at a time, and lets one thread in at a time.
 *
 * <p>The hand-over is one word. Who publishes takes it from OPEN to ENTERED and gives it back; who seals enters too, and leaves it SEALED, for
 * ever: so a record that was let in is written before the seal is there, and after it nobody is let in. <b>The sequence number of a record
 * is set last, with release: up to then the record does not exist.</b>
 */
final class BlockWriter {

    /** How a publication ended. */
    enum Outcome {
        WRITTEN,
        /** Somebody else is inside. */
        BUSY,
        /** The writer, or the lease, takes no more. */
        SEALED,
        /** Its generation is full: the experiment is to go on in the next one. */
        FULL
    }

    /** Reserves blocks. */
    interface Blocks {
        /**
         * Gives a writer, which has been entered, its next block by {@link #take}.
         *
         * @return false if the generation is full
         */
        boolean reserve(BlockWriter writer, int slots);
    }

    /** How many slots the first block has, and how many the largest one: each block is twice as large as the one before. */
    record Sizes(int fewest, int most) {

        /** From what an experiment of ten records fills, to what costs nothing any more by the record. */
        static final Sizes DEFAULT = new Sizes(8, ((64 << 10) - Frame.FIRST_SLOT) / Frame.SLOT_BYTES);

        /** How many slots follow a block of so many. */
        int after(int slots) {
            return slots == 0 ? fewest : Math.min(2 * slots, most);
        }
    }

    private static final int OPEN = 0;
    private static final int ENTERED = 1;
    private static final int SEALED = 2;

    private static final int NEVER = -1;

    private static final int SPINS = 128;
    private static final long PAUSE_NANOS = 20_000;

    private static final VarHandle GATE;
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ByteBuffer NOWHERE = ByteBuffer.allocateDirect(0);

    static {
        try {
            GATE = MethodHandles.lookup().findVarHandle(BlockWriter.class, "gate", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Blocks blocks;
    private final Sizes sizes;
    private final MetricTrack track;

    @SuppressWarnings("UnusedVariable") // by the handle
    private volatile int gate;

    // all below belongs to whoever has entered

    private final SlotChecksum slotChecksum = new SlotChecksum();

    /** The bytes of a slot that its checksum covers. */
    private final byte[] covered = new byte[Frame.SLOT_CRC];

    /** The checksums of the block's records, which the track has not seen yet. */
    private byte[] checksums = {};

    /** The one that its block lies in, and its memory. */
    private @Nullable Window window;

    private boolean isMapped;
    private ByteBuffer memory = NOWHERE;
    private int at;

    /** Up to where it may write now: where it is, while it has left the memory of its block. */
    private int end;

    private int endOfBlock;
    private int slots;
    private int written;
    private int sequence;

    /** Where it was when the housekeeper asked last. */
    private int asked = NEVER;

    /**
     * @param track where the writer's records are counted; belongs to the writer until it is sealed
     */
    BlockWriter(Blocks blocks, Sizes sizes, MetricTrack track) {
        this.blocks = blocks;
        this.sizes = sizes;
        this.track = track;
        this.sequence = track.records();
    }

    int writer() {
        return track.writer();
    }

    /** Goes on with the memory of one that was sealed: before anybody enters. */
    void inherit(BlockWriter sealed) {
        checksums = sealed.checksums;
    }

    /**
     * The hot path. Allocates nothing.
     *
     * @throws UncheckedIOException if the memory of its block cannot be mapped again
     */
    Outcome write(Lease lease, int metric, long step, double value, long epochMilli) {
        if (!GATE.compareAndSet(this, OPEN, ENTERED)) {
            return (int) GATE.getAcquire(this) == SEALED ? Outcome.SEALED : Outcome.BUSY;
        }
        try {
            if (lease.isSealed()) {
                return Outcome.SEALED;
            }
            if (at == end && !goOn()) {
                return Outcome.FULL;
            }
            put(metric, step, Double.doubleToRawLongBits(value), epochMilli);
            return Outcome.WRITTEN;
        } finally {
            GATE.setRelease(this, OPEN);
        }
    }

    private void put(int metric, long step, long value, long epochMilli) {
        int next = sequence + 1;
        // in eights, as the checksum reads them: a read that spans two writes waits for both
        var bytes = covered;
        LONGS.set(bytes, 0, Integer.toUnsignedLong(next) | (long) metric << Integer.SIZE);
        LONGS.set(bytes, Frame.SLOT_STEP, step);
        LONGS.set(bytes, Frame.SLOT_VALUE, value);
        LONGS.set(bytes, Frame.SLOT_TIME, epochMilli);
        int checksum = slotChecksum.of(bytes, 0);
        int slot = at;
        var into = memory;
        INT.set(into, slot + Frame.SLOT_METRIC, metric);
        LONG.set(into, slot + Frame.SLOT_STEP, step);
        LONG.set(into, slot + Frame.SLOT_VALUE, value);
        LONG.set(into, slot + Frame.SLOT_TIME, epochMilli);
        INT.set(into, slot + Frame.SLOT_CRC, checksum);
        INT.setRelease(into, slot, next);
        INTS.set(checksums, written * Integer.BYTES, checksum);
        sequence = next;
        written++;
        at = slot + Frame.SLOT_BYTES;
    }

    private boolean goOn() {
        if (at == endOfBlock || window == null) {
            return blocks.reserve(this, nextSlots());
        }
        try {
            enter(window.use());
        } catch (IOException e) {
            throw new UncheckedIOException(Disk.reason(e), e);
        }
        return true;
    }

    private int nextSlots() {
        if (sequence == Integer.MAX_VALUE) {
            throw new IllegalStateException("a generation takes no more than " + sequence + " records of a writer");
        }
        return Math.min(sizes.after(slots), Integer.MAX_VALUE - sequence);
    }

    /**
     * Goes on in a block that was just reserved, for who has entered.
     *
     * @param in the window that holds it
     * @param firstSlot where in the file it begins
     */
    void take(long document, Window in, long firstSlot, int newSlots) throws IOException {
        in.use();
        leave();
        slotChecksum.begin(document, track.writer());
        window = in;
        at = (int) (firstSlot - in.base());
        endOfBlock = at + newSlots * Frame.SLOT_BYTES;
        enter(in);
        slots = newSlots;
        if (checksums.length < newSlots * Integer.BYTES) {
            checksums = new byte[Math.min(8 * newSlots, sizes.most()) * Integer.BYTES];
        }
    }

    /** Counts what is in the block, and touches it no more. */
    private void leave() {
        track.add(checksums, written);
        written = 0;
        leaveMemory();
        endOfBlock = at;
        window = null;
    }

    private void enter(Window used) {
        memory = used.memory();
        isMapped = true;
        end = endOfBlock;
    }

    private void leaveMemory() {
        if (window != null && isMapped) {
            isMapped = false;
            memory = NOWHERE;
            end = at;
            window.release();
        }
    }

    /**
     * Leaves the memory of a block that lies far behind, until somebody logs on; does nothing while somebody is inside.
     *
     * @return whether anything may have been written since this was asked last
     */
    boolean rest() {
        if (!GATE.compareAndSet(this, OPEN, ENTERED)) {
            return true;
        }
        if (window != null && window.isBehind()) {
            leaveMemory();
        }
        boolean isNew = asked != sequence;
        asked = sequence;
        GATE.setRelease(this, OPEN);
        return isNew;
    }

    /** Lets nobody in any more; when this returns nobody is inside, and all records are in the track. Repeatable, from any thread. */
    void seal() {
        for (int tries = 1; !GATE.compareAndSet(this, OPEN, ENTERED); tries++) {
            if ((int) GATE.getAcquire(this) == SEALED) {
                return;
            }
            pause(tries);
        }
        leave();
        // last: whoever finds it sealed finds all records counted
        GATE.setRelease(this, SEALED);
    }

    /** Waits a little for whoever is inside: ever longer, for he may have to wait for the disk. */
    static void pause(int tries) {
        if (tries < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
