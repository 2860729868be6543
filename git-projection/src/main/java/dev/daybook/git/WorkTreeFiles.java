package dev.daybook.git;

import dev.daybook.git.dvc.FileSource;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Files of the work tree; follows no link, and opens nothing but regular files. */
final class WorkTreeFiles implements FileSource {

    private static final int MAX_BYTES = 64 << 20;

    private final Path top;

    /** @param top the root of the work tree */
    WorkTreeFiles(Path top) {
        this.top = top;
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        var file = place(top, path);
        if (file.isEmpty() || !Files.exists(file.get(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file.get(), LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(file.get().toString(), null, "it is no regular file");
        }
        if (Files.size(file.get()) > MAX_BYTES) {
            throw new FileSystemException(file.get().toString(), null, "it has more than " + MAX_BYTES + " bytes");
        }
        try {
            return Optional.of(Files.readAllBytes(file.get()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Where a path is; empty if it is none that Git may hold, or a link or a file stands where it needs a folder. */
    static Optional<Path> place(Path top, String path) {
        if (!TreeEditor.isSafe(path)) {
            return Optional.empty();
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            var folder = top.resolve(path.substring(0, slash));
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
        }
        return Optional.of(top.resolve(path));
    }

    /** What stands at a path, if it can be looked at without following a link. */
    static Optional<FileStat> stat(Path top, String path) throws IOException {
        var place = place(top, path);
        return place.isPresent() ? FileStat.of(place.get()) : Optional.empty();
    }
}
