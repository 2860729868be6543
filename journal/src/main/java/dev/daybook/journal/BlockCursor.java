package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.EntrySink;
import dev.daybook.port.MetricBatch;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Reads the slots of one block, as far as they are published, and on from there when more are. */
final class BlockCursor {

    private static final int CHUNK_SLOTS = 2 << 10;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final CRC32C crc = new CRC32C();

    /** Slots behind room for what their checksums cover in front of them, which for all but the first is what was read already. */
    private byte[] chunk = {};

    private byte[] checksums = {};
    private final MetricBatch batch = new MetricBatch();

    private ExperimentId id;
    private MetricTrack track;
    private long document;
    private long payload;
    private int slots;
    private int taken;

    /**
     * Begins with a block.
     *
     * @param block what was loaded of it
     * @param payload where it lies in the file
     */
    BlockCursor(ExperimentId id, MetricTrack track, FrameReader block, long payload) {
        this.id = id;
        this.track = track;
        this.document = block.document();
        this.payload = payload;
        this.slots = block.slots();
    }

    /** Begins with another block. */
    BlockCursor reset(ExperimentId newId, MetricTrack newTrack, FrameReader block, long newPayload) {
        id = newId;
        track = newTrack;
        document = block.document();
        payload = newPayload;
        slots = block.slots();
        taken = 0;
        return this;
    }

    ExperimentId id() {
        return id;
    }

    MetricTrack track() {
        return track;
    }

    long payload() {
        return payload;
    }

    int taken() {
        return taken;
    }

    boolean isFull() {
        return taken == slots;
    }

    /**
     * Gives out what was published since; each record once it was checked, and counted once it was given out.
     *
     * @param most how many slots of the block may be taken in all
     */
    void drain(QueueFile file, int most, EntrySink sink) throws IOException, DamagedException {
        int limit = Math.min(most, slots);
        while (taken < limit) {
            int published = published(file, Math.min(limit - taken, CHUNK_SLOTS));
            if (published == 0 || !give(file, published, sink)) {
                return;
            }
        }
    }

    /** How many slots from here on are published, if the file is whole: what was written before a sequence number is visible with it. */
    private int published(QueueFile file, int most) throws IOException {
        long at = payload + Frame.FIRST_SLOT + (long) taken * Frame.SLOT_BYTES;
        if (file.acquireInt(at + (most - 1L) * Frame.SLOT_BYTES) != 0) {
            // the last one, and so all before it
            return most;
        }
        int count = 0;
        while (count < most && file.acquireInt(at + (long) count * Frame.SLOT_BYTES) != 0) {
            count++;
        }
        return count;
    }

    /** Gives out slots; false if one of them is empty, as a power cut may leave it, which ends what there is. */
    private boolean give(QueueFile file, int count, EntrySink sink) throws IOException, DamagedException {
        int bytes = count * Frame.SLOT_BYTES;
        if (chunk.length < Frame.SLOT_PREFIX + bytes) {
            chunk = new byte[Frame.SLOT_PREFIX + bytes];
            checksums = new byte[count * Integer.BYTES];
        }
        file.copy(payload + Frame.FIRST_SLOT + (long) taken * Frame.SLOT_BYTES, chunk, Frame.SLOT_PREFIX, bytes);
        batch.clear(count);
        try {
            for (int slot = 0; slot < count; slot++) {
                int at = slot * Frame.SLOT_BYTES;
                if ((int) INTS.get(chunk, at + Frame.SLOT_PREFIX) == 0) {
                    return false;
                }
                INTS.set(checksums, slot * Integer.BYTES, check(at, slot));
                add(at + Frame.SLOT_PREFIX);
            }
        } finally {
            // what was checked before the damage too
            giveBatch(sink);
        }
        return true;
    }

    /** Nothing is no news: a sink that is told of it would go on waiting for more of the same. */
    private void giveBatch(EntrySink sink) {
        if (batch.size() == 0) {
            return;
        }
        try {
            sink.metrics(id, document, taken, batch);
        } finally {
            track.add(checksums, batch.taken());
            taken += batch.taken();
        }
    }

    /** Checks a slot; what its checksum covers in front of it takes the place of the slot before. */
    private int check(int at, int given) throws DamagedException {
        var bytes = chunk;
        int slot = at + Frame.SLOT_PREFIX;
        int sequence = (int) INTS.get(bytes, slot);
        int expected = track.records() + given + 1;
        if (sequence != expected) {
            throw new DamagedException("record " + expected + " of a writer is missing: there is " + sequence);
        }
        LONGS.set(bytes, at, document);
        INTS.set(bytes, at + Long.BYTES, track.writer());
        crc.reset();
        crc.update(bytes, at, Frame.SLOT_PREFIX + Frame.SLOT_CRC);
        int checksum = (int) crc.getValue();
        if ((int) INTS.get(bytes, slot + Frame.SLOT_CRC) != checksum
                || (int) INTS.get(bytes, slot + Frame.SLOT_RESERVED) != 0) {
            throw new DamagedException("the checksum of record " + sequence + " of a writer is wrong");
        }
        return checksum;
    }

    private void add(int slot) {
        var bytes = chunk;
        batch.add(
                (int) INTS.get(bytes, slot + Frame.SLOT_METRIC),
                (long) LONGS.get(bytes, slot + Frame.SLOT_STEP),
                Double.longBitsToDouble((long) LONGS.get(bytes, slot + Frame.SLOT_VALUE)),
                (long) LONGS.get(bytes, slot + Frame.SLOT_TIME));
    }
}
