package dev.daybook;

/** The journal could not be read or written. What was acknowledged before stays readable. */
public final class JournalException extends DaybookException {

    private static final long serialVersionUID = 1L;

    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
