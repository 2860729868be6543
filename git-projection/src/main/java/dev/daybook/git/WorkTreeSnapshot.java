package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.UnfinishedWorkTreeException;
import dev.daybook.lifecycle.Author;
import dev.daybook.port.SnapshotScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Turns the work tree into a tree that is exactly what git itself would write: Daybook does it where the repository is known to be plain,
 * git in all other cases. Where there is no git then, it refuses, and says why.
 */
final class WorkTreeSnapshot {

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

    private final Repository repository;
    private final GitCommand.Program program;
    private final GitSnapshot git;

    WorkTreeSnapshot(Repository repository, GitCommand.Program program) {
        this.repository = repository;
        this.program = program;
        this.git = new GitSnapshot(repository, program);
    }

    /**
     * What was taken.
     *
     * @param untracked paths of it that the index does not have, a character for each byte
     */
    record Taken(ObjectId tree, List<String> untracked, boolean isByGit) {}

    /**
     * Writes the tree.
     *
     * @param objects take what is new, perhaps not all of it: some may be in the repository although no ref names it
     * @throws UnfinishedWorkTreeException if an operation that rewrites the work tree is unfinished, or the index has conflicts
     * @throws RepositoryException if git is needed and is missing or fails
     */
    Taken take(SnapshotScope scope, PackedObjects objects) throws IOException {
        if (!scope.isWorkTree()) {
            return new Taken(treeOfHead(), List.of(), false);
        }
        refuseUnfinished();
        String reason;
        try {
            if (scope.untracked().isEmpty()) {
                var tree = IndexSnapshot.take(repository, GitSettings.read(repository, program.additions()), objects);
                return new Taken(tree, List.of(), false);
            }
            reason = "untracked files are to be recorded too";
        } catch (NotPlainException e) {
            reason = e.reason();
        }
        return byGit(scope, objects, reason);
    }

    private Taken byGit(SnapshotScope scope, PackedObjects objects, String reason) throws IOException {
        try {
            var written = git.take(scope, objects);
            return new Taken(written.tree(), written.untracked(), true);
        } catch (GitMissingException e) {
            throw new RepositoryException(
                    "the code in " + repository.getWorkTree() + " cannot be recorded without git, because " + reason
                            + ", and " + e.getMessage() + "; install git, or put it on the PATH",
                    e);
        }
    }

    private ObjectId treeOfHead() throws IOException {
        try (var walk = new RevWalk(repository)) {
            return walk.parseCommit(Repositories.head(repository)).getTree().copy();
        }
    }

    /** Begins to count, beside the snapshot. */
    LeftOut leftOut(SnapshotScope scope) {
        return scope.isWorkTree() ? LeftOut.counting(git, scope) : LeftOut.UNKNOWN;
    }

    /** Whom git would name as the author; empty if it would have to guess. */
    Optional<Author> author() throws IOException {
        try {
            var settings = GitSettings.read(repository, program.additions());
            // a work tree may have a configuration of its own
            settings.requireUsualWorkTree();
            var plain = settings.author();
            return plain.isPresent() ? plain : authorByGit();
        } catch (NotPlainException e) {
            return authorByGit();
        }
    }

    private Optional<Author> authorByGit() {
        try {
            var result = git.reading().tryRun("", "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT");
            var matcher = IDENTITY.matcher(GitCommand.utf8(result.output()).strip());
            return result.status() == 0 && matcher.matches()
                    ? Optional.of(new Author(matcher.group(1), matcher.group(2)))
                    : Optional.empty();
        } catch (GitMissingException e) {
            return Optional.empty();
        }
    }

    private void refuseUnfinished() {
        UNFINISHED.forEach((file, operation) -> {
            if (Files.exists(repository.getDirectory().toPath().resolve(file))) {
                throw new UnfinishedWorkTreeException(
                        "a " + operation + " is unfinished in " + repository.getWorkTree()
                                + ", so that its files are nobody's code",
                        "finish or abort the " + operation + " first");
            }
        });
    }

    /** The refusal of an index with conflicts. */
    static UnfinishedWorkTreeException conflict(String path, Path workTree) {
        return new UnfinishedWorkTreeException(
                "'" + path + "' in " + workTree + " has conflicts", "resolve them and git add the file first");
    }
}
