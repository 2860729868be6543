package dev.daybook.git;

import dev.daybook.ExperimentSummary;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.RepositoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    private SavedExperiments(Repository repository) {
        this.repository = repository;
        this.sentences = new Sentences(repository);
        this.refs = new ExperimentRefs(repository, LOCK_PATIENCE);
        this.revisions = new Revisions(repository, refs);
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
                () -> new SavedRecords(repository)
                        .of(refs.experiments()).stream()
                                .map(ExperimentSummary::of)
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

    @Override
    public void close() {
        repository.close();
    }
}
