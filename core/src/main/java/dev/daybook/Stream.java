package dev.daybook;

import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ExperimentFold;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.InvariantViolation;
import dev.daybook.lifecycle.Phase;
import dev.daybook.port.Continuation;
import dev.daybook.port.Entry;
import dev.daybook.port.Generation;
import dev.daybook.port.Mark;
import dev.daybook.port.MetricBatch;
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
     * @param until as far as it belongs to what is folded
     */
    record Stretch(Generation generation, Mark until) {

        Stretch asOfNow(ExperimentId id) {
            return new Stretch(generation, generation.mark(id));
        }
    }

    /**
     * Why it folds no more.
     *
     * @param position the first that cannot be right
     */
    record Break(Position position, String message) {}

    private final ExperimentId id;
    private final ExperimentFold fold;
    private final List<Stretch> stretches = new ArrayList<>();
    private String owner = "";
    private Tail tail;
    private Optional<Position> position = Optional.empty();
    private Instant time = Instant.EPOCH;
    private boolean isReleased;
    private final List<String> leftOut = new ArrayList<>();
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
        if (!stretches.isEmpty()) {
            // only the last one may grow
            stretches.add(stretches.remove(stretches.size() - 1).asOfNow(id));
        }
        owner = other.owner;
        tail = other.tail;
        position = other.position;
        time = other.time;
        isReleased = other.isReleased;
        leftOut.addAll(other.leftOut);
        broken = other.broken;
    }

    /** The stream as it stands at this moment. */
    Stream copy() {
        return new Stream(this);
    }

    /** This very moment of it, for a projection. */
    StreamSource source() {
        return source(new SourceReading(id));
    }

    /**
     * This very moment of it.
     *
     * @param reading what was read of it for an earlier moment, to read on with
     */
    StreamSource source(SourceReading reading) {
        return new StreamSource(id, fold.copy(), List.copyOf(stretches), reading);
    }

    /** Whether something between the end of this stream and an entry has not been read yet. */
    boolean isBehind(Entry entry) {
        if (broken.isPresent()) {
            return false;
        }
        return entry.index() > tail.events()
                || entry.event() instanceof Event.ExperimentResumed resumed && resumed.metrics() > fold.metricRecords();
    }

    /** How a mark that it goes on somewhere stands to where it is. */
    enum Joint {
        /** It goes on right here. */
        FITS,
        /** Events before the mark have not been read yet. */
        EVENTS_MISSING,
        /** Metric records before the mark have not been read yet. */
        RECORDS_MISSING,
        /** It has gone on elsewhere from before the mark: what follows the mark is not its own. */
        ELSEWHERE
    }

    Joint joint(Continuation mark) {
        if (mark.before().equals(tail)) {
            return mark.records() > fold.metricRecords() ? Joint.RECORDS_MISSING : Joint.FITS;
        }
        return mark.before().events() > tail.events() ? Joint.EVENTS_MISSING : Joint.ELSEWHERE;
    }

    /**
     * What follows a mark in another generation is left out. A power cut may leave the mark and take what nobody had forced before it: then
     * the experiment ends before the mark, and can be resumed from there.
     */
    void leaveOut(Continuation mark) {
        leftOut.add("experiment '" + fold.data().name() + "' (" + id + ") has " + fold.metricRecords()
                + " metric records before the mark at " + mark.position() + ", and not the " + mark.records()
                + " that it goes on from there; what follows the mark in that generation is left unread");
    }

    List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    /** Folds an event; false if nothing is folded any more. */
    boolean event(Entry entry, Generation generation) {
        if (broken.isPresent()) {
            return false;
        }
        try {
            if (!isIn(generation)) {
                Catalog.requireJoint(entry, tail);
                enter(generation);
            }
            fold.event(entry.event());
            tail = entry.tail();
            position = Optional.of(entry.position());
            time = entry.time();
            isReleased = false;
            return true;
        } catch (InvariantViolation e) {
            breakAt(entry.position(), e);
            return false;
        }
    }

    /** Goes on in another generation of the same process. */
    void continued(Continuation mark, Generation generation) {
        if (broken.isPresent()) {
            return;
        }
        enter(generation);
        tail = mark.tail();
        position = Optional.of(mark.position());
    }

    private void enter(Generation generation) {
        stretches.add(new Stretch(generation, Mark.END));
        owner = generation.name();
    }

    /** Whether this is the event that was folded last. */
    boolean isAt(Entry entry) {
        return position.equals(Optional.of(entry.position()));
    }

    /** Whether a record is one of its own, and can be folded. */
    boolean takes(Generation generation, int metric) {
        return broken.isEmpty() && isIn(generation) && fold.takes(metric);
    }

    /** Folds a record, as long as any are folded. */
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

    /** Folds records, as long as any are folded. */
    void metrics(Generation generation, MetricBatch batch) {
        if (broken.isPresent() || !isIn(generation)) {
            return;
        }
        try {
            for (int record = 0; record < batch.size(); record++) {
                fold.metricLogged(batch.metric(record), batch.step(record), batch.value(record));
            }
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
        return owner.equals(generation.name());
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
        sentences.addAll(leftOut);
        stretches.stream()
                .map(Stretch::generation)
                .distinct()
                .forEach(generation -> generation.damage(id).ifPresent(sentences::add));
        return sentences;
    }

    boolean isUnfinished() {
        return fold.data().phase() == Phase.ACTIVE || fold.data().phase() == Phase.COMPLETED;
    }

    /** Whether it is saved or discarded, as far as can be known. */
    boolean isSettled() {
        return broken.isEmpty() && !isUnfinished();
    }
}
