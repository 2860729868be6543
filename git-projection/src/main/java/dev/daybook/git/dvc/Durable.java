package dev.daybook.git.dvc;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Forces files and the directories that name them to disk. */
public final class Durable {

    private static final boolean CAN_FORCE_DIRECTORIES = File.separatorChar == '/';

    private Durable() {}

    public static void force(Path path) throws IOException {
        if (!Files.isDirectory(path) || CAN_FORCE_DIRECTORIES) {
            try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Forces a file and each directory above it, up to and with a given one. */
    public static void forceUpTo(Path file, Path top) throws IOException {
        force(file);
        for (var folder = file.getParent(); folder != null && folder.startsWith(top); folder = folder.getParent()) {
            force(folder);
        }
    }
}
