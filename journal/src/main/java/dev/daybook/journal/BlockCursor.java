package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.EntrySink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Reads the slots of one block, as far as they are published, and on from there when more are. */
final class BlockCursor {

    private final CRC32C crc = new CRC32C();
    private final byte[] bytes = new byte[Frame.SLOT_BYTES];
    private final ByteBuffer slot = Frame.over(bytes);

    private final byte[] head = new byte[Frame.FIRST_SLOT];
    private ExperimentId id;
    private MetricTrack track;
    private long firstSlot;
    private int slots;
    private int taken;

    BlockCursor(ExperimentId id, MetricTrack track) {
        this.id = id;
        this.track = track;
    }

    /**
     * Begins with another block.
     *
     * @param block what was loaded of it
     * @param payload where it lies in the file
     */
    BlockCursor reset(ExperimentId newId, MetricTrack newTrack, FrameReader block, long payload) {
        id = newId;
        track = newTrack;
        block.copyHead(head);
        firstSlot = payload + Frame.FIRST_SLOT;
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

    /** Whether it reads the block that lies there. */
    boolean isAt(long payload) {
        return firstSlot == payload + Frame.FIRST_SLOT;
    }

    int taken() {
        return taken;
    }

    boolean isFull() {
        return taken == slots;
    }

    /** Gives out what was published since; each record once it was checked, and counted once it was given out. */
    void drain(QueueFile file, EntrySink sink) throws IOException, DamagedException {
        while (taken < slots) {
            long at = firstSlot + (long) taken * Frame.SLOT_BYTES;
            int sequence = file.acquireInt(at);
            if (sequence == 0) {
                return;
            }
            file.copy(at, bytes, Frame.SLOT_BYTES);
            if (sequence != track.nextSequence()) {
                throw new DamagedException(
                        "record " + track.nextSequence() + " of a writer is missing: there is " + sequence);
            }
            int checksum = Frame.slotCrc(crc, head, bytes, 0);
            if (slot.getInt(Frame.SLOT_CRC) != checksum || slot.getInt(Frame.SLOT_RESERVED) != 0) {
                throw new DamagedException("the checksum of record " + sequence + " of a writer is wrong");
            }
            give(id, slot, sink);
            track.add(checksum);
            taken++;
        }
    }

    /** Gives out a record without a check. */
    static void give(ExperimentId id, ByteBuffer slot, EntrySink sink) {
        sink.metric(
                id,
                slot.getInt(Frame.SLOT_METRIC),
                slot.getLong(Frame.SLOT_STEP),
                Double.longBitsToDouble(slot.getLong(Frame.SLOT_VALUE)),
                slot.getLong(Frame.SLOT_TIME));
    }
}
