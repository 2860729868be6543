package dev.daybook.git;

import java.io.IOException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** Knows which commits are parts of which, as far as both are in this repository. */
final class Pedigree {

    private Pedigree() {}

    /** Whether an object is here and is a commit. */
    static boolean isCommit(Repository repository, ObjectId object) throws IOException {
        try (var walk = new RevWalk(repository)) {
            var unused = walk.parseCommit(object);
            return true;
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            return false;
        }
    }

    /** Whether a commit has another one among its ancestors, so that nothing is lost with that one's ref. */
    static boolean contains(Repository repository, ObjectId commit, ObjectId part) throws IOException {
        try (var walk = new RevWalk(repository)) {
            return walk.isMergedInto(walk.parseCommit(part), walk.parseCommit(commit));
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            // not here, or no commit: nobody knows
            return false;
        }
    }
}
