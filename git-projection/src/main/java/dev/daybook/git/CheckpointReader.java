package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.codec.CodecException;
import dev.daybook.codec.EventCodec;
import dev.daybook.git.dvc.DaybookJson;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event.ExperimentInitialized;
import dev.daybook.lifecycle.Origin;
import dev.daybook.port.ExperimentSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathSuffixFilter;

/**
 * What an experiment takes over from the checkpoint that it begins with: put into the checkpoint's commit when that is made, and read from
 * there, so that neither the journal nor the other experiment is needed.
 */
final class CheckpointReader {

    private static final String NOT_YET = ObjectId.zeroId().name();

    private CheckpointReader() {}

    /**
     * What goes into the commit; empty if it is larger than an event may be.
     *
     * @param number of the checkpoint, from 1
     */
    static Optional<byte[]> past(ExperimentSource source, int number) {
        var data = source.data();
        var facts = data.facts();
        // the commit, and with it the code, is not known before it is written
        var origin = Origin.of(source.id(), data, source.metrics(), number, NOT_YET);
        try {
            return Optional.of(EventCodec.encode(new ExperimentInitialized(
                    data.name(),
                    facts.code(),
                    facts.fileParams(),
                    facts.author(),
                    facts.outputFolder(),
                    Optional.empty(),
                    facts.environment(),
                    Optional.of(origin))));
        } catch (CodecException e) {
            return Optional.empty();
        }
    }

    /** What a commit says; its code is the whole tree of the commit, which stays as long as the commit does. */
    static ExperimentInitialized read(Repository repository, ObjectId checkpoint) throws IOException {
        try (var walk = new RevWalk(repository)) {
            var commit = walk.parseCommit(checkpoint);
            var past = find(walk, commit)
                    .orElseThrow(() -> new RepositoryException("commit " + checkpoint.name()
                            + " is no checkpoint that an experiment can begin with; those that can are listed by"
                            + " experiment.checkpoints()"));
            return new ExperimentInitialized(
                    past.name(),
                    new Code(past.code().head(), commit.getTree().name()),
                    past.fileParams(),
                    past.author(),
                    past.outputFolder(),
                    past.replaces(),
                    past.environment(),
                    past.origin().map(origin -> origin.withCommit(checkpoint.name())));
        }
    }

    /** Another experiment's file may stand in the code too: the own one is in the folder that it names. */
    private static Optional<ExperimentInitialized> find(RevWalk walk, RevCommit commit) throws IOException {
        try (var trees = new TreeWalk(walk.getObjectReader())) {
            trees.setRecursive(true);
            trees.addTree(commit.getTree());
            trees.setFilter(PathSuffixFilter.create("/" + DaybookJson.FILE));
            var files = new TreeFiles(walk.getObjectReader(), commit.getTree());
            var failures = new ArrayList<IOException>();
            while (trees.next()) {
                var path = trees.getPathString();
                try {
                    var past = past(files.read(path).orElse(new byte[0]));
                    if (past.isPresent() && path.equals(past.get().outputFolder() + "/" + DaybookJson.FILE)) {
                        return past;
                    }
                } catch (IOException e) {
                    failures.add(new IOException(path + " cannot be read: " + e.getMessage(), e));
                }
            }
            if (!failures.isEmpty()) {
                // one of them may be the own one
                throw failures.get(0);
            }
            return Optional.empty();
        }
    }

    private static Optional<ExperimentInitialized> past(byte[] daybookJson) throws IOException {
        try {
            return DaybookJson.past(daybookJson)
                    .map(EventCodec::decode)
                    .filter(ExperimentInitialized.class::isInstance)
                    .map(ExperimentInitialized.class::cast);
        } catch (CodecException e) {
            throw new IOException("it cannot be begun with: " + e.getMessage(), e);
        }
    }
}
