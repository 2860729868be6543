package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.port.SnapshotScope;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Lets the installed git write the tree, on a copy of the index that nobody else sees.
 *
 * <p>Filters, line ends, submodules, sparse checkouts and the file system's quirks are git's own business that way. The copy keeps the
 * index's time stamp, by which git knows which files it must compare by content. Several snapshots may run at once.
 */
final class GitSnapshot {

    private static final Duration PATIENCE = Duration.ofMinutes(30);

    /** Counting must not hold an experiment up. */
    private static final Duration COUNT_PATIENCE = Duration.ofSeconds(10);

    /** In each folder that it looks into. */
    private static final List<String> READ_BY_GIT = List.of(Constants.DOT_GIT_ATTRIBUTES, Constants.DOT_GIT_IGNORE);

    private final Path workTree;
    private final Path gitDir;
    private final Path index;
    private final GitCommand.Program program;

    GitSnapshot(Repository repository, GitCommand.Program program) {
        this.program = program;
        this.workTree = repository.getWorkTree().toPath();
        this.gitDir = repository.getDirectory().toPath();
        this.index = repository.getIndexFile().toPath();
    }

    /**
     * What was written.
     *
     * @param untracked paths that the index does not have, a character for each byte
     */
    record Written(ObjectId tree, List<String> untracked) {}

    /**
     * Writes the tree.
     *
     * @param objects where git writes it, and its index: what a process leaves that dies here is swept up with the rest
     * @throws RepositoryException if git refuses
     * @throws GitMissingException if there is no git
     */
    Written take(SnapshotScope scope, PackedObjects objects) throws IOException {
        var copy = objects.quarantine().resolve("index");
        try {
            copyIndex(copy);
            var git = git(copy, PATIENCE, objects.gitEnvironment());
            refuseWhatGitCannotRead(git);
            // listed before, as git add -A does it: a file that core.ignoreCase takes for a tracked one is not
            // untracked
            var found = scope.untracked().isEmpty() ? new TreeSet<String>() : untracked(git, scope.untracked());
            found.removeIf(path -> scope.isData(GitCommand.utf8(path)));
            git.run("add", "-u", "--", ":/");
            var untracked = add(git, found);
            return new Written(ObjectId.fromString(git.run("write-tree").strip()), untracked);
        } finally {
            Files.deleteIfExists(copy);
            Files.deleteIfExists(copy.resolveSibling(copy.getFileName() + ".lock"));
        }
    }

    /** The paths that the index does not have, ignored ones aside, a character for each byte; a repository is one path. */
    Set<String> untracked() throws GitMissingException {
        return new TreeSet<>(paths(git(index, COUNT_PATIENCE, Map.of()), "--exclude-standard", "--", ":/"));
    }

    /** A command on the repository's own index, which it must not change. */
    GitCommand reading() {
        return writing(Map.of());
    }

    /**
     * The same for a command that writes objects.
     *
     * @param objects the environment that says where to
     */
    GitCommand writing(Map<String, String> objects) {
        return git(index, PATIENCE, objects);
    }

    /**
     * The same with another folder for the work tree, and another index.
     *
     * @param otherTree where there is no {@code .git}
     */
    GitCommand elsewhere(Path otherTree, Path otherIndex, Map<String, String> objects) {
        return new GitCommand(program, otherTree, gitDir, otherIndex, objects, PATIENCE);
    }

    private GitCommand git(Path usedIndex, Duration patience, Map<String, String> objects) {
        return new GitCommand(program, workTree, gitDir, usedIndex, objects, patience, this::refusePipes);
    }

    /** Before git reads an attributes or ignore file: it would wait for ever for somebody to write into a pipe. */
    private void refuseWhatGitCannotRead(GitCommand git) throws GitMissingException {
        var folders = new HashSet<String>();
        for (var entry : GitCommand.utf8(git.run("ls-files", "-s", "-z")).split("\0", -1)) {
            // mode, id, stage, a tab, path
            int tab = entry.indexOf('\t');
            if (tab < 0) {
                continue; // there is none
            }
            if (entry.charAt(tab - 1) != '0') {
                throw WorkTreeSnapshot.conflict(entry.substring(tab + 1), workTree);
            }
            int slash = entry.length();
            do {
                slash = entry.lastIndexOf('/', slash - 1);
            } while (folders.add(entry.substring(tab + 1, Math.max(slash, tab) + 1)) && slash > tab);
        }
        for (var folder : folders) {
            for (var name : READ_BY_GIT) {
                refusePipe(folder + name);
            }
        }
    }

