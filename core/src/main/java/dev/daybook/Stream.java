package dev.daybook;

import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ExperimentFold;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.InvariantViolation;
import dev.daybook.lifecycle.Phase;
import dev.daybook.port.Entry;
import dev.daybook.port.Generation;
import dev.daybook.port.Position;
import dev.daybook.port.Tail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One experiment's events and records as they came out of the journal, folded, with the stretches that they lie in. Guarded by its
 * {@link Catalog}; once broken it folds no more and says why.
 */
final class Stream {

    /**
     * What one generation holds of it.
     *
     * @param cursor where a read of the generation meets all of it
     */
    record Stretch(Generation generation, long cursor) {}

    private final ExperimentId id;
    private final ExperimentFold fold = new ExperimentFold();
    private final List<Stretch> stretches = new ArrayList<>();
    private Tail tail;
    private Optional<Position> position = Optional.empty();
    private Instant time = Instant.EPOCH;
    private boolean isReleased;
    private Optional<String> broken = Optional.empty();

    Stream(ExperimentId id) {
        this.id = id;
        this.tail = Tail.start(id);
    }

    /** Whether something between the end of this stream and an entry has not been read yet. */
    boolean isBehind(Entry entry) {
        return entry.index() > tail.events()
                || entry.event() instanceof Event.ExperimentResumed resumed && resumed.metrics() > fold.metricRecords();
    }

    void event(Entry entry, Generation generation, long cursor) {
        if (broken.isPresent()) {
            return;
        }
        try {
            if (!isIn(generation)) {
                Catalog.requireJoint(entry, tail);
                stretches.add(new Stretch(generation, cursor));
            }
            fold.event(entry.event());
            tail = entry.tail();
            position = Optional.of(entry.position());
            time = entry.time();
            isReleased = false;
        } catch (InvariantViolation e) {
            breakAt(entry.position(), e);
        }
    }

    void metric(Generation generation, int metric, long step, double value) {
        if (broken.isPresent() || !isIn(generation)) {
            return;
        }
        try {
            fold.metricLogged(metric, step, value);
        } catch (InvariantViolation e) {
            breakAt(lastPosition(), e);
        }
    }

    void release(Generation generation) {
        isReleased |= isIn(generation);
    }

    private void breakAt(Position at, InvariantViolation e) {
        broken = Optional.of("the journal of experiment '" + fold.data().name() + "' (" + id + ") is damaged at " + at
                + ": " + e.getMessage());
    }

    private boolean isIn(Generation generation) {
        return !stretches.isEmpty() && owner().name().equals(generation.name());
    }

    ExperimentId id() {
        return id;
    }

    ExperimentData data() {
        return fold.data();
    }

    ExperimentFold fold() {
        return fold;
    }

    List<Stretch> stretches() {
        return List.copyOf(stretches);
    }

    Tail tail() {
        return tail;
    }

    Instant time() {
        return time;
    }

    Position lastPosition() {
        return position.orElseThrow(() -> new IllegalStateException("the stream has no event"));
    }

    Optional<String> broken() {
        return broken;
    }

    /** The generation that holds its newest stretch. */
    Generation owner() {
        return stretches.get(stretches.size() - 1).generation();
    }

    /** Whether nobody works on it: its writer is gone, or has let it go. */
    boolean isAbandoned() {
        return isReleased || !owner().isAlive();
    }

    /** What is damaged in it, or in a generation that holds a part of it: behind that, something of it may be missing. */
    List<String> damage() {
        var sentences = new ArrayList<String>();
        broken.ifPresent(sentences::add);
        stretches.stream()
                .map(Stretch::generation)
                .distinct()
                .forEach(generation -> generation.damage().ifPresent(sentences::add));
        return sentences;
    }

    boolean isUnfinished() {
        return fold.data().phase() == Phase.ACTIVE || fold.data().phase() == Phase.COMPLETED;
    }
}
