package dev.daybook;

/** Is told how far something is that may take long: often, one call after the other, perhaps from several threads. */
public interface Progress {

    /** Nobody is told. */
    Progress NONE = (what, done, all, unit) -> {};

    /** What is counted. */
    enum Unit {
        ITEMS,
        BYTES
    }

    /**
     * @param what is being done, such as {@code sending data}; a step ends where the next one begins
     * @param all how much there is to be done in this step
     */
    void at(String what, long done, long all, Unit unit);
}
