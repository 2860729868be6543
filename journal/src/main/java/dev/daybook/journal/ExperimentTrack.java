package dev.daybook.journal;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Continuation;
import dev.daybook.port.Cut;
import dev.daybook.port.Entry;
import dev.daybook.port.Tail;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a reader has seen of one experiment in one generation: what the next event must agree with. */
final class ExperimentTrack {

    private static final int FEW_PLACES = 4;

    private final ExperimentId id;
    private long[] places = new long[FEW_PLACES];
    private int placeCount;
    private final Map<Integer, MetricTrack> writers = new TreeMap<>();

    /** Its blocks that may be filled further, in their order. */
    private final List<BlockCursor> open = new ArrayList<>();

    private @Nullable Tail tail;
    private boolean isBegun;
    private boolean isSettled;

    /** Writers whose records were not all there, and how much was taken of the blocks that are damaged or come later. */
    private final Set<MetricTrack> broken = new HashSet<>();

    private final Map<Long, Integer> leftOut = new HashMap<>();

    private long end = Long.MAX_VALUE;
    private @Nullable String damage;

    ExperimentTrack(ExperimentId id) {
        this.id = id;
    }

    /** Notes that a document of it stands here; they come in their order, one again if a sink had stopped in front of it. */
    void standsAt(long place) {
        if (placeCount > 0 && places[placeCount - 1] == place) {
            return;
        }
        if (placeCount == places.length) {
            places = Arrays.copyOf(places, 2 * placeCount);
        }
        places[placeCount++] = place;
    }

    /** Blocks before the frontier that may be filled further, in their order; the reader's own list. */
    List<BlockCursor> open() {
        return open;
    }

    /** Where its first document stands; 0 if none was met. */
    long start() {
        return places[0];
    }

    /**
     * Where its documents stand.
     *
     * @param known up to where all of them were met
     */
    Places places(long known) {
        return new Places(Arrays.copyOf(places, placeCount), known);
    }

    /** Whether it has its first event here. */
    boolean isBegun() {
        return isBegun;
    }

    /** Whether it was saved or discarded. */
    boolean isSettled() {
        return isSettled;
    }

    Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    /** What one writer logged is not to be read on. */
    void breakWriter(MetricTrack writer, String what) {
        broken.add(writer);
        damage = damage == null ? what : damage;
    }

    boolean isBroken(MetricTrack writer) {
        return isBroken() || broken.contains(writer);
    }

    /** Nothing of it is to be read any more. */
    void breakAt(long position, String what) {
        end = position;
        damage = damage == null ? what : damage + "; " + what;
    }

    boolean isBroken() {
        return end < Long.MAX_VALUE;
    }

    /** Whether a document is one that was left out when it was read first. */
    boolean isDropped(long position) {
        return position >= end;
    }

    /** Notes how many records of a block were read, where that is not all. */
    void leaveOut(long payload, int taken) {
        leftOut.put(payload, taken);
    }

    /** How many records of a block were read, if they were not fewer for some reason. */
    int taken(long payload, int slots) {
        return leftOut.getOrDefault(payload, slots);
    }

    ExperimentId id() {
        return id;
    }

    boolean hasWriter(int writer) {
        return writers.containsKey(writer);
    }

    MetricTrack writer(int writer) {
        return writers.computeIfAbsent(writer, MetricTrack::new);
    }

    /** Checks an entry against all that was seen before it. */
    void check(Entry entry, byte[] event) throws DamagedException {
        if (!entry.cut().equals(cut())) {
            throw damaged(
                    entry,
                    "stands behind " + entry.cut().records() + " metric records of it, but there are " + cut().records()
                            + ", or others");
        }
        if (tail != null && entry.index() < tail.events()) {
            throw damaged(entry, "stands behind a later one");
        }
        // an index that is too high came back from another generation: what it follows is not in here
        var previous = entry.index() == 0 ? Tail.start(id) : tail;
        if (previous != null && previous.events() == entry.index()) {
            var link = previous.chain().next(entry.index(), entry.time().toEpochMilli(), entry.cut(), event);
            if (!entry.chain().equals(link)) {
                throw damaged(entry, "does not follow from the one before it");
            }
        }
    }

    private DamagedException damaged(Entry entry, String what) {
        return new DamagedException("event " + entry.index() + " of experiment " + id + " " + what);
    }

    /** Goes on behind an entry that was checked. */
    void follow(Entry entry) {
        tail = entry.tail();
        isBegun |= entry.index() == 0;
        isSettled |= entry.event().isSettling();
    }

    /** Goes on behind the mark that it comes from another generation. */
    void follow(Continuation mark) {
        tail = mark.tail();
    }

    private Cut cut() {
        return new Cut(writers.values().stream()
                .filter(writer -> writer.records() > 0)
                .map(MetricTrack::cut)
                .toList());
    }
}
