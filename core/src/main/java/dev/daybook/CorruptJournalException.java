package dev.daybook;

/** What the journal holds of an experiment cannot have been written by Daybook: it was damaged or edited. */
public final class CorruptJournalException extends DaybookException {

    private static final long serialVersionUID = 1L;

    private final String generation;
    private final long document;

    /**
     * The message names the place once more.
     *
     * @param document the number of the first bad document
     */
    public CorruptJournalException(String message, String generation, long document) {
        super(message);
        this.generation = generation;
        this.document = document;
    }

    /** The generation's name: the folder below the journal's. */
    public String generation() {
        return generation;
    }

    /** The number of the first document that is not what was written; what stands before it is good. */
    public long document() {
        return document;
    }
}
