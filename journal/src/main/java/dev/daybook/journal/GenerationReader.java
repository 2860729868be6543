package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Contents;
import dev.daybook.port.EntrySink;
import dev.daybook.port.Mark;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of one generation in their order, of all experiments or of one.
 *
 * <p>What lies before the <em>frontier</em> was checked against everything before it: dense numbers, links of the chains, cuts. It may be read
 * again; then only the checksums are looked at.
 *
 * <p><b>The first document that cannot be right ends the generation; the first record that cannot be right ends its writer, and the first event
 * that then stands behind too few records ends its experiment: for good, and for nobody else.</b> Blocks are filled in place: of two
 * neighbours one may have been forced to disk and the other one not.
 *
 * <p>Not thread-safe.
 */
final class GenerationReader {

    /** How a file ends that somebody has cut while it was mapped. */
    static final String CUT = "its file was cut while it was read";

    private final String name;
    private final QueueFile file;
    private final Optional<ExperimentId> only;
    private final Places places;
    private final FrameReader document = new FrameReader();
    private final Map<ExperimentId, ExperimentTrack> experiments = new LinkedHashMap<>();

    /** Blocks before the frontier that may be filled further, by their place; each experiment's track has its own of them. */
    private final Map<Long, BlockCursor> open = new LinkedHashMap<>();

    private long frontier;

    /** The number of the next document; not known before the first one where reading begins in the middle. */
    private long documents;

    private boolean endIsChecked;
    private @Nullable ExperimentTrack latest;
    private @Nullable BlockCursor spare;
    private @Nullable String damage;

    /** Of all experiments, from the beginning. */
    GenerationReader(String name, QueueFile file) {
        this.name = name;
        this.file = file;
        this.only = Optional.empty();
        this.places = Places.UNKNOWN;
    }

    /**
     * Of one experiment.
     *
     * @param from its first document is not before that
     * @param places where its documents stand, as far as that is known
     */
    GenerationReader(String name, QueueFile file, ExperimentId id, long from, Places places) {
        this.name = name;
        this.file = file;
        this.only = Optional.of(id);
        this.places = places;
        this.frontier = from;
        this.documents = from == 0 ? 0 : -1;
    }

    Optional<String> damage() {
        return damages(experiments.values().stream());
    }

    Optional<String> damage(ExperimentId id) {
        return damages(Stream.ofNullable(experiments.get(id)));
    }

    private Optional<String> damages(Stream<ExperimentTrack> tracks) {
        var sentences = Stream.concat(Stream.ofNullable(damage), tracks.flatMap(track -> track.damage().stream()))
                .collect(Collectors.joining("; "));
        return sentences.isEmpty() ? Optional.empty() : Optional.of(sentences);
    }

    /** As far as everything was given that it has read. */
    long frontier() {
        return frontier;
    }

    /** Whether anything was found in it. */
    boolean hasBegun() {
        return frontier > 0;
    }

    /** Whether it has read a finished generation to its end. */
    boolean isAtEnd() {
        return endIsChecked;
    }

    /** Where an experiment's documents stand, as far as it has come. */
    Places places(ExperimentId id) {
        var track = experiments.get(id);
        return track == null ? new Places(new long[0], frontier) : track.places(frontier);
    }

    /** How far it has come with an experiment. */
    Mark mark(ExperimentId id) {
        var filled = new HashMap<Long, Integer>();
        var track = experiments.get(id);
        if (track != null) {
            track.open().forEach(block -> filled.put(block.payload(), block.taken()));
        }
        return new Mark(frontier, filled);
    }

    /** What it holds, as far as it was read. */
    Contents contents() {
        return new Contents(
                experiments.values().stream()
                        .map(track ->
                                new Contents.Content(track.id(), track.start(), track.isBegun(), track.isSettled()))
                        .toList(),
                frontier);
    }

    /** Notes that the file itself cannot be read on. */
    void fail(String what) {
        if (damage == null) {
            damage = place(documents, frontier) + what;
        }
    }

    private String place(long number, long at) {
        return "generation " + name + " is damaged at document " + number + ", byte " + at + ": ";
    }

