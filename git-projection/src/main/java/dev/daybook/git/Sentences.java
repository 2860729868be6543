package dev.daybook.git;

import dev.daybook.RepositoryException;
import java.io.IOException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Repository;

/** Turns I/O errors of the work on a repository into sentences. */
final class Sentences {

    private final Repository repository;

    Sentences(Repository repository) {
        this.repository = repository;
    }

    interface Work<T> {
        T run() throws IOException;
    }

    /** @param what is done, behind {@code cannot} */
    <T> T of(String what, Work<T> work) {
        try {
            return work.run();
        } catch (MissingObjectException e) {
            throw unreadable(what, "the object " + e.getObjectId().name() + " is missing", e);
        } catch (CorruptObjectException e) {
            throw unreadable(what, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new RepositoryException(
                    "cannot " + what + " in the Git repository " + Repositories.place(repository) + ": " + e, e);
        }
    }

    private RepositoryException unreadable(String what, String reason, IOException e) {
        return new RepositoryException(
                "cannot " + what + " in the Git repository " + Repositories.place(repository) + ": " + reason
                        + "; git fsck says what else is wrong, and another clone may have what is needed",
                e);
    }
}
