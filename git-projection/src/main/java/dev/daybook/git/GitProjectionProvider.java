package dev.daybook.git;

import dev.daybook.port.Projection;
import dev.daybook.port.ProjectionProvider;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Lets Daybook find the Git projection; public because {@link java.util.ServiceLoader} needs it, not part of the API. */
public final class GitProjectionProvider implements ProjectionProvider {

    @Override
    public Projection open(Path path, Consumer<String> warnings) {
        return new GitProjection(Repositories.open(path), warnings);
    }
}
