package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Entry;
import dev.daybook.port.EntrySink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of one generation in their order, and stops for good at the first that cannot be right.
 *
 * <p>What lies before the <em>frontier</em> was checked against everything before it: dense numbers, links of the chains, cuts. It may be read
 * again; then only the checksums are looked at. Not thread-safe.
 */
final class GenerationReader {

    private final String name;
    private final QueueFile file;
    private final FrameReader document = new FrameReader();
    private final Map<ExperimentId, ExperimentTrack> experiments = new HashMap<>();

    /** Blocks before the frontier that may be filled further, in their order. */
    private final List<BlockCursor> open = new ArrayList<>();

    private final byte[] slotBytes = new byte[Frame.SLOT_BYTES];
    private final ByteBuffer slot = Frame.over(slotBytes);

    private long frontier;
    private long documents;
    private boolean endIsChecked;
    private @Nullable ExperimentTrack latest;
    private @Nullable BlockCursor spare;
    private @Nullable String damage;

    GenerationReader(String name, QueueFile file) {
        this.name = name;
        this.file = file;
    }

    Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    /** Whether anything was found in it. */
    boolean hasBegun() {
        return frontier > 0;
    }

    /** Notes that the file itself cannot be read on. */
    void fail(String what) {
        if (damage == null) {
            damage = "generation " + name + " is damaged at document " + documents + ", byte " + frontier + ": " + what;
        }
    }

    /**
     * Reads on.
     *
     * @param finished whether its writer was gone before this call
     * @return where the next read goes on
     */
    long read(long cursor, EntrySink sink, boolean finished) throws IOException {
        if (cursor > frontier) {
            advance(Everything.DROPPED, cursor, finished);
            if (cursor != frontier && damage == null) {
                throw notACursor(cursor);
            }
        } else if (cursor < frontier) {
            long end = repeat(cursor, sink);
            if (end < frontier) {
                return end;
            }
        }
        advance(sink, Long.MAX_VALUE, finished);
        if (finished) {
            file.unmap();
        }
        return frontier;
    }

    /** Gives out again what was checked before; the end is the frontier unless the sink stopped, or the file is no longer what it was. */
    private long repeat(long cursor, EntrySink sink) throws IOException {
        long at = cursor;
        while (at < frontier) {
            try {
                if (file.find(at) != QueueFile.Found.DOCUMENT) {
                    throw new DamagedException("there is no document");
                }
                document.load(file);
                if (!give(sink)) {
                    return at;
                }
            } catch (DamagedException e) {
                if (at == cursor && cursor > 0) {
                    throw notACursor(cursor);
                }
                fail("what was read before at byte " + at + " has changed: " + Disk.reason(e));
                return at;
            }
            at = file.next();
        }
        return at;
    }

    private boolean give(EntrySink sink) throws IOException, DamagedException {
        switch (document.kind()) {
            case Frame.EVENT -> {
                return sink.event(document.entry(name, document.eventBytes()));
            }
            case Frame.METRICS -> giveChecked(sink);
            default -> sink.released(document.id());
        }
        return true;
    }

    /** Gives out the slots that were checked, not those that were filled since. */
    private void giveChecked(EntrySink sink) throws IOException, DamagedException {
        var id = track().id();
        long payload = file.payload();
        int checked = document.slots();
        for (var block : open) {
            if (block.isAt(payload)) {
                checked = block.taken();
            }
        }
        for (int i = 0; i < checked; i++) {
            file.copy(payload + Frame.FIRST_SLOT + (long) i * Frame.SLOT_BYTES, slotBytes, Frame.SLOT_BYTES);
            if (slot.getInt(0) == 0) {
                return;
            }
            if (!document.isSlotSound(slotBytes)) {
                throw new DamagedException("the checksum of a record is wrong");
            }
            BlockCursor.give(id, slot, sink);
        }
    }

