package dev.daybook;

/**
 * What {@link Daybook#run} runs between {@code init} and {@code save}.
 *
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface ExperimentBody<X extends Exception> {
    void run(Experiment run) throws X;
}
