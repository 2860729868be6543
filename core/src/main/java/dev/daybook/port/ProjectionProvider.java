package dev.daybook.port;

import java.nio.file.Path;
import java.util.function.Consumer;

/** How a projection is found: one implementation on the class path, by {@link java.util.ServiceLoader}. */
public interface ProjectionProvider {

    /**
     * Opens the repository around a path.
     *
     * @param warnings takes a sentence for each thing that a commit could not be given as it was asked for
     * @throws RuntimeException {@code dev.daybook.RepositoryException} if there is none, or one that cannot hold experiments
     */
    Projection open(Path path, Consumer<String> warnings);
}