    /**
     * Reads on.
     *
     * @param finished whether its writer was gone before this call
     * @return where the next read goes on
     */
    long read(long cursor, EntrySink sink, boolean finished) throws IOException {
        if (cursor > frontier) {
            advance(Everything.DROPPED, new Mark(cursor, Map.of()), finished);
            if (cursor != frontier && damage == null) {
                throw notACursor(cursor);
            }
        } else if (cursor < frontier) {
            long end = repeat(cursor, sink);
            if (end < frontier) {
                return end;
            }
        }
        advance(sink, Mark.END, finished);
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
            } catch (EOFException | InternalError e) {
                fail(CUT);
                return at;
            }
            at = file.next();
        }
        return at;
    }

    private boolean give(EntrySink sink) throws IOException, DamagedException {
        var track = track();
        if (track.isDropped(file.start())) {
            return true;
        }
        switch (document.kind()) {
            case Frame.EVENT -> {
                return sink.event(document.entry(name, document.eventBytes()));
            }
            case Frame.CONTINUED -> {
                return sink.continued(document.continuation(name));
            }
            case Frame.METRICS -> giveChecked(track, sink);
            default -> sink.released(document.id());
        }
        return true;
    }

    /** Gives out the slots that were checked, not those that were filled since. */
    private void giveChecked(ExperimentTrack track, EntrySink sink) throws IOException, DamagedException {
        long payload = file.payload();
        var block = open.get(payload);
        int checked = block == null ? track.taken(payload, document.slots()) : block.taken();
        int first = checked == 0 ? 0 : file.acquireInt(payload + Frame.FIRST_SLOT);
        if (first > 0) {
            var before = new MetricTrack(document.writer(), first - 1);
            new BlockCursor(track.id(), before, document, payload).drain(file, checked, sink);
        }
    }

    /**
     * Checks and gives out what is behind the frontier, up to a mark, and moves the frontier there.
     *
     * @return false if the sink has stopped
     */
    boolean advance(EntrySink sink, Mark until, boolean finished) throws IOException {
        if (damage != null) {
            return true;
        }
        try {
            for (var block : List.copyOf(open.values())) {
                drain(block, until, sink);
            }
            while (goOn() < until.end()) {
                switch (file.find(frontier)) {
                    case END -> {
                        if (finished && !endIsChecked) {
                            checkEnd();
                            endIsChecked = true;
                        }
                        return true;
                    }
                    case BROKEN -> throw new DamagedException(file.problem());
                    case DOCUMENT -> {
                        document.load(file);
                        if (documents < 0) {
                            documents = document.document();
                        }
                        if (document.document() != documents) {
                            throw new DamagedException("instead of it there is " + document.document());
                        }
                        if (!take(sink, until)) {
                            return false;
                        }
                    }
                }
            }
        } catch (DamagedException e) {
            long behind = file.endOfBytes(frontier) - frontier;
            fail(Disk.reason(e) + "; the " + behind + " bytes from there on are left unread");
        }
        return true;
    }

    /** Over documents that are known to be of others. */
    private long goOn() {
        long next = places.next(frontier);
        if (next > frontier) {
            frontier = next;
            documents = -1;
        }
        return frontier;
    }

    private boolean take(EntrySink sink, Mark until) throws IOException, DamagedException {
        if (only.isPresent() && !document.isOf(only.get())) {
            step();
            return true;
        }
        var track = track();
        track.standsAt(file.start());
        if (document.kind() == Frame.METRICS) {
            if (!track.hasWriter(document.writer())) {
                // some thread goes on with it that has logged with another one
                drain(track, null, until, sink);
            }
            var writer = track.writer(document.writer());
            close(track, writer, until, sink);
            long payload = file.payload();
            if (track.isBroken(writer)) {
                track.leaveOut(payload, 0);
                step();
            } else {
                var block = spare == null
                        ? new BlockCursor(track.id(), writer, document, payload)
                        : spare.reset(track.id(), writer, document, payload);
                spare = null;
                open.put(payload, block);
                track.open().add(block);
                step();
                drain(block, until, sink);
            }
            return true;
        }
        close(track, null, until, sink);
        if (!track.isBroken() && !giveMark(track, sink)) {
            return false;
        }
        step();
        return true;
    }

    /** An event or another mark of an experiment whose records before it are known; false if the sink has stopped in front of it. */
    private boolean giveMark(ExperimentTrack track, EntrySink sink) throws DamagedException {
        switch (document.kind()) {
            case Frame.EVENT -> {
                var event = document.eventBytes();
                var entry = document.entry(name, event);
                try {
                    track.check(entry, event);
                } catch (DamagedException e) {
                    track.breakAt(
                            frontier,
                            place(documents, frontier) + Disk.reason(e) + "; what follows of experiment " + track.id()
                                    + " in this generation is left unread");
                    return true;
                }
                if (!sink.event(entry)) {
                    return false;
                }
                track.follow(entry);
            }
            case Frame.CONTINUED -> {
                var mark = document.continuation(name);
                if (!sink.continued(mark)) {
                    return false;
                }
                track.follow(mark);
            }
            default -> sink.released(track.id());
        }
        return true;
    }

    private void step() {
        frontier = file.next();
        documents++;
    }

    private void drain(BlockCursor block, Mark until, EntrySink sink) throws IOException {
        int most = until.filled().getOrDefault(block.payload(), Integer.MAX_VALUE);
        try {
            block.drain(file, most, sink);
        } catch (DamagedException e) {
            var track = Objects.requireNonNull(experiments.get(block.id()), "a block was opened for its experiment");
            track.breakWriter(
                    block.track(),
                    place(documents - 1, block.payload()) + Disk.reason(e)
                            + "; what this writer logged from there on, and what follows it of experiment " + track.id()
                            + ", is left unread");
            track.leaveOut(block.payload(), block.taken());
            drop(block);
            return;
        }
        if (block.isFull()) {
            drop(block);
        }
    }

    /** Takes what is left in the blocks of an experiment, or of one writer of it, which will not be filled further. */
    private void close(ExperimentTrack track, @Nullable MetricTrack writer, Mark until, EntrySink sink)
            throws IOException {
        drain(track, writer, until, sink).forEach(this::drop);
    }

    /** Takes what there is by now in the blocks of an experiment, or of one writer of it, and says which these are. */
    private List<BlockCursor> drain(ExperimentTrack track, @Nullable MetricTrack writer, Mark until, EntrySink sink)
            throws IOException {
        if (track.open().isEmpty()) {
            return List.of();
        }
        var drained = new ArrayList<BlockCursor>();
        for (var block : List.copyOf(track.open())) {
            if (writer == null || block.track() == writer) {
                drain(block, until, sink);
                drained.add(block);
            }
        }
        return drained;
    }

    private void drop(BlockCursor block) {
        if (open.remove(block.payload()) != null) {
            Objects.requireNonNull(experiments.get(block.id())).open().remove(block);
        }
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
}
