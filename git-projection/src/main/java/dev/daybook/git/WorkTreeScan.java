package dev.daybook.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
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
        // the folders first and by themselves: they are few
        var candidates = new ArrayList<Suspect>(index.entries().size());
        var isReachable = new ArrayList<Boolean>(index.entries().size());
        for (var entry : index.entries()) {
            if (entry.isConflict()) {
                throw WorkTreeSnapshot.conflict(entry.name(), workTree);
            }
            var name = entry.exactName();
            candidates.add(new Suspect(candidates.size(), entry, path(name), Optional.empty()));
            isReachable.add(isFolder(parent(name)));
        }
        var numbers = IntStream.range(0, candidates.size());
        try {
            return (candidates.size() < ENTRIES_FOR_THREADS ? numbers : numbers.parallel())
                    .mapToObj(i -> look(candidates.get(i), isReachable.get(i)))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof AccessDeniedException denied) {
                throw new NotPlainException("'" + denied.getFile() + "' may not be looked at");
            }
            throw e.getCause();
        }
    }

    private Path path(String name) throws NotPlainException {
        try {
            return workTree.resolve(name);
        } catch (InvalidPathException e) {
            throw new NotPlainException("Java cannot name the file '" + name + "' under this locale");
        }
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
        boolean isFolder = isFolder(parent(name)) && isFolder(path(name));
        folders.put(name, isFolder);
        return isFolder;
    }

    /** What lies behind a link is gone for git, unless it cannot find that out: then it keeps what it has. */
    private static boolean isFolder(Path path) throws NotPlainException {
        if (!Files.isSymbolicLink(path)) {
            return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
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
    private Optional<Suspect> look(Suspect candidate, boolean isReachable) {
        try {
            var stat = isReachable ? FileStat.of(candidate.path()) : Optional.<FileStat>empty();
            return stat.isPresent() && candidate.entry().isSurelyUnchanged(stat.get(), index.mtime())
                    ? Optional.empty()
                    : Optional.of(new Suspect(candidate.index(), candidate.entry(), candidate.path(), stat));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
