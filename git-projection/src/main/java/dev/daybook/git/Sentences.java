package dev.daybook.git;

import dev.daybook.RepositoryException;
import java.io.IOException;
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
        } catch (IOException e) {
            throw new RepositoryException(
                    "cannot " + what + " in the Git repository " + Repositories.place(repository) + ": " + e, e);
        }
    }
}
