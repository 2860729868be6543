package dev.daybook.journal;

import java.util.Arrays;

/**
 * Where an experiment's documents stand in a generation, as far as somebody has read it whole: who reads the experiment alone goes from
 * one to the next, whatever else lies in between.
 */
final class Places {

    /** Where nobody has read anything. */
    static final Places UNKNOWN = new Places(new long[0], 0);

    private final long[] documents;
    private final long known;

    /**
     * @param documents in their order
     * @param known up to where there are no others
     */
    Places(long[] documents, long known) {
        this.documents = documents;
        this.known = known;
    }

    /** The first place at or behind a position where a document of the experiment stands, or may stand. */
    long next(long position) {
        if (position >= known) {
            return position;
        }
        int found = Arrays.binarySearch(documents, position);
        int index = found < 0 ? -found - 1 : found;
        return index < documents.length ? documents[index] : known;
    }
}
