package dev.daybook;

/**
 * The root of all that Daybook throws. Unchecked: a training loop is no place for checked exceptions. Each message is one sentence that
 * says what happened, to what, and what to do.
 */
public class DaybookException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DaybookException(String message) {
        super(message);
    }

    public DaybookException(String message, Throwable cause) {
        super(message, cause);
    }
}
