package dev.daybook.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the entries of an index whose files may have changed, by one look at each file and none into it. Used once. */
final class WorkTreeScan {

    private static final Logger LOG = LoggerFactory.getLogger(WorkTreeScan.class);

    /** Below that more threads are not worth their start. */
    private static final int ENTRIES_FOR_THREADS = 1000;

    private final Path workTree;
    private final IndexFile index;
    private final Map<String, Boolean> folders = new HashMap<>();

    WorkTreeScan(Path workTree, IndexFile index) {
        this.workTree = workTree;
        this.index = index;
    }

    /**
     * An entry that has to be looked at more closely.
     *
     * @param index its place among the entries
     * @param stat empty if nothing is there
     */
    record Suspect(int index, IndexEntry entry, Path path, Optional<FileStat> stat) {}

    /**
     * In the order of the index.
     *
     * @throws NotPlainException if a file cannot be looked at as git does it
     */
    List<Suspect> suspects() throws IOException, NotPlainException {
        if (!FileStat.isKnown(workTree)) {
            throw new NotPlainException("its file system does not tell all that git compares");
        }
        try {
            return look();
        } catch (InvalidPathException e) {
            throw new NotPlainException("Java cannot name the file '" + e.getInput() + "' under this locale");
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof AccessDeniedException denied) {
                throw new NotPlainException("'" + denied.getFile() + "' may not be looked at");
            }
            throw e.getCause();
        }
    }

    private List<Suspect> look() throws NotPlainException {
        // the folders first and by themselves: they are few
        var entries = index.entries();
        var names = new String[entries.size()];
        var isReachable = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            if (entries.get(i).isConflict()) {
                throw WorkTreeSnapshot.conflict(entries.get(i).name(), workTree);
            }
            names[i] = entries.get(i).exactName();
            isReachable[i] = isFolder(parent(names[i]));
        }
        var numbers = IntStream.range(0, names.length);
        return (names.length < ENTRIES_FOR_THREADS ? numbers : numbers.parallel())
                .mapToObj(i -> look(i, workTree.resolve(names[i]), isReachable[i]))
                .flatMap(Optional::stream)
                .toList();
    }

    private static String parent(String name) {
        return name.substring(0, Math.max(name.lastIndexOf('/'), 0));
    }

    /** Whether a path is a folder and no link to one, and so is each on the way to it. */
    private boolean isFolder(String name) throws NotPlainException {
        if (name.isEmpty()) {
            return true;
        }
        var known = folders.get(name);
        if (known != null) {
            return known;
        }
        boolean isFolder = isFolder(parent(name)) && isFolder(workTree.resolve(name));
        folders.put(name, isFolder);
        return isFolder;
    }

    /** What lies behind a link is gone for git, unless it cannot find that out: then it keeps what it has. */
    private static boolean isFolder(Path path) throws NotPlainException {
        Optional<FileStat> stat;
        try {
            stat = FileStat.of(path);
        } catch (IOException e) {
            throw new NotPlainException("'" + path + "' cannot be looked at: " + e);
        }
        if (stat.isEmpty() || !stat.get().isLink()) {
            return stat.isPresent() && stat.get().isFolder();
        }
        try {
            if (!Files.readAttributes(path, BasicFileAttributes.class).isDirectory() || Files.isExecutable(path)) {
                return false;
            }
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            LOG.debug("the link {} cannot be followed: {}", path, e.toString());
        }
        throw new NotPlainException("the link '" + path + "' stands in a folder's place and cannot be followed");
    }

    /** Empty if the file is surely as it was. */
    private Optional<Suspect> look(int number, Path path, boolean isReachable) {
        var entry = index.entries().get(number);
        try {
            var stat = isReachable ? FileStat.of(path) : Optional.<FileStat>empty();
            return stat.isPresent() && entry.isSurelyUnchanged(stat.get(), index.mtime())
                    ? Optional.empty()
                    : Optional.of(new Suspect(number, entry, path, stat));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
