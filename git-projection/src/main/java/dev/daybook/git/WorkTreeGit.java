package dev.daybook.git;

import dev.daybook.RepositoryException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** Asks git about single files of the work tree; it knows the rules and filters that apply to them. Where there are none, it is not needed. */
final class WorkTreeGit {

    private final Repository repository;
    private final GitCommand.Program program;
    private final Path workTree;
    private final GitSnapshot snapshot;
    private final GitCommand git;

    WorkTreeGit(Repository repository, GitCommand.Program program) {
        this.repository = repository;
        this.program = program;
        this.workTree = repository.getWorkTree().toPath();
        this.snapshot = new GitSnapshot(repository, program);
        this.git = snapshot.reading();
    }

    Repository repository() {
        return repository;
    }

    Path workTree() {
        return workTree;
    }

    /** Whether a file is there that is neither in the index nor ignored. */
    boolean isUntracked(String path) {
        var listed = ask("ls-files", "-z", "--others", "--exclude-standard", "--", ":(top,literal)" + path);
        return listed.filter(answer -> !answer.output().isEmpty()).isPresent();
    }

    /** Paths in the index that git was told not to look at: it takes them to be as they were. */
    Set<String> unwatched() {
        var listed = ask("ls-files", "-z", "-v")
                .orElseThrow(
                        () -> new RepositoryException(
                                "git cannot list the index of " + workTree
                                        + ", so that nobody knows which files it was told not to look at; see what git ls-files -v says"));
        var paths = new HashSet<String>();
        for (var line : listed.output().split("\0", -1)) {
            // in lower case: assumed to be unchanged; S: left out of the work tree
            if (line.length() > 2 && (Character.isLowerCase(line.charAt(0)) || line.charAt(0) == 'S')) {
                paths.add(GitCommand.utf8(line.substring(2)));
            }
        }
        return paths;
    }

    /** Whether a rule tells git to ignore a file that is not in the index. */
    boolean isIgnored(String path) {
        return ask("check-ignore", "-q", "--", path).isPresent();
    }

    /**
     * Writes an artifact's content as git would if it stood at the artifact's path, through the same filters.
     *
     * @throws RepositoryException if git is needed, and is missing or cannot
     */
    ObjectId blob(String path, Path content, NewObjects objects) throws IOException {
        try {
            var settings = GitSettings.read(repository, program.additions());
            settings.requireUsualWorkTree();
            var index = IndexFile.read(repository.getIndexFile().toPath());
            return new PlainContent(repository, settings, index, objects).of(path, content);
        } catch (NotPlainException e) {
            return blobByGit(path, content, objects, e.reason());
        }
    }

    private ObjectId blobByGit(String path, Path content, NewObjects objects, String reason) throws IOException {
        try {
            var standIn = new StandIn(snapshot, workTree, path);
            var blob = standIn.isNeeded()
                    ? standIn.blob(content, objects)
                    : ObjectId.fromString(snapshot.writing(objects.gitEnvironment())
                            .run("hash-object", "-w", "--path=" + path, "--", content.toString())
                            .strip());
            objects.take(blob);
            return blob;
        } catch (GitMissingException e) {
            throw new RepositoryException(
                    "artifact '" + path + "', which Git tracks, cannot be put into a commit without git, because "
                            + reason + ", and " + e.getMessage() + "; install git, or put it on the PATH",
                    e);
        }
    }

    /** The answer of git; empty if it has none, or if there is no git: then nobody knows. */
    private Optional<GitCommand.Result> ask(String... arguments) {
        try {
            return Optional.of(git.tryRun("", arguments)).filter(answer -> answer.status() == 0);
        } catch (GitMissingException e) {
            return Optional.empty();
        }
    }
}
