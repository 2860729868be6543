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
import java.util.stream.Stream;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Collects the data that experiments and their checkpoints refer to; what of their trees is read, is read by {@link PointerFiles}. */
final class DataNeeds {

    private final ObjectReader reader;
    private final RevWalk walk;
    private final DvcProjects projects;
    private final PointerFiles files;
    private final Map<Key, Need> needs = new LinkedHashMap<>();
    private final Set<ObjectId> seen = new LinkedHashSet<>();
    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final List<ObjectId> checkpoints = new ArrayList<>();

    DataNeeds(Repository repository, RevWalk walk, PointerFiles files) {
        this.files = files;
        this.reader = walk.getObjectReader();
        this.walk = walk;
        this.projects = new DvcProjects(
                repository.getWorkTree().toPath().toAbsolutePath().normalize(), repository);
    }

    private record Key(Path project, Optional<String> remote, String hash) {}

    /**
     * Data that are needed.
     *
     * @param project whose cache holds them
     * @param remote of DVC's, if the data have one of their own
     * @param uses all that need them; never empty
     */
    record Need(Path project, Optional<String> remote, String hash, long bytes, List<Use> uses) {

        /** The names of the experiments that need them themselves, not only in a checkpoint. */
        Stream<String> experiments() {
            return uses.stream().filter(use -> !use.isOfCheckpoint()).map(Use::experiment);
        }
    }

    /**
     * Where data stand.
     *
     * @param tree of the commit
     * @param isOfCheckpoint whether that is a checkpoint of the experiment
     */
    record Use(String path, String experiment, ObjectId tree, boolean isOfCheckpoint) {}

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

    /**
     * Adds what an experiment needs.
     *
     * @param commit that was parsed, by whatever walk
     */
    void add(String experiment, RevCommit commit) {
        addCommit(experiment, commit, false);
        if (commit.getParentCount() < 2) {
            return;
        }
        try {
            var next = walk.parseCommit(commit.getParent(1));
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
        } catch (IOException | RuntimeException e) {
            // JGit meets damage with either
            warnings.add("of the checkpoints of experiment '" + experiment + "' some cannot be read (" + e.getMessage()
                    + "), and their data are left out; 'git fsck' says what is damaged");
        }
    }

    private void addCommit(String experiment, RevCommit commit, boolean isCheckpoint) {
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
        } catch (IOException | RuntimeException e) {
            problems.add(
                    "which data experiment '" + experiment + "' needs is not known, because a folder of it cannot be"
                            + " read (" + e.getMessage() + "); 'git fsck' says what is damaged");
        }
    }

    private void add(String experiment, ObjectId tree, Output output, boolean isCheckpoint) {
        if (!output.isSent()) {
            return;
        }
        if (!output.isKnown()) {
            warnings.add("the data '" + output.path() + "' of experiment '" + experiment
                    + "' are left out, because DVC lists files of them without an MD5; use 'dvc push' and 'dvc pull' for"
                    + " them");
            return;
        }
        if (output.isLegacy()) {
            warnings.add("the data '" + output.path() + "' of experiment '" + experiment
                    + "' were written by DVC 2, whose cache is laid out otherwise, and are left out; use 'dvc push'"
                    + " and 'dvc pull' for them");
            return;
        }
        var project = projects.around(output.path()).folder();
        needs.computeIfAbsent(
                        new Key(project, output.remote(), output.hash()),
                        key -> new Need(project, output.remote(), output.hash(), output.bytes(), new ArrayList<>()))
                .uses()
                .add(new Use(output.path(), experiment, tree, isCheckpoint));
    }

    /** Without the uses where Git has what stands there, such as metrics that a stage makes: for them nothing is lacking. */
    Optional<Need> lacking(Need need) throws IOException {
        var uses = new ArrayList<Use>();
        for (var use : need.uses()) {
            if (!TreeEditor.isSafe(use.path()) || !TreeData.isInGit(reader, use.path(), use.tree())) {
                uses.add(use);
            }
        }
        return Optional.of(new Need(need.project(), need.remote(), need.hash(), need.bytes(), uses))
                .filter(left -> !uses.isEmpty());
    }
}
