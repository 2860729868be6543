package dev.daybook.git;

/** Is told how far a push or a pull is: often, one call after the other, perhaps from several threads. */
public interface TransferProgress {

    /** Nobody is told. */
    TransferProgress NONE = (what, done, all, unit) -> {};

    /** What is counted. */
    enum Unit {
        OBJECTS,
        BYTES
    }

    /**
     * @param what is being done, such as {@code sending data}; a step ends where the next one begins
     * @param all how much there is to be done in this step
     */
    void at(String what, long done, long all, Unit unit);
}
