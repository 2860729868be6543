package dev.daybook.git;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;

/** Files and links of the work tree as blobs, byte for byte. */
final class FileBlobs {

    private FileBlobs() {}

    /** What is done with the content of a blob. */
    private interface Use {
        ObjectId of(long length, InputStream content) throws IOException;
    }

    /** What the blob would be. */
    static ObjectId hash(Path file) throws IOException {
        try (var hasher = new ObjectInserter.Formatter()) {
            return use(file, (length, content) -> hasher.idFor(Constants.OBJ_BLOB, length, content));
        }
    }

    /** Whether a file or link is a blob, byte for byte. */
    static boolean isSame(Path file, FileStat stat, FileMode mode, ObjectId blob) throws IOException {
        return (stat.isFile() || stat.isLink())
                && FileMode.fromBits(stat.gitMode()).equals(mode)
                && hash(file).equals(blob);
    }

    static ObjectId write(NewObjects objects, Path file) throws IOException {
        return use(file, objects::blob);
    }

    private static ObjectId use(Path file, Use use) throws IOException {
        if (Files.isSymbolicLink(file)) {
            var target = Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8);
            return use.of(target.length, new ByteArrayInputStream(target));
        }
        try (var open = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return use.of(open.size(), Channels.newInputStream(open));
        }
    }

    static FileMode mode(Path file) throws IOException {
        return FileMode.fromBits(FileStat.of(file)
                .orElseThrow(() -> new NoSuchFileException(file.toString()))
                .gitMode());
    }
}
