package dev.daybook.git;

import dev.daybook.Checkpoint;
import dev.daybook.ExperimentSummary;
import dev.daybook.InvalidInputException;
import dev.daybook.NameTakenException;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.Progress;
import dev.daybook.RepositoryException;
import dev.daybook.SavedExperiment;
import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
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

    /** To collect garbage takes its time in a large repository. */
    private static final Duration VERB_PATIENCE = Duration.ofSeconds(30);

    private final Repository repository;
    private final Sentences sentences;
    private final ExperimentRefs refs;
    private final Revisions revisions;
    private final SavedRefs saved;
    private final Differences differences;
    private final Application application;
    private final AnnotationRefs annotations;
    private final WorkTreeSnapshot snapshots;
    private final Remotes remotes;
    private final InstantSource clock;

    private SavedExperiments(Repository repository) {
        this(repository, GitCommand.Program.INSTALLED, InstantSource.system(), LOCK_PATIENCE);
    }

    /** @param patience how long a ref's lock that somebody else holds is waited for */
    SavedExperiments(Repository repository, GitCommand.Program git, InstantSource clock, Duration patience) {
        this.repository = repository;
        this.sentences = new Sentences(repository);
        this.refs = new ExperimentRefs(repository, patience);
        this.revisions = new Revisions(repository, refs);
        this.saved = new SavedRefs(repository, refs, revisions, clock);
        this.snapshots = new WorkTreeSnapshot(repository, git);
        this.annotations = new AnnotationRefs(repository, refs);
        this.remotes = new Remotes(repository, refs, revisions, git);
        this.clock = clock;
        this.differences = new Differences(repository, snapshots);
        this.application = new Application(repository, git, refs, revisions, snapshots, clock);
    }

    /**
     * Begins in the background what the first opening in a JVM waits for, whichever the repository: among other things git is asked where its
     * settings are, whatever JGit was told of that before. For programs that run for a moment and have something else to do first; returns at once,
     * and need not be called.
     */
    public static void prepare() {
        Preparation.begin();
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
                        .of(refs.experiments(), (done, all) -> {}).stream()
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

    /**
     * The checkpoints of an experiment, the first one first. What a clone has not fetched is left out.
     *
     * @throws NoSuchExperimentException if there is no such experiment
     */
    public List<Checkpoint> checkpoints(String name) {
        return sentences.of(
                "read the checkpoints of " + name,
                () -> revisions.checkpoints(commit(name)).values().stream()
                        .sorted(Comparator.comparing(Checkpoint::number))
                        .toList());
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
     * Compares an experiment with the work tree: parameters and metrics as they stand in the same files there, in the output folder of what
     * was applied last too, and all files that Git tracks or the experiment has. Of data the pointers are compared.
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
     * @throws RepositoryException if data is missing in the cache or damaged there, a folder may not be written to, or another process is
     *     applying something just now; suppressed in each exception is what is to be said of an earlier call whose rest was done
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
        return sentences.of("make the branch " + branch + " of " + name, () -> saved.branch(name, branch));
    }

    /**
     * Gives an experiment another name. A running one that asked for the same name has to be saved under another one then.
     *
     * @param isForced whether an experiment that has the name is removed
     * @throws NameTakenException if the name is taken
     * @throws InvalidInputException if no experiment can have the name
     */
    public SavedExperiment rename(String name, String newName, boolean isForced) {
        return alone("rename " + name, () -> saved.rename(name, newName, isForced));
    }

    /**
     * Removes an experiment; {@link #restore} brings it back, until {@link #collect} takes it for good.
     *
     * @throws NoSuchExperimentException if there is none
     */
    public RemovedExperiment remove(String name) {
        return alone("remove " + name, () -> saved.remove(name));
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
        return alone("bring back " + name, () -> saved.restore(name));
    }

    /**
     * The tags and notes that were added to an experiment after it was saved. Those that it was saved with are in its history.
     *
     * @throws NoSuchExperimentException if there is none
     * @throws RepositoryException if they cannot be read: they may have come from anywhere
     */
    public Annotations annotations(String name) {
        return sentences.of("read the notes on " + name, () -> annotations.read(commit(name)));
    }

    /**
     * Adds a tag to an experiment; it has it once.
     *
     * @throws NoSuchExperimentException if there is none
     * @throws InvalidInputException if it is no tag: empty, of several lines, or too long
     */
    public Annotations tag(String name, String tag) {
        var word = tag.strip();
        Names.tag(word).ifPresent(reason -> {
            throw new InvalidInputException(reason);
        });
        return annotate(name, old -> new Annotations(with(old.tags(), word), old.notes()));
    }

    /** Takes a tag away that was added after the experiment was saved; nothing if it is not there. */
    public Annotations untag(String name, String tag) {
        return annotate(
                name,
                old -> new Annotations(
                        old.tags().stream().filter(each -> !each.equals(tag)).toList(), old.notes()));
    }

    /**
     * Adds a note to an experiment.
     *
     * @throws NoSuchExperimentException if there is none
     * @throws InvalidInputException if the text is empty
     */
    public Annotations note(String name, String text) {
        if (text.isBlank()) {
            throw new InvalidInputException("an empty text is no note; say something");
        }
        return sentences.of("write a note on " + name, () -> {
            var author = author();
            var note = new Annotations.Note(now(), author.name(), text.strip());
            return annotations.update(
                    commit(name), author, note.time(), old -> new Annotations(old.tags(), with(old.notes(), note)));
        });
    }

    private Annotations annotate(String name, UnaryOperator<Annotations> change) {
        return sentences.of(
                "write the tags of " + name, () -> annotations.update(commit(name), author(), now(), change));
    }

    private ObjectId commit(String name) throws IOException {
        return revisions.experiment(name).getObjectId();
    }

    private Author author() throws IOException {
        return snapshots.author().orElse(GitProjection.NOBODY);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static <T> List<T> with(List<T> all, T one) {
        return Stream.concat(all.stream(), Stream.of(one)).toList();
    }

    /**
     * Lets go for good what was removed, what was overwritten by force, and the checkpoints, tags and notes of experiments that something else
     * has taken away. The space is free when git has collected garbage; data in DVC's cache stay.
     *
     * @param age how long ago that was at least; checkpoints, tags and notes were last changed so long ago
     * @param isTrial whether nothing is done but to say what would be
     */
    public Collected collect(Duration age, boolean isTrial) {
        return collect(age, isTrial, Progress.NONE);
    }

    /**
     * As {@link #collect(Duration, boolean)}.
     *
     * @param progress is told how far it is
     */
    public Collected collect(Duration age, boolean isTrial, Progress progress) {
        var before = clock.instant().minus(age);
        Sentences.Work<Collected> work = () -> new KeptRefs(repository, refs, progress).collect(before, isTrial);
        return isTrial ? sentences.of("look for what was removed", work) : alone("collect what was removed", work);
    }

    /** What one takes away another one may be bringing back: one after the other, in all processes. */
    private <T> T alone(String what, Sentences.Work<T> work) {
        return sentences.of(what, () -> {
            var lock =
                    repository.getCommonDirectory().toPath().resolve("daybook").resolve("verbs.lock");
            var mutex = FileMutex.take(
                    lock,
                    VERB_PATIENCE,
                    "another process is renaming, removing, bringing back or collecting experiments just now; try again"
                            + " when it has ended");
            try {
                return work.run();
            } finally {
                mutex.close();
            }
        });
    }

    /**
     * Sends experiments, their checkpoints, their tags and notes and their data to another repository. Tags and notes that it has and this one
     * has not are taken in first, so that it gets all of both.
     *
     * @param remote by name or address; empty for git's own choice for the branch that is checked out, else {@code origin}, else the only one
     * @param names of experiments; none for all
     * @return what has come of it, problems included
     * @throws NoSuchExperimentException if there is none of a name; then nothing was sent
     * @throws RepositoryException if the remote cannot be reached
     */
    public TransferReport push(Optional<String> remote, Collection<String> names, TransferOptions options) {
        return remotes.push(remote, names, options);
    }

    /**
     * Fetches experiments, their checkpoints, their tags and notes and their data from another repository; otherwise as {@link #push}. Tags and
     * notes are added to those that are here.
     *
     * @param names of experiments that are there; none for all
     */
    public TransferReport pull(Optional<String> remote, Collection<String> names, TransferOptions options) {
        return remotes.pull(remote, names, options);
    }

    @Override
    public void close() {
        repository.close();
    }
}
