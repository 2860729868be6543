package dev.daybook.git;

import java.time.Instant;
import java.util.List;

/**
 * What was let go for good, or would be.
 *
 * @param refs that kept something
 * @param bytes of the objects that nothing else names, before they are compressed; git's own gc frees them
 */
public record Collected(List<Kept> refs, long bytes) {
    public Collected {
        refs = List.copyOf(refs);
    }

    /**
     * A ref that kept something that was removed or overwritten.
     *
     * @param what an experiment's name, or {@code overwritten files}
     * @param since when that was
     */
    public record Kept(String ref, String what, Instant since) {}
}
