package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.git.dvc.DaybookJson;
import dev.daybook.git.dvc.MetricPlots;
import dev.daybook.git.dvc.SamplePlots;
import dev.daybook.lifecycle.Code;
import dev.daybook.port.Entry;
import dev.daybook.port.ExperimentSource;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Writes the commits of an experiment; whoever has made the objects forces them to disk before anything names them. Author, time, tree and message come from the
 * events: the same events give the same commit.
 */
final class ExperimentCommits {

    /** The first line of a checkpoint's message: its number, and what was said when it was made. */
    static final Pattern CHECKPOINT =
            Pattern.compile("daybook: checkpoint (\\d{1,9}) of [^:]*(?:: (.*))?", Pattern.DOTALL);

    private final Repository repository;
    private final WorkTreeGit git;
    private final Consumer<String> warnings;
    private final ParsedParams parsed = new ParsedParams();

    /** @param warnings takes a sentence for each thing that a commit could not be given as it was asked for */
    ExperimentCommits(Repository repository, WorkTreeGit git, Consumer<String> warnings) {
        this.repository = repository;
        this.git = git;
        this.warnings = warnings;
    }

    /** A commit and its tree. */
    record Written(ObjectId commit, ObjectId tree) {}

    /** The message of a saved experiment's commit. */
    static String subject(String name) {
        return "daybook: " + name;
    }

    /** Writes the commit of a save: behind the baseline and, if there is one, the last checkpoint. */
    Written save(NewObjects objects, ExperimentSource source, String name, Code code) throws IOException {
        var baseline = baseline(source, code);
        var checkpoint = lastCheckpoint(source);
        var parents = new ArrayList<>(List.of(baseline));
        var notices = new ArrayList<String>();
        checkpoint.ifPresent(commit -> {
            if (isThere(commit)) {
                parents.add(commit);
            } else {
                notices.add("the checkpoint " + commit.name()
                        + " is not in the repository any more, so that the commit is made without it");
            }
        });
        try (var plots = MetricPlots.collect(source, PastPlots.of(source.data(), objects.reader()))) {
            var tree = new ExperimentTree(objects, git, parsed, source, code);
            var written = tree.save(name, plots, notices);
            warn(name, tree);
            return write(objects, source, written, parents, subject(name));
        }
    }

    /**
     * Writes the commit of a checkpoint: behind the last one, or the baseline.
     *
     * @param plots of the checkpoints before, which are read on
     */
    Written checkpoint(NewObjects objects, ExperimentSource source, SamplePlots plots, Code code, String message)
            throws IOException {
        var baseline = baseline(source, code);
        var data = source.data();
        plots.advance(source, PastPlots.of(data, objects.reader()));
        var parent = lastCheckpoint(source).filter(commit -> isThere(commit)).orElse(baseline);
        var number = data.checkpoints().size() + 1;
        var subject = "daybook: checkpoint " + number + " of " + data.name();
        var text =
                message.isBlank() ? subject : subject + ": " + message.strip().replace('\0', ' ');
        var past = CheckpointReader.past(source, number);
        var tree = new ExperimentTree(objects, git, parsed, source, code);
        var written = tree.checkpoint(plots, past);
        warn(data.name(), tree);
        return write(objects, source, written, List.of(parent), text);
    }

    private void warn(String name, ExperimentTree tree) {
        tree.warnings().forEach(warning -> warnings.accept("experiment '" + name + "': " + warning));
    }

    /** Whether a commit is there with all of its tree that its first parent does not have. */
    boolean isComplete(ObjectId id) throws IOException {
        try (var fresh = Repositories.fresh(repository);
                var walk = new RevWalk(fresh);
                var trees = new TreeWalk(walk.getObjectReader())) {
            var reader = walk.getObjectReader();
            if (!reader.has(id)) {
                return false;
            }
            var commit = walk.parseCommit(id);
            for (var parent : commit.getParents()) {
                if (!reader.has(parent)) {
                    return false;
                }
            }
            trees.addTree(walk.parseCommit(commit.getParent(0)).getTree());
            trees.addTree(commit.getTree());
            trees.setFilter(TreeFilter.ANY_DIFF);
            while (trees.next()) {
                var object = trees.getObjectId(1);
                boolean isObject = trees.getFileMode(1).getObjectType() != Constants.OBJ_COMMIT
                        && !object.equals(ObjectId.zeroId());
                if (isObject && !reader.has(object)) {
                    return false;
                }
                if (trees.isSubtree()) {
                    trees.enterSubtree();
                }
            }
            return true;
        } catch (org.eclipse.jgit.errors.MissingObjectException e) {
            return false;
        }
    }

    private static Written write(
            NewObjects objects, ExperimentSource source, ObjectId tree, List<ObjectId> parents, String message)
            throws IOException {
        var author = source.data().facts().author();
        var person = new PersonIdent(author.name(), author.email(), time(source.entries()), GitProjection.ZONE);
        var commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setParentIds(parents);
        commit.setAuthor(person);
        commit.setCommitter(person);
        commit.setMessage(message + "\n");
        return new Written(objects.commit(commit), tree);
    }

    /** That of the completion, or of the last entry before there is one. */
    private static Instant time(List<Entry> entries) {
        var last = DaybookJson.completion(entries).orElseGet(() -> entries.get(entries.size() - 1));
        return last.time();
    }

    private ObjectId baseline(ExperimentSource source, Code code) {
        var baseline = ObjectId.fromString(source.data().facts().code().head());
        if (!isThere(baseline)) {
            throw gone(source, "baseline " + baseline.name());
        }
        if (!isThere(ObjectId.fromString(code.tree()))) {
            throw gone(source, "code tree " + code.tree());
        }
        return baseline;
    }

    private static RepositoryException gone(ExperimentSource source, String what) {
        return new RepositoryException("the " + what + " of experiment '"
                + source.data().name() + "' is not in the repository any more; fetch it from a clone that has it");
    }

    private boolean isThere(ObjectId id) {
        try {
            return Repositories.has(repository, id);
        } catch (IOException e) {
            throw new RepositoryException("the object " + id.name() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<ObjectId> lastCheckpoint(ExperimentSource source) {
        return source.data().lastCheckpoint().map(ObjectId::fromString);
    }
}
