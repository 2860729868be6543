package dev.daybook.git;

import java.util.List;
import java.util.Optional;

/**
 * What a push or a pull has come to.
 *
 * @param remote with which, by its name or address
 * @param refs of the experiments that were asked for
 * @param notes on how many of them tags and notes were sent or fetched
 * @param objects of data that were copied
 * @param bytes of these
 * @param warnings sentences: what is left to be done by somebody else
 * @param problems sentences: what was asked for and could not be done; empty if all was
 */
public record TransferReport(
        String remote,
        List<Moved> refs,
        int notes,
        long objects,
        long bytes,
        List<String> warnings,
        List<String> problems) {

    public TransferReport {
        refs = List.copyOf(refs);
        warnings = List.copyOf(warnings);
        problems = List.copyOf(problems);
    }

    /** What became of an experiment's ref on the side that was to get it. */
    public enum Outcome {
        /** It is there now. */
        CREATED,
        /** It was the same already, or has more than this side. */
        UP_TO_DATE,
        /** It has grown: what it was is a part of what it is. */
        ADVANCED,
        /** It was another one, and is this one now, because that was asked for. */
        REPLACED,
        /** It is another one, and was left alone. */
        DIVERGED,
        /** The other side, or Git, would not have it. */
        REFUSED
    }

    /**
     * One experiment.
     *
     * @param commit that it names on the side that it was taken from
     * @param before the commit that it named on the other side
     */
    public record Moved(String name, String ref, String commit, Optional<String> before, Outcome outcome) {}

    /** Whether all that was asked for was done. */
    public boolean isComplete() {
        return problems.isEmpty();
    }
}
