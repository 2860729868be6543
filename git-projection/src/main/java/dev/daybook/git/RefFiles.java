package dev.daybook.git;

import dev.daybook.git.dvc.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;

/**
 * The files that refs are kept in, one each or packed into one, and how they get to the disk.
 *
 * @param folder the one of Git that all work trees share
 */
record RefFiles(Path folder) {

    private static final int CHUNK_BYTES = 1 << 20;

    /** A ref's own, if it is not packed; or a folder of refs. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** By which every program locks a ref. */
    Path lock(String name) {
        return folder.resolve(name + ".lock");
    }

    Path packed() {
        return folder.resolve("packed-refs");
    }

    Path packedLock() {
        return folder.resolve("packed-refs.lock");
    }

    /** Whether a packed ref stands below one of these folders, by its bytes: to read a hundred thousand refs takes much longer. */
    boolean isAnyPacked(Set<String> folders) throws IOException {
        var wanted = folders.stream().map(folder -> " " + folder).toList();
        int overlap = wanted.stream().mapToInt(String::length).max().orElse(0);
        try (var in = Files.newInputStream(packed())) {
            var seen = "";
            for (var bytes = in.readNBytes(CHUNK_BYTES); bytes.length > 0; bytes = in.readNBytes(CHUNK_BYTES)) {
                seen = seen.substring(Math.max(0, seen.length() - overlap))
                        + new String(bytes, StandardCharsets.ISO_8859_1);
                if (wanted.stream().anyMatch(seen::contains)) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    void force(String name) throws IOException {
        try {
            Durable.force(file(name));
            forceFolders(name);
        } catch (NoSuchFileException e) {
            // git has packed it
            forcePacked();
        }
    }

    void forceFolders(String name) throws IOException {
        try {
            Durable.forceUpTo(file(name.substring(0, name.lastIndexOf('/'))), file("refs"));
        } catch (NoSuchFileException e) {
            // git has packed it, and taken away the empty folders
            forcePacked();
        }
    }

    void forcePacked() throws IOException {
        if (Files.exists(packed())) {
            Durable.forceUpTo(packed(), folder);
        }
    }
}
