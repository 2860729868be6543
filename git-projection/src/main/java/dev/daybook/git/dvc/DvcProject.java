package dev.daybook.git.dvc;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What DVC calls a repository: a folder with {@code .dvc} in it.
 *
 * @param folder absolute
 */
public record DvcProject(Path folder) {

    /** What {@code dvc init} makes, but for {@code .dvcignore}, which DVC does not need. */
    private static final Map<String, String> FILES = new LinkedHashMap<>();

    static {
        FILES.put(".dvc/.gitignore", "/config.local\n/tmp\n/cache\n");
        FILES.put(".dvc/config", "");
    }

    /**
     * The innermost one around a file; the work tree itself if there is none yet.
     *
     * @param file inside of the work tree
     */
    public static DvcProject around(Path file, Path workTree) {
        for (var folder = file.getParent();
                folder != null && folder.startsWith(workTree);
                folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(".dvc"))) {
                return new DvcProject(folder);
            }
        }
        return new DvcProject(workTree);
    }

    /** The files that DVC needs, relative to the folder. */
    public static List<String> files() {
        return List.copyOf(FILES.keySet());
    }

    /** Whether DVC finds all that it needs, in a folder that Git knows. */
    public boolean isInitialized() {
        return !isLink() && FILES.entrySet().stream().noneMatch(this::isMissing);
    }

    /** Git has nothing that is behind a link, which may lead anywhere. */
    private boolean isLink() {
        return Files.isSymbolicLink(folder.resolve(".dvc"));
    }

    /**
     * Makes what is missing of the files that DVC needs; what is there stays as it is.
     *
     * @throws FileSystemException if {@code .dvc} is a symbolic link
     */
    public void initialize() throws IOException {
        if (isLink()) {
            throw new FileSystemException(
                    folder.resolve(".dvc").toString(),
                    null,
                    "it is a symbolic link, behind which Git has no files; put a folder in its place, and let dvc cache"
                            + " dir name another place for the data");
        }
        for (var file : FILES.entrySet()) {
            var path = folder.resolve(file.getKey());
            Files.createDirectories(path.resolveSibling(""));
            if (isMissing(file)) {
                Files.writeString(path, file.getValue(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            }
            if (Files.isReadable(path)) {
                // whoever has made it may have died before he did that
                Durable.force(path);
            }
        }
        Durable.force(folder.resolve(".dvc"));
        Durable.force(folder);
    }

    /** Also if it is empty, and is not to be: then a process has died while it made it. */
    private boolean isMissing(Map.Entry<String, String> file) {
        var path = folder.resolve(file.getKey());
        boolean isUnwritten = !file.getValue().isEmpty()
                && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && path.toFile().length() == 0;
        return isUnwritten || !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** @throws IOException if its configuration cannot be read */
    public DvcCache cache() throws IOException {
        return DvcCache.of(folder);
    }
}
