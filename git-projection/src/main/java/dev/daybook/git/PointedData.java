package dev.daybook.git;

import dev.daybook.git.dvc.DvcCache;
import dev.daybook.git.dvc.DvcCache.Stored;
import dev.daybook.git.dvc.DvcOutputs.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The data that a commit's pointers and locks name, found by path: what lies in a folder is known by the list that DVC's cache has of it. Not
 * thread-safe.
 */
final class PointedData {

    /** Of a list, and of a file that is read. */
    private static final long MAX_BYTES = 64 << 20;

    private static final String EMPTY = DvcCache.file(new byte[0]).hash();

    private final TreeMap<String, Output> outputs = new TreeMap<>();
    private final DvcProjects projects;

    /** @param outputs a later one of a path counts; those outside of the repository, or without a hash, do not */
    PointedData(Collection<Output> outputs, DvcProjects projects) {
        for (var output : outputs) {
            if (TreeEditor.isSafe(output.path()) && output.isKnown()) {
                this.outputs.put(output.path(), output);
            }
        }
        this.projects = projects;
    }

    /** What is named by exactly this path. */
    Optional<Output> at(String path) {
        return Optional.ofNullable(outputs.get(path));
    }

    /** The folder that a path is in. */
    Optional<Output> around(String path) {
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            var output = outputs.get(path.substring(0, slash));
            if (output != null) {
                return Optional.of(output).filter(Output::isFolder);
            }
        }
        return Optional.empty();
    }

    /**
     * The file of a path, by itself or in a folder.
     *
     * @throws IOException if that cannot be known, because the list of the folder is not in the cache or damaged
     */
    Optional<Output> file(String path) throws IOException {
        var at = at(path);
        if (at.isPresent()) {
            return at.filter(output -> !output.isFolder());
        }
        var around = around(path);
        return around.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(files(around.get()).get(path));
    }

    /** The files below a path, by theirs; as {@link #file}. */
    Map<String, Output> below(String path) throws IOException {
        var files = new LinkedHashMap<String, Output>();
        for (var output : outputs.subMap(path + "/", path + "0").values()) {
            if (output.isFolder()) {
                files.putAll(files(output));
            } else {
                files.put(output.path(), output);
            }
        }
        var around = at(path).filter(Output::isFolder).or(() -> around(path));
        if (around.isPresent()) {
            files(around.get()).forEach((file, output) -> {
                if (file.startsWith(path + "/")) {
                    files.put(file, output);
                }
            });
        }
        return files;
    }

    private Map<String, Output> files(Output folder) throws IOException {
        var caches = projects.caches(folder.path());
        var list = caches.path(folder);
        if (!Files.isRegularFile(list)) {
            throw new IOException(
                    "the list of the folder '" + folder.path() + "' (" + folder.hash() + ") is not in DVC's cache");
        }
        if (Files.size(list) > MAX_BYTES) {
            throw new IOException(
                    "the list of the folder '" + folder.path() + "' has more than " + MAX_BYTES + " bytes");
        }
        var files = new LinkedHashMap<String, Output>();
        for (var file : list(folder, caches).entrySet()) {
            var path = folder.path() + "/" + file.getKey();
            files.put(path, folder.file(path, file.getValue()));
        }
        return files;
    }

    private static Map<String, String> list(Output folder, DvcCaches caches) throws IOException {
        try {
            return caches.files(folder);
        } catch (IOException e) {
            throw new IOException(
                    "the list of the folder '" + folder.path() + "' (" + folder.hash()
                            + ") in DVC's cache cannot be used: " + e.getMessage(),
                    e);
        }
    }

    /**
     * The content of a file out of the cache.
     *
     * @throws IOException if it is not there, too large, or not what its hash names
     */
    byte[] content(Output file) throws IOException {
        var object = object(file);
        if (!Files.isRegularFile(object)) {
            throw new IOException("its content (MD5 " + file.hash()
                    + ") is not in DVC's cache; 'daybook pull' or 'dvc exp pull' fetches it");
        }
        if (Files.size(object) > MAX_BYTES) {
            throw new IOException("it has " + Files.size(object) + " bytes, more than " + MAX_BYTES);
        }
        var content = Files.readAllBytes(object);
        // DVC 2 has hashed texts with other ends of lines
        if (!file.isLegacy() && !DvcCache.file(content).hash().equals(file.hash())) {
            throw new IOException("what DVC's cache has as MD5 " + file.hash() + " is something else; delete " + object
                    + " and fetch it again");
        }
        return content;
    }

    private Path object(Output file) throws IOException {
        return projects.caches(file.path()).path(file);
    }

    /**
     * What DVC says of a file, whose size the cache may have to tell.
     *
     * @throws IOException if it does not, or DVC 2 has written the file, whose hash is another one
     */
    Stored stored(Output file) throws IOException {
        if (file.isLegacy()) {
            throw new IOException("'" + file.path() + "' was added by DVC 2, which hashes otherwise");
        }
        if (file.bytes() > 0 || file.hash().equals(EMPTY)) {
            return new Stored(file.hash(), file.bytes(), 1);
        }
        var object = object(file);
        if (!Files.isRegularFile(object)) {
            throw new IOException("'" + file.path() + "' (" + file.hash() + ") is not in DVC's cache");
        }
        return new Stored(file.hash(), Files.size(object), 1);
    }
}