    private void refusePipe(String name) {
        try {
            var file = workTree.resolve(name);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isSymbolicLink(file)) {
                throw pipe(file);
            }
        } catch (InvalidPathException e) {
            // Java cannot name it, and so cannot look; it is git's to say what is wrong
        }
    }

    private static RepositoryException pipe(Path file) {
        return new RepositoryException(
                file + " is a pipe, a socket or a device, which git would wait for without end; move it away");
    }

    /** Of folders that the index does not have, which may be many, only when git takes its time. */
    private void refusePipes(BooleanSupplier isWanted) {
        try {
            Files.walkFileTree(workTree, new PipeSearch(isWanted));
        } catch (IOException e) {
            // what cannot be looked into is git's to complain of
        }
    }

    /** Refuses the pipes that git would read; it does not look into other repositories. */
    private final class PipeSearch extends SimpleFileVisitor<Path> {

        private final BooleanSupplier isWanted;

        private PipeSearch(BooleanSupplier isWanted) {
            this.isWanted = isWanted;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (!isWanted.getAsBoolean()) {
                return FileVisitResult.TERMINATE;
            }
            boolean isOther = !folder.equals(workTree)
                    && Files.exists(folder.resolve(Constants.DOT_GIT), LinkOption.NOFOLLOW_LINKS);
            return isOther || folder.endsWith(Constants.DOT_GIT)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isOther() && READ_BY_GIT.contains(String.valueOf(file.getFileName()))) {
                throw pipe(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }

    private void copyIndex(Path copy) throws IOException {
        try {
            Files.copy(index, copy, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (NoSuchFileException e) {
            // git starts from none
        }
    }

    private Set<String> untracked(GitCommand git, List<String> globs) throws GitMissingException {
        var found = new TreeSet<>(
                paths(git, globs.stream().map(glob -> ":(top,glob)" + glob).toList(), "--exclude-standard"));
        // an ignored file has to be named exactly, and a folder names no file
        var named = globs.stream().filter(this::isFile).toList();
        if (!named.isEmpty()) {
            found.addAll(paths(
                    git, named.stream().map(path -> ":(top,literal)" + path).toList()));
        }
        return found;
    }

    /** A repository inside this one becomes a link to its commit; if it has none, it is left out. */
    private static List<String> add(GitCommand git, Set<String> found) throws GitMissingException {
        var files = found.stream().filter(path -> !path.endsWith("/")).toList();
        if (!files.isEmpty()) {
            git.runWith(String.join("\0", files) + "\0", "update-index", "--add", "--remove", "-z", "--stdin");
        }
        var added = new ArrayList<>(files);
        for (var path : found) {
            if (path.endsWith("/")) {
                var repository = path.substring(0, path.length() - 1);
                var result = git.tryRun(repository + "\0", "update-index", "--add", "--remove", "-z", "--stdin");
                if (result.status() == 0) {
                    added.add(repository);
                }
            }
        }
        added.sort(null);
        return added;
    }

    private boolean isFile(String path) {
        try {
            return Files.exists(workTree.resolve(path), LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(workTree.resolve(path), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static List<String> paths(GitCommand git, List<String> pathspecs, String... options)
            throws GitMissingException {
        var arguments = new ArrayList<>(List.of(options));
        arguments.add("--");
        arguments.addAll(pathspecs);
        return paths(git, arguments.toArray(String[]::new));
    }

    private static List<String> paths(GitCommand git, String... arguments) throws GitMissingException {
        var line = new ArrayList<>(List.of("ls-files", "-z", "--others"));
        line.addAll(List.of(arguments));
        var output = git.run(line.toArray(String[]::new));
        return Arrays.stream(output.split("\0", -1))
                .filter(path -> !path.isEmpty())
                .toList();
    }
}
