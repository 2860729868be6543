package dev.daybook;

/** There is no unfinished experiment of that name. */
public final class NoSuchExperimentException extends DaybookException {

    private static final long serialVersionUID = 1L;

    public NoSuchExperimentException(String message) {
        super(message);
    }
}
