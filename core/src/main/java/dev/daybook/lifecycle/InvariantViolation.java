package dev.daybook.lifecycle;

/** An event that cannot have happened in this state: the stream is damaged, or there is a bug. Nothing of the event was applied. */
public final class InvariantViolation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InvariantViolation(String message) {
        super(message);
    }
}
