package dev.daybook;

/** The states of an experiment's handle. <em>Interrupted</em> is none of them: it is {@code ACTIVE} whose owner is gone. */
public enum ExperimentState {
    /** Not begun, or discarded. */
    UNINITIALIZED,
    /** Between {@code init} and {@code complete}: parameters and metrics are taken. */
    ACTIVE,
    /** Ended, with an outcome; {@code save} and {@code discard} are possible. */
    COMPLETED,
    /** A commit on a ref. */
    PERSISTED
}
