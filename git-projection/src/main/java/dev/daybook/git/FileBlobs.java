package dev.daybook.git;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/** Files and links of the work tree as blobs, byte for byte. */
final class FileBlobs {

    private FileBlobs() {}

    static ObjectId write(NewObjects objects, Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return objects.blob(Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8));
        }
        try (var open = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return objects.blob(open.size(), Channels.newInputStream(open));
        }
    }

    static FileMode mode(Path file) throws IOException {
        return FileMode.fromBits(FileStat.of(file)
                .orElseThrow(() -> new NoSuchFileException(file.toString()))
                .gitMode());
    }
}
