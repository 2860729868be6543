package dev.daybook;

/** The JVM does not let the journal map memory; the message holds the line to add to the command. */
public final class JvmAccessException extends DaybookException {

    private static final long serialVersionUID = 1L;

    public JvmAccessException(String message) {
        super(message);
    }

    public JvmAccessException(String message, Throwable cause) {
        super(message, cause);
    }
}
