package dev.daybook;

/** The experiment is being run by somebody else, or has not been resumed by this process. */
public final class NotOwnerException extends DaybookException {

    private static final long serialVersionUID = 1L;

    public NotOwnerException(String message) {
        super(message);
    }
}
