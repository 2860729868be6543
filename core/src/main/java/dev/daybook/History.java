package dev.daybook;

import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ExperimentFold;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.Entry;
import dev.daybook.port.Journal;
import dev.daybook.port.Position;
import dev.daybook.port.Projection.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that happened to one experiment, in its order, as the journal has it. Each call reads the journal anew, in bounded memory, and ends
 * where the experiment stands at that moment. Thread-safe.
 *
 * <p>The journal of a saved experiment is deleted some day (see {@link Retention}). Then the commit's own record of the events is given,
 * without metric values and positions, and {@link #gone} says so.
 */
public final class History {

    private final Journal journal;
    private final ExperimentId id;
    private final String name;
    private final Supplier<List<Recorded>> recorded;

    /**
     * @param recorded what the commit of a saved experiment says of its events; asked where the journal says nothing
     */
    History(Journal journal, ExperimentId id, String name, Supplier<List<Recorded>> recorded) {
        this.journal = journal;
        this.id = id;
        this.name = name;
        this.recorded = recorded;
    }

    ExperimentId id() {
        return id;
    }

    /** The experiment's name. */
    public String name() {
        return name;
    }

    /** What is not there any more, in one sentence; empty if all is. */
    public Optional<String> gone() {
        var stream = stream(new Events(entry -> {}));
        if (stream.isPresent()) {
            return stream.get().broken().map(Stream.Break::message);
        }
        return Optional.of(
                recorded.get().isEmpty()
                        ? "this repository has neither a journal nor a commit that tells of experiment '" + name + "'"
                        : "this repository has no journal of experiment '" + name
                                + "'; what happened to it is known from its commit, without metric values");
    }

    /** Everything, metric values too. */
    public void forEach(Consumer<? super HistoryEntry> sees) {
        if (read(new HistoryReplay(sees)) == 0) {
            recorded.get().forEach(each -> sees.accept(of(each)));
        }
    }

    /** The events alone, without metric values. */
    public List<HistoryEntry> events() {
        var entries = new ArrayList<HistoryEntry>();
        if (events(entries::add) == 0) {
            recorded.get().forEach(each -> entries.add(of(each)));
        }
        return entries;
    }

    private static HistoryEntry of(Recorded recorded) {
        return new HistoryEntry(Optional.empty(), recorded.time(), recorded.kind(), recorded.details());
    }

    private long events(Consumer<HistoryEntry> sees) {
        return read(new Events(sees));
    }

    private long read(Catalog.Observer observer) {
        return stream(observer).map(stream -> stream.tail().events()).orElse(0L);
    }

    private Optional<Stream> stream(Catalog.Observer observer) {
        var catalog = new Catalog(journal, id, observer);
        catalog.catchUp();
        return catalog.find(id);
    }

    /** Leaves out the metric values. */
    private static final class Events extends HistoryReplay {

        Events(Consumer<? super HistoryEntry> sees) {
            super(sees);
        }

        @Override
        public void metric(Position position, int slot, int metric, long step, double value, long epochMilli) {}
    }

    /**
     * The experiment as it stood when what is at a position had just happened.
     *
     * @throws InvalidInputException if the journal has nothing of this experiment there
     */
    public Moment at(HistoryPosition position) {
        var search = new Search(position);
        read(search);
        var moment = search.found;
        if (moment == null) {
            throw new InvalidInputException("there is nothing of experiment '" + name + "' at " + position
                    + "; 'history' prints the positions that there are");
        }
        return moment;
    }

    /** Folds up to a position. */
    private static final class Search implements Catalog.Observer {

        private final HistoryPosition wanted;
        private final ExperimentFold fold = new ExperimentFold();
        private @Nullable Moment found;

        Search(HistoryPosition wanted) {
            this.wanted = wanted;
        }

        @Override
        public void event(Entry entry) {
            if (found == null) {
                fold.event(entry.event());
                stopAt(entry.position(), 0, entry.time().toEpochMilli());
            }
        }

        @Override
        public void metric(Position position, int slot, int metric, long step, double value, long epochMilli) {
            if (found == null) {
                fold.metricLogged(metric, step, value);
                stopAt(position, slot, epochMilli);
            }
        }

        private void stopAt(Position position, int slot, long epochMilli) {
            if (slot == wanted.slot()
                    && position.document() == wanted.document()
                    && position.generation().equals(wanted.generation())) {
                found = moment(fold.data(), Instant.ofEpochMilli(epochMilli));
            }
        }

        private Moment moment(ExperimentData data, Instant time) {
            return new Moment(
                    ExperimentState.valueOf(data.phase().name()),
                    time,
                    new Params(data),
                    fold.metrics().stream().map(MetricSummary::of).toList(),
                    Checkpoint.of(data));
        }
    }
}
