package dev.daybook.git;

import dev.daybook.ExperimentSummary;
import dev.daybook.InvalidInputException;
import dev.daybook.NameTakenException;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.RepositoryException;
import dev.daybook.SavedExperiment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.Repository;

/**
 * What is done with saved experiments: those of Daybook, and those that DVC wrote. Journals are not looked at.
 *
 * <p>Where an experiment is asked for, its name will do, if only one has it or one of them belongs to the commit that is checked out; else
 * its whole ref, {@code refs/exps/...}. {@code NAME@3} is its third checkpoint. Nothing is remembered from call to call. Thread-safe.
 *
 * <p>Every method throws {@link RepositoryException} if the repository cannot be read or written.
 */
public final class SavedExperiments implements AutoCloseable {

    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(3);

    private final Repository repository;
    private final Sentences sentences;
    private final ExperimentRefs refs;
    private final Revisions revisions;
    private final SavedRefs saved;
    private final Differences differences;
    private final Application application;

    private SavedExperiments(Repository repository) {
        this(repository, GitCommand.Program.INSTALLED, InstantSource.system());
    }

    SavedExperiments(Repository repository, GitCommand.Program git, InstantSource clock) {
        this.repository = repository;
        this.sentences = new Sentences(repository);
        this.refs = new ExperimentRefs(repository, LOCK_PATIENCE);
        this.revisions = new Revisions(repository, refs);
        this.saved = new SavedRefs(repository, refs, revisions, clock);
        var snapshots = new WorkTreeSnapshot(repository, git);
        this.differences = new Differences(repository, snapshots);
        this.application = new Application(repository, git, refs, revisions, snapshots, clock);
    }

    /**
     * Opens the repository around a folder.
     *
     * @throws RepositoryException if there is none, or it has no commit yet
     */
    public static SavedExperiments open(Path folder) {
        return new SavedExperiments(Repositories.open(folder.toAbsolutePath()));
    }

    /** All of them, in the order of their refs. What cannot be read of one is among its problems. */
    public List<ExperimentSummary> all() {
        return sentences.of(
                "list the experiments",
                () -> refs.experiments().stream()
                        .map(ref -> ExperimentSummary.of(SavedReader.read(repository, ref)))
                        .toList());
    }

    /**
     * One of them.
     *
     * @throws NoSuchExperimentException if there is none
     */
    public ExperimentSummary find(String name) {
        return sentences.of(
                "find the experiment " + name,
                () -> ExperimentSummary.of(SavedReader.read(repository, revisions.experiment(name))));
    }

    /**
     * The checkpoints of an experiment, by number, the newest first: their commits. What a clone has not fetched is left out.
     *
     * @throws NoSuchExperimentException if there is no such experiment
     */
    public Map<Integer, String> checkpoints(String name) {
        return sentences.of("read the checkpoints of " + name, () -> {
            var all = new LinkedHashMap<Integer, String>();
            revisions
                    .checkpoints(revisions.experiment(name).getObjectId())
                    .forEach((number, commit) -> all.put(number, commit.name()));
            return all;
        });
    }

    /**
     * Compares two experiments.
     *
     * @param from an experiment, a checkpoint or any commit
     * @param to the same
     * @throws NoSuchExperimentException if there is no such thing
     */
    public Difference diff(String from, String to) {
        return sentences.of(
                "compare " + from + " and " + to,
                () -> differences.between(revisions.commit(from), revisions.commit(to)));
    }

    /**
     * Compares an experiment with the work tree: its parameters and metrics as they stand in its files there, and all files that Git tracks.
     *
     * @param from an experiment, a checkpoint or any commit
     * @throws NoSuchExperimentException if there is no such thing
     */
    public Difference diffWorkTree(String from) {
        return sentences.of(
                "compare " + from + " and the work tree", () -> differences.withWorkTree(revisions.commit(from)));
    }

    /**
     * Makes the work tree what an experiment or a checkpoint has: its files, and the data that they refer to, from DVC's cache. HEAD and the
     * index stay as they are.
     *
     * <p>All or nothing, and each file at once: before the first one is touched, all new contents are ready, and it is known that nothing
     * stands in the way. If the process dies meanwhile, the next call does the rest first. Files that nothing else holds, neither HEAD nor a
     * saved experiment nor the cache, are not overwritten, unless that is forced: then a ref keeps them. What another experiment has brought
     * that was applied before goes, if it is unchanged.
     *
     * @throws NoSuchExperimentException if there is no such thing
     * @throws InvalidInputException if something would be lost or stands in the way
     * @throws RepositoryException if data is missing in the cache, or another process is applying something just now
     */
    public Applied apply(String name, ApplyOptions options) {
        return sentences.of("apply " + name, () -> application.apply(name, options));
    }

    /**
     * Makes a branch of an experiment or a checkpoint; it is not checked out.
     *
     * @return the branch's ref
     * @throws NameTakenException if there is a branch of this name
     * @throws InvalidInputException if no branch can have the name
     */
    public String branch(String name, String branch) {
        return sentences.of("make the branch " + branch, () -> saved.branch(name, branch));
    }

    /**
     * Gives an experiment another name. A running one that asked for the same name has to be saved under another one then.
     *
     * @param isForced whether an experiment that has the name is removed
     * @throws NameTakenException if the name is taken
     * @throws InvalidInputException if no experiment can have the name
     */
    public SavedExperiment rename(String name, String newName, boolean isForced) {
        return sentences.of("rename " + name, () -> saved.rename(name, newName, isForced));
    }

    /**
     * Removes an experiment; {@link #restore} brings it back.
     *
     * @throws NoSuchExperimentException if there is none
     */
    public RemovedExperiment remove(String name) {
        return sentences.of("remove " + name, () -> saved.remove(name));
    }

    /** Those that were removed and can be had back, the latest first. */
    public List<RemovedExperiment> removed() {
        return sentences.of("list what was removed", saved::removed);
    }

    /**
     * Brings back the experiment of a name that was removed last.
     *
     * @throws NoSuchExperimentException if there is none
     * @throws NameTakenException if there is another one of the name by now
     */
    public SavedExperiment restore(String name) {
        return sentences.of("bring back " + name, () -> saved.restore(name));
    }

    @Override
    public void close() {
        repository.close();
    }
}