    /** Checks and gives out what is behind the frontier, up to a limit, and moves the frontier there. */
    private void advance(EntrySink sink, long limit, boolean finished) throws IOException {
        if (damage != null) {
            return;
        }
        try {
            for (var block : List.copyOf(open)) {
                drain(block, sink);
            }
            while (frontier < limit) {
                switch (file.find(frontier)) {
                    case END -> {
                        if (finished && !endIsChecked) {
                            checkEnd();
                            endIsChecked = true;
                        }
                        return;
                    }
                    case BROKEN -> throw new DamagedException(file.problem());
                    case DOCUMENT -> {
                        document.load(file);
                        if (document.document() != documents) {
                            throw new DamagedException("instead of it there is " + document.document());
                        }
                        if (!take(sink)) {
                            return;
                        }
                    }
                }
            }
        } catch (DamagedException e) {
            long behind = file.endOfBytes(frontier) - frontier;
            fail(Disk.reason(e) + "; the " + behind + " bytes from there on are left unread");
        }
    }

    private boolean take(EntrySink sink) throws IOException, DamagedException {
        var track = track();
        switch (document.kind()) {
            case Frame.EVENT -> {
                close(track, null, sink);
                var event = document.eventBytes();
                var entry = document.entry(name, event);
                track.check(entry, event);
                if (!sink.event(entry)) {
                    return false;
                }
                track.follow(entry);
                step();
            }
            case Frame.METRICS -> {
                var writer = track.writer(document.writer());
                close(track, writer, sink);
                var block = spare == null ? new BlockCursor(track.id(), writer) : spare;
                spare = null;
                open.add(block.reset(track.id(), writer, document, file.payload()));
                step();
                drain(block, sink);
            }
            default -> {
                close(track, null, sink);
                sink.released(track.id());
                step();
            }
        }
        return true;
    }

    private void step() {
        frontier = file.next();
        documents++;
    }

    private void drain(BlockCursor block, EntrySink sink) throws IOException, DamagedException {
        block.drain(file, sink);
        if (block.isFull()) {
            drop(block);
        }
    }

    /** Takes what is left in the blocks of an experiment, or of one writer of it, which will not be filled further. */
    private void close(ExperimentTrack track, @Nullable MetricTrack writer, EntrySink sink)
            throws IOException, DamagedException {
        if (open.isEmpty()) {
            return;
        }
        for (var block : List.copyOf(open)) {
            if (block.id().equals(track.id()) && (writer == null || block.track() == writer)) {
                block.drain(file, sink);
                drop(block);
            }
        }
    }

    private void drop(BlockCursor block) {
        open.remove(block);
        spare = block;
    }

    /** The state of the loaded document's experiment. Records of one experiment come in long runs: nothing is made for them. */
    private ExperimentTrack track() {
        var track = latest;
        if (track == null || !document.isOf(track.id())) {
            track = experiments.computeIfAbsent(document.id(), ExperimentTrack::new);
            latest = track;
        }
        return track;
    }

    /** Nothing may follow the end of a finished generation but the document in which its writer died. */
    private void checkEnd() throws IOException, DamagedException {
        if (file.endsInDisabledHeader()) {
            throw new DamagedException("a document has a length and is marked as not complete");
        }
        long limit = file.payload() + document.lengthOfUnfinished(file);
        if (file.endOfBytes(limit) > limit) {
            throw new DamagedException("a document without a header is followed by others");
        }
    }

    private IllegalArgumentException notACursor(long cursor) {
        return new IllegalArgumentException(
                cursor + " is no cursor of generation " + name + ", or it was changed since");
    }

    /** Where entries go that a caller has seen already. */
    private enum Everything implements EntrySink {
        DROPPED;

        @Override
        public boolean event(Entry entry) {
            return true;
        }

        @Override
        public void metric(ExperimentId id, int metric, long step, double value, long epochMilli) {}

        @Override
        public void released(ExperimentId id) {}
    }
}
