package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.lifecycle.Author;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * Turns the work tree into a tree that is exactly what git itself would write: git does it, on a copy of the index that nobody else sees.
 *
 * <p>Filters, line ends, submodules, sparse checkouts and the file system's quirks are git's own business that way. The copy keeps the
 * index's time stamp, by which git knows which files it must compare by content. Several snapshots may run at once.
 */
final class WorkTreeSnapshot {

    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Pattern IDENTITY = Pattern.compile("(.+) <(.*)> \\d+ [+-]\\d{4}", Pattern.DOTALL);

    /** What stands in the Git directory while an operation that rewrites the work tree is unfinished. */
    private static final Map<String, String> UNFINISHED = new LinkedHashMap<>();

    static {
        UNFINISHED.put("rebase-merge", "rebase");
        UNFINISHED.put("rebase-apply", "rebase");
        UNFINISHED.put("MERGE_HEAD", "merge");
        UNFINISHED.put("CHERRY_PICK_HEAD", "cherry-pick");
        UNFINISHED.put("REVERT_HEAD", "revert");
    }

    private final Path workTree;
    private final Path gitDir;
    private final Path index;
    private final Map<String, String> additions;

    /** @param additions to the environment that git runs in */
    WorkTreeSnapshot(Repository repository, Map<String, String> additions) {
        this.additions = additions;
        this.workTree = repository.getWorkTree().toPath();
        this.gitDir = repository.getDirectory().toPath();
        this.index = repository.getIndexFile().toPath();
    }

    /**
     * Writes the tree; its new objects are forced by git.
     *
     * @param untracked globs from the root, as in {@code .gitattributes}-style pathspecs ({@code *} stays in a folder, {@code **} does not)
     * @throws RepositoryException if the work tree is in no state to be recorded, or git is missing or fails
     */
    ObjectId take(List<String> untracked) throws IOException {
        refuseUnfinished();
        var copy = gitDir.resolve("daybook-index-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID());
        try {
            copyIndex(copy);
            var git = new GitCommand(workTree, gitDir, copy, additions, PATIENCE);
            refuseConflicts(git);
            git.run("add", "-u", "--", ":/");
            addUntracked(git, untracked);
            return ObjectId.fromString(git.run("write-tree").strip());
        } finally {
            Files.deleteIfExists(copy);
            Files.deleteIfExists(copy.resolveSibling(copy.getFileName() + ".lock"));
        }
    }

    /** Whom git would name as the author; empty if it would have to guess. */
    Optional<Author> author() {
        var git = new GitCommand(workTree, gitDir, index, additions, PATIENCE);
        var result = git.tryRun("", "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT");
        var matcher = IDENTITY.matcher(GitCommand.utf8(result.output()).strip());
        return result.status() == 0 && matcher.matches()
                ? Optional.of(new Author(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }

    private void refuseUnfinished() {
        UNFINISHED.forEach((file, operation) -> {
            if (Files.exists(gitDir.resolve(file))) {
                throw new RepositoryException("a " + operation + " is unfinished in " + workTree
                        + ", so that its files are nobody's code; finish or abort the " + operation + " first");
            }
        });
    }

    private void refuseConflicts(GitCommand git) {
        var unmerged = GitCommand.utf8(git.run("ls-files", "-u", "-z"));
        if (!unmerged.isEmpty()) {
            var first = unmerged.substring(unmerged.indexOf('\t') + 1, unmerged.indexOf('\0'));
            throw new RepositoryException(
                    "'" + first + "' in " + workTree + " has conflicts; resolve them and git add the file first");
        }
    }

    private void copyIndex(Path copy) throws IOException {
        try {
            Files.copy(index, copy, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (NoSuchFileException e) {
            // git starts from none
        }
    }

    private static void addUntracked(GitCommand git, List<String> untracked) {
        if (untracked.isEmpty()) {
            return;
        }
        var arguments = new ArrayList<>(List.of("ls-files", "-z", "--others", "--exclude-standard", "--"));
        untracked.forEach(glob -> arguments.add(":(top,glob)" + glob));
        var paths = new ArrayList<String>();
        for (var path : git.run(arguments.toArray(String[]::new)).split("\0", -1)) {
            // a repository inside this one is listed as a folder
            if (!path.isEmpty() && !path.endsWith("/")) {
                paths.add(path);
            }
        }
        if (!paths.isEmpty()) {
            git.runWith(String.join("\0", paths) + "\0", "update-index", "--add", "-z", "--stdin");
        }
    }
}
