package dev.daybook.git;

import dev.daybook.git.dvc.Durable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The files that refs are kept in, one each or packed into one, and how they get to the disk.
 *
 * @param folder the one of Git that all work trees share
 */
record RefFiles(Path folder) {

    private static final String LOCK = ".lock";

    /** In the usual file systems. */
    private static final int MAX_NAME_BYTES = 255;

    private static final int CHUNK_BYTES = 1 << 20;

    /** Where the name stands in a line of packed refs: behind the id and a space. */
    private static final int NAME = Constants.OBJECT_ID_STRING_LENGTH + 1;

    /** A ref's own, if it is not packed; or a folder of refs. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** By which every program locks a ref. */
    Path lock(String name) {
        return folder.resolve(name + LOCK);
    }

    /** Those of all refs in a folder; none if git takes empty folders away just now. */
    List<Path> locks(String name) throws IOException {
        if (!Files.isDirectory(file(name))) {
            return List.of();
        }
        try (var all = Files.walk(file(name))) {
            return all.filter(file -> file.toString().endsWith(LOCK) && Files.isRegularFile(file))
                    .toList();
        } catch (UncheckedIOException e) {
            return List.of();
        }
    }

    /** Whether a name is short enough for a file and for its lock; else the ref could be packed, and never changed. */
    static boolean canHold(String name) {
        return name.substring(name.lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8).length
                <= MAX_NAME_BYTES - LOCK.length();
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

    /** What packed refs of these names say: to make objects of all others, as JGit does after each change, takes much longer. */
    Map<String, ObjectId> packed(Set<String> names) throws IOException {
        var found = new HashMap<String, ObjectId>();
        try (var lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(packed()), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                // an id and a name; others say what a tag names, and how the file was made
                var name = line.substring(Math.min(line.length(), NAME));
                if (names.contains(name)) {
                    found.put(name, id(line));
                }
            }
        } catch (NoSuchFileException e) {
            return Map.of();
        }
        return found;
    }

    private ObjectId id(String line) throws IOException {
        var id = line.substring(0, NAME - 1);
        if (!ObjectId.isId(id)) {
            throw new IOException(packed() + " is damaged: it has the line " + line);
        }
        return ObjectId.fromString(id);
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
