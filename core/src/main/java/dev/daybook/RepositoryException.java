package dev.daybook;

/** The repository cannot hold experiments, or Git could not do what was needed. */
public sealed class RepositoryException extends DaybookException permits UnfinishedWorkTreeException {

    private static final long serialVersionUID = 1L;

    public RepositoryException(String message) {
        super(message);
    }

    public RepositoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
