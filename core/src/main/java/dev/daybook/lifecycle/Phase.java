package dev.daybook.lifecycle;

/** The four states of the life cycle. <em>Interrupted</em> is none of them: it is {@code ACTIVE} whose owner is gone. */
public enum Phase {
    UNINITIALIZED,
    ACTIVE,
    COMPLETED,
    PERSISTED
}
