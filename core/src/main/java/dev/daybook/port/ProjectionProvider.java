package dev.daybook.port;

import java.nio.file.Path;

/** How a projection is found: one implementation on the class path, by {@link java.util.ServiceLoader}. */
public interface ProjectionProvider {

    /**
     * Opens the repository around a path.
     *
     * @throws RuntimeException {@code dev.daybook.RepositoryException} if there is none, or one that cannot hold experiments
     */
    Projection open(Path path);
}
