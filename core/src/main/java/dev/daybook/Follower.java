package dev.daybook;

import dev.daybook.ExperimentSummary.Status;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.Phase;
import dev.daybook.port.Journal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Follows one experiment while it runs, from its beginning on, in this process or another one, over all generations and owners: what was
 * logged is seen within some milliseconds, at no cost to the one who logs. Not thread-safe.
 *
 * <pre>{@code
 * daybook.follow("lr-sweep-1").run(System.out::println);
 * }</pre>
 */
public final class Follower {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final ExperimentId id;
    private final Catalog catalog;
    private final HistoryReplay replay = new HistoryReplay(entry -> {});

    Follower(Journal journal, ExperimentId id) {
        this.id = id;
        this.catalog = new Catalog(journal, id, replay);
    }

    /**
     * Gives what has come since the last call, in order.
     *
     * @return how the experiment stands; empty as long as its owner lives, so that more may come
     */
    public Optional<Status> poll(Consumer<? super HistoryEntry> sees) {
        replay.give(sees);
        // asked first: whatever a dying owner wrote before that is read below
        var before = catalog.find(id);
        boolean wasAbandoned = before.map(Stream::isAbandoned).orElse(false);
        catalog.catchUp();
        var stream = catalog.find(id);
        if (stream.isEmpty()) {
            return Optional.empty();
        }
        var phase = stream.get().data().phase();
        if (phase == Phase.PERSISTED) {
            return Optional.of(Status.PERSISTED);
        }
        if (stream.get().data().isDiscarded()) {
            return Optional.of(Status.DISCARDED);
        }
        boolean isOver = wasAbandoned
                && stream.get().isAbandoned()
                && stream.get().tail().equals(before.orElseThrow().tail());
        return isOver
                ? Optional.of(phase == Phase.COMPLETED ? Status.COMPLETED : Status.INTERRUPTED)
                : Optional.empty();
    }

    /**
     * Gives everything, from the beginning to the end of the experiment or of its owner, and waits for it.
     *
     * @return how the experiment stands then
     * @throws InterruptedException if this thread is interrupted
     */
    public Status run(Consumer<? super HistoryEntry> sees) throws InterruptedException {
        while (true) {
            var ended = poll(sees);
            if (ended.isPresent()) {
                return ended.get();
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }
}
