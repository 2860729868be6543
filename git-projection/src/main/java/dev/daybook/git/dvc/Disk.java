package dev.daybook.git.dvc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Forces a file, or a folder's names, to disk. */
final class Disk {

    private Disk() {}

    /** @return the same path */
    static Path force(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
        return path;
    }
}
