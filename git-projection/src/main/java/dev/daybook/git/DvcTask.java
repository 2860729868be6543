package dev.daybook.git;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An experiment that DVC has not saved: one that it runs, has in its queue, or failed with.
 *
 * @param name as DVC shows it: the beginning of its commit, if it has no other
 * @param baseline 40 hex digits
 * @param commit what is to be run; empty where the work tree itself is run
 * @param time when it got into that state
 * @param params by key, as that commit has them
 * @param problems what could not be read of it, each one a sentence
 */
public record DvcTask(
        String name,
        State state,
        String baseline,
        Optional<String> commit,
        Instant time,
        Map<String, Object> params,
        List<String> problems) {

    public DvcTask {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        problems = List.copyOf(problems);
    }

    /** How it stands. */
    public enum State {
        /** {@code dvc exp run --queue}, and nobody has begun with it. */
        QUEUED,
        /** By {@code dvc exp run}, a worker of the queue, or a program with DVCLive. */
        RUNNING,
        /** A worker of the queue has failed with it. */
        FAILED
    }
}
