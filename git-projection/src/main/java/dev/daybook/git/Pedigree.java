package dev.daybook.git;

import dev.daybook.git.TransferReport.Outcome;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** Knows which commits are parts of which, as far as both are in this repository. */
final class Pedigree {

    private Pedigree() {}

    /** What a ref names that names this object, where that is no commit that can be read here. */
    static Optional<String> flaw(RevWalk walk, ObjectId object) {
        try {
            var unused = walk.parseCommit(object);
            return Optional.empty();
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            return Optional.of("no commit that is here");
        } catch (IOException | RuntimeException e) {
            // JGit meets damage with either
            return Optional.of("the commit " + object.name() + ", which cannot be read (" + e.getMessage() + ")");
        }
    }

    /**
     * What becomes of a ref that is to name a commit: whoever takes it from another place decides as who sends it there.
     *
     * @param before what it names now
     * @param isForced whether what is another one may be replaced; what has the commit as a part is none of that kind
     */
    static Outcome outcome(Repository repository, Optional<ObjectId> before, ObjectId commit, boolean isForced) {
        if (before.isEmpty()) {
            return Outcome.CREATED;
        }
        var old = before.get();
        if (old.equals(commit)) {
            return Outcome.UP_TO_DATE;
        } else if (contains(repository, commit, old)) {
            return Outcome.ADVANCED;
        } else if (contains(repository, old, commit)) {
            return Outcome.UP_TO_DATE;
        }
        return isForced ? Outcome.REPLACED : Outcome.DIVERGED;
    }

    /** Whether a commit has another one among its ancestors, so that nothing is lost with that one's ref. */
    static boolean contains(Repository repository, ObjectId commit, ObjectId part) {
        try (var walk = new RevWalk(repository)) {
            return walk.isMergedInto(walk.parseCommit(part), walk.parseCommit(commit));
        } catch (IOException | RuntimeException e) {
            // not here, no commit, or damaged, which JGit meets with either: nobody knows
            return false;
        }
    }
}
