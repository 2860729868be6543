package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.EntrySink;
import java.io.IOException;

/** Reads the slots of one block, as far as they are published, and on from there when more are. */
final class BlockCursor {

    private final SlotBatch batch = new SlotBatch();

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
        batch.begin(document, track.writer());
    }

    /** Begins with another block. */
    BlockCursor reset(ExperimentId newId, MetricTrack newTrack, FrameReader block, long newPayload) {
        id = newId;
        track = newTrack;
        document = block.document();
        payload = newPayload;
        slots = block.slots();
        taken = 0;
        batch.begin(document, track.writer());
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
            int published = published(file, Math.min(limit - taken, SlotBatch.MOST_SLOTS));
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
        batch.copy(file, payload + Frame.FIRST_SLOT + (long) taken * Frame.SLOT_BYTES, count);
        try {
            return batch.check(count, track.records());
        } finally {
            // what was checked before the damage too
            giveBatch(sink);
        }
    }

    /** Nothing is no news: a sink that is told of it would go on waiting for more of the same. */
    private void giveBatch(EntrySink sink) {
        if (batch.size() == 0) {
            return;
        }
        try {
            sink.metrics(id, document, taken, batch);
        } finally {
            taken += batch.count(track);
        }
    }
}
