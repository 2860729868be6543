package dev.daybook.port;

import java.util.List;

/**
 * What of the work tree belongs to the code of an experiment.
 *
 * @param isWorkTree whether the work tree is looked at; if not, the code is what the checked-out commit holds
 * @param untracked globs from the root, as in Git's pathspecs ({@code *} stays in a folder, {@code **} does not), of untracked files that
 *     belong to it; ignored ones only where one is named exactly
 */
public record SnapshotScope(boolean isWorkTree, List<String> untracked) {

    /** The tracked files. */
    public static final SnapshotScope TRACKED = new SnapshotScope(true, List.of());

    /** Nothing of the work tree. */
    public static final SnapshotScope NONE = new SnapshotScope(false, List.of());

    public SnapshotScope {
        untracked = List.copyOf(untracked);
    }
}
