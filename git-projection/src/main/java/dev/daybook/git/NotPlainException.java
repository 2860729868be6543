package dev.daybook.git;

/** Says why a repository is none of those for which Daybook's own snapshot is known to be exact, as a clause: "its index is split". */
final class NotPlainException extends Exception {

    private static final long serialVersionUID = 1;

    NotPlainException(String cause) {
        super(cause, null, false, false);
    }

    /** The clause. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
