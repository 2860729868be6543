package dev.daybook;

/** A name, key or value that cannot be taken; the message says why. Nothing was recorded. */
public final class InvalidInputException extends DaybookException {

    private static final long serialVersionUID = 1L;

    public InvalidInputException(String message) {
        super(message);
    }
}
