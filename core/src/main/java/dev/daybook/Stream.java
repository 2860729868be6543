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

    /**
     * Why it folds no more.
     *
     * @param position the first that cannot be right
     */
    record Break(Position position, String message) {}

    private final ExperimentId id;
    private final ExperimentFold fold;
    private final List<Stretch> stretches = new ArrayList<>();
    private Tail tail;
    private Optional<Position> position = Optional.empty();
    private Instant time = Instant.EPOCH;
    private boolean isReleased;
    private Optional<Break> broken = Optional.empty();

    Stream(ExperimentId id) {
        this.id = id;
        this.fold = new ExperimentFold();
        this.tail = Tail.start(id);
    }

    private Stream(Stream other) {
        id = other.id;
        fold = other.fold.copy();
        stretches.addAll(other.stretches);
        tail = other.tail;
        position = other.position;
        time = other.time;
        isReleased = other.isReleased;
        broken = other.broken;
    }

    /** The stream as it stands at this moment. */
    Stream copy() {
        return new Stream(this);
    }

    /** This very moment of it, for a projection. */
    StreamSource source() {
        return new StreamSource(id, fold.copy(), List.copyOf(stretches));
    }

    /** Whether something between the end of this stream and an entry has not been read yet. */
    boolean isBehind(Entry entry) {
        if (broken.isPresent()) {
            return false;
        }
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
        broken = Optional.of(new Break(
                at,
                "the journal of experiment '" + fold.data().name() + "' (" + id + ") is damaged at " + at + ": "
                        + e.getMessage()));
    }

    /** It goes on somewhere, but not where it has ended. */
    void breakOff() {
        var at = new Position(lastPosition().generation(), lastPosition().document() + 1);
        breakAt(at, new InvariantViolation("what follows the " + tail.events() + " events before it is missing"));
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

    void force() {
        stretches.forEach(stretch -> stretch.generation().force());
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

    Optional<Break> broken() {
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
        broken.map(Break::message).ifPresent(sentences::add);
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
