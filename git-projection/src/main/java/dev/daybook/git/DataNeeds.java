package dev.daybook.git;

import dev.daybook.git.dvc.DvcOutputs.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Collects the data that experiments and their checkpoints refer to; what of their trees is read, is read by {@link PointerFiles}. */
final class DataNeeds implements AutoCloseable {

    private final ObjectReader reader;
    private final RevWalk walk;
    private final DvcProjects projects;
    private final PointerFiles files;
    private final Map<Key, Need> needs = new LinkedHashMap<>();
    private final Set<ObjectId> seen = new LinkedHashSet<>();
    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final List<ObjectId> checkpoints = new ArrayList<>();

    DataNeeds(Repository repository, PointerFiles files) {
        this.files = files;
        this.reader = repository.newObjectReader();
        this.walk = new RevWalk(reader);
        this.projects = new DvcProjects(
                repository.getWorkTree().toPath().toAbsolutePath().normalize());
    }

    private record Key(Path project, Optional<String> remote, String hash) {}

    /**
     * Data that are needed.
     *
     * @param project whose cache holds them
     * @param remote of DVC's, if the data have one of their own
     * @param experiment one that needs them
     * @param tree of its commit
     * @param isOfCheckpoint whether only checkpoints do, as far as is known
     */
    record Need(
            Path project,
            Optional<String> remote,
            String hash,
            long bytes,
            String path,
            String experiment,
            ObjectId tree,
            boolean isOfCheckpoint) {}

    Collection<Need> needs() {
        return needs.values();
    }

    /** Sentences about what could not be read. */
    Set<String> problems() {
        var all = new LinkedHashSet<>(problems);
        all.addAll(files.problems());
        return all;
    }

    Set<String> warnings() {
        return warnings;
    }

    /** Those whose data are needed beside those of the experiments. */
    List<ObjectId> checkpoints() {
        return checkpoints;
    }

    /** Whether some files are kept in Git LFS. */
    boolean isWithLfs() {
        return files.isWithLfs();
    }

    /** Adds what an experiment needs. */
    void add(String experiment, ObjectId tip) throws IOException {
        var commit = walk.parseCommit(tip);
        addCommit(experiment, commit, false);
        if (commit.getParentCount() < 2) {
            return;
        }
        try {
            var next = commit.getParent(1);
            walk.parseHeaders(next);
            while (ExperimentCommits.CHECKPOINT.matcher(next.getShortMessage()).matches() && !seen.contains(next)) {
                addCommit(experiment, next, true);
                checkpoints.add(next.copy());
                if (next.getParentCount() == 0) {
                    return;
                }
                next = next.getParent(0);
                walk.parseHeaders(next);
            }
        } catch (MissingObjectException e) {
            warnings.add("of the checkpoints of experiment '" + experiment
                    + "' some are not in this repository, and their data are left out; is it a shallow clone?");
        }
    }

    private void addCommit(String experiment, RevCommit commit, boolean isCheckpoint) throws IOException {
        if (!seen.add(commit.copy())) {
            return;
        }
        var tree = commit.getTree();
        try {
            for (var output : files.outputs(reader, tree)) {
                add(experiment, tree, output, isCheckpoint);
            }
        } catch (MissingObjectException e) {
            problems.add("which data experiment '" + experiment + "' needs is not known, because the object "
                    + e.getObjectId().name() + " is not in this repository; fetch it with git");
        }
    }

    private void add(String experiment, ObjectId tree, Output output, boolean isCheckpoint) {
        if (!output.isSent()) {
            return;
        }
        var project = projects.around(output.path()).folder();
        var key = new Key(project, output.remote(), output.hash());
        if (needs.containsKey(key)) {
            return;
        }
        if (output.isLegacy()) {
            warnings.add("the data '" + output.path() + "' of experiment '" + experiment
                    + "' were written by DVC 2, whose cache is laid out otherwise, and are left out; use 'dvc push'"
                    + " and 'dvc pull' for them");
            return;
        }
        needs.put(
                key,
                new Need(
                        project,
                        output.remote(),
                        output.hash(),
                        output.bytes(),
                        output.path(),
                        experiment,
                        tree,
                        isCheckpoint));
    }

    /** Whether Git has what stands there, such as metrics that a stage makes: then nothing is lacking. */
    boolean isInGit(Need need) throws IOException {
        return TreeEditor.isSafe(need.path()) && TreeData.isInGit(reader, need.path(), need.tree());
    }

    @Override
    public void close() {
        walk.close();
        reader.close();
    }
}
