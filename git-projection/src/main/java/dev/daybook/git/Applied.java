package dev.daybook.git;

import java.util.List;
import java.util.Optional;

/**
 * What applying an experiment has changed in the work tree, or would change.
 *
 * @param commit what was applied
 * @param files of Git; {@code A}, {@code M}, {@code T} or {@code D} as the work tree sees it
 * @param data paths of files that come from DVC's cache, or go because they came from there
 * @param losses paths of files that are nowhere else as they were: overwritten by force, or in the way of it
 * @param kept the ref that holds what was overwritten and is nowhere else; empty if there was nothing
 * @param notes sentences about what was left alone
 */
public record Applied(
        String commit,
        List<FileChange> files,
        List<String> data,
        List<String> losses,
        Optional<String> kept,
        List<String> notes) {
    public Applied {
        files = List.copyOf(files);
        data = List.copyOf(data);
        losses = List.copyOf(losses);
        notes = List.copyOf(notes);
    }
}
