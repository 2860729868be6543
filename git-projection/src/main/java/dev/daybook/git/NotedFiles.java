package dev.daybook.git;

import dev.daybook.git.dvc.FileSource;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Files that remember which of them were asked for. Not thread-safe. */
final class NotedFiles implements FileSource {

    private final FileSource files;
    private final Set<String> asked = new HashSet<>();

    NotedFiles(FileSource files) {
        this.files = files;
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        asked.add(path);
        return files.read(path);
    }

    /** Whether no other one was asked for. */
    boolean isNoneBut(String path) {
        return Set.of(path).containsAll(asked);
    }
}
