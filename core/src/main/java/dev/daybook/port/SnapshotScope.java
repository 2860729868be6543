package dev.daybook.port;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What of the work tree belongs to the code of an experiment.
 *
 * @param isWorkTree whether the work tree is looked at; if not, the code is what the checked-out commit holds
 * @param untracked globs from the root, as in Git's pathspecs ({@code *} stays in a folder, {@code **} does not), of untracked files that
 *     belong to it; ignored ones only where one is named exactly
 * @param data paths from the root of untracked files and folders that do not belong to it, whatever the globs say
 */
public record SnapshotScope(boolean isWorkTree, List<String> untracked, Set<String> data) {

    /** The tracked files. */
    public static final SnapshotScope TRACKED = new SnapshotScope(true, List.of());

    /** Nothing of the work tree. */
    public static final SnapshotScope NONE = new SnapshotScope(false, List.of());

    public SnapshotScope {
        untracked = List.copyOf(untracked);
        data = Set.copyOf(data);
    }

    public SnapshotScope(boolean isWorkTree, List<String> untracked) {
        this(isWorkTree, untracked, Set.of());
    }

    /** The same without these paths, and what is below them. */
    public SnapshotScope without(Set<String> more) {
        var all = new HashSet<>(data);
        all.addAll(more);
        return new SnapshotScope(isWorkTree, untracked, all);
    }

    /** Whether a path is one of the data, or below one. */
    public boolean isData(String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (data.contains(path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }
}
