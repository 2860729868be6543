package dev.daybook.git;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * What was let go for good, or would be.
 *
 * @param refs that kept something
 * @param bytes of the objects that nothing else names, before they are compressed, as git's own gc frees them; empty if some of them
 *     cannot be read
 */
public record Collected(List<Kept> refs, OptionalLong bytes) {
    public Collected {
        refs = List.copyOf(refs);
    }

    /**
     * A ref that kept something that was removed or overwritten, or the checkpoints, or tags and notes, of an experiment that something else
     * has taken away.
     *
     * @param what an experiment's name, {@code overwritten files}, {@code checkpoints}, or {@code tags and notes}
     * @param since when that was; of checkpoints, tags and notes, when they were last changed
     */
    public record Kept(String ref, String what, Instant since) {}
}
