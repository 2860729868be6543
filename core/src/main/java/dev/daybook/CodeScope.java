package dev.daybook;

import dev.daybook.port.SnapshotScope;
import java.util.List;

/** Which files are the code of an experiment: what {@code init}, {@code makeCheckpoint} and {@code save} record of the work tree. */
public final class CodeScope {

    private static final CodeScope TRACKED = new CodeScope(SnapshotScope.TRACKED);
    private static final CodeScope NONE = new CodeScope(SnapshotScope.NONE);

    private final SnapshotScope scope;

    private CodeScope(SnapshotScope scope) {
        this.scope = scope;
    }

    /** The files that Git tracks, as they are in the work tree: what {@code git add -u} would stage. The default. */
    public static CodeScope tracked() {
        return TRACKED;
    }

    /**
     * The tracked files, and of the untracked ones those that match a glob. An ignored file belongs to it only if a glob is its very path. A
     * repository inside this one is a link to its commit, as {@code git add} makes it; one without a commit is left out. What was added as an
     * artifact by an experiment of the same {@link Daybook} is data, and not taken, whatever the globs say.
     *
     * @param globs from the root, as Git's pathspecs have them: {@code *} stays in a folder, {@code **} does not
     */
    public static CodeScope untracked(String... globs) {
        return new CodeScope(new SnapshotScope(true, List.of(globs)));
    }

    /** The checked-out commit, whatever the work tree holds: no file of it is looked at. */
    public static CodeScope none() {
        return NONE;
    }

    SnapshotScope ofPort() {
        return scope;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodeScope same && same.scope.equals(scope);
    }

    @Override
    public int hashCode() {
        return scope.hashCode();
    }

    @Override
    public String toString() {
        return scope.isWorkTree() ? "tracked, untracked " + scope.untracked() : "none";
    }
}
