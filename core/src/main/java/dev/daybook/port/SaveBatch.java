package dev.daybook.port;

import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.port.Projection.Published;
import java.util.List;
import java.util.Optional;

/**
 * Several saves that are written as one: prepared one by one, forced to disk together, published together, closed when they are published.
 * Not thread-safe.
 */
public interface SaveBatch extends AutoCloseable {

    /** A save whose commit is on disk, and whose ref is next. */
    record Prepared(ExperimentSource source, SavePrepared save) {}

    /** As {@link Projection#prepare}, but on disk only after {@link #force}. What fails is this save alone. */
    SavePrepared prepare(ExperimentSource source, String name, Optional<Code> code);

    /** When this returns, all that was prepared is on disk, and kept from gc until this is closed. */
    void force();

    /** Publishes what can be published together; what this does not do, {@link #publish} does. */
    void publishTogether(List<Prepared> saves);

    /** As {@link Projection#publish}. What fails is this save alone. */
    Published publish(Prepared save);

    @Override
    void close();
}
