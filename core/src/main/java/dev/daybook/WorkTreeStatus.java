package dev.daybook;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a save would record of the work tree now.
 *
 * @param baseline the commit that is checked out, 40 hex digits
 * @param tree the Git tree of the code, before Daybook's own files are added; 40 hex digits
 * @param changed what differs between the two, in Git's order
 * @param untracked the files among it that Git does not track
 * @param leftOut how many untracked files, ignored ones aside, are not in it; empty if that is not known
 * @param method who has looked at the work tree
 */
public record WorkTreeStatus(
        String baseline,
        String tree,
        List<Change> changed,
        List<String> untracked,
        OptionalLong leftOut,
        Method method) {

    public WorkTreeStatus {
        changed = List.copyOf(changed);
        untracked = List.copyOf(untracked);
    }

    /**
     * A path that differs.
     *
     * @param path from the root, with {@code /}; bytes that are not UTF-8 as {@code \ooo}
     * @param how {@code M} another content or permission, {@code A} new, {@code D} gone, {@code T} of another type: file, link or submodule
     */
    public record Change(String path, char how) {}

    /** Both give the same tree. */
    public enum Method {
        /** Daybook itself, in a repository that is known to be plain. */
        JGIT,
        /** The installed git. */
        GIT
    }
}
