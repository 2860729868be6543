package dev.daybook.cli;

/** Arguments that picocli takes and that do not go together; the message is a sentence without its end. */
final class WrongUsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    WrongUsageException(String message) {
        super(message);
    }
}
