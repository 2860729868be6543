package dev.daybook;

import dev.daybook.codec.CodecException;
import dev.daybook.lifecycle.Call;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.Event.ExperimentInitialized;
import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.Refusal;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Entry;
import dev.daybook.port.ExperimentSource;
import dev.daybook.port.Journal;
import dev.daybook.port.Projection;
import dev.daybook.port.SavedRecord;
import dev.daybook.port.SnapshotScope;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The experiments of one Git repository: begin, run, find, resume, list.
 *
 * <pre>{@code
 * try (Daybook daybook = Daybook.open()) {
 *     daybook.run("baseline", run -> {
 *         run.setParam("lr", 0.1);
 *         Metric loss = run.metric("train/loss");
 *         for (int epoch = 0; epoch < 20; epoch++) {
 *             loss.log(epoch, model.train());
 *         }
 *     });
 * }
 * }</pre>
 *
 * <p>Thread-safe. Any number of Daybooks, in any number of processes, may be open on one repository at once. One that is not closed,
 * because its process was killed, loses nothing: its unfinished experiments are interrupted and can be resumed.
 */
public final class Daybook implements AutoCloseable {

    private final Journal journal;
    private final Projection projection;
    private final DaybookOptions options;
    private final Catalog catalog;
    private final Reservations reservations;
    private final Reservations numberings;
    private final Saving saving;
    private final BackgroundSaver saver;
    private final SecureRandom random = new SecureRandom();
    private final Map<ExperimentId, Experiment> open = new ConcurrentHashMap<>();
    private final AtomicLong lastLeftOut = new AtomicLong();

    /** Paths of what was added as an artifact: data, which are none of the code even if nothing else tells Git of them. */
    private final Set<String> artifacts = ConcurrentHashMap.newKeySet();

    /** For wiring in tests; users open. */
    Daybook(Journal journal, Projection projection, DaybookOptions options) {
        this.journal = journal;
        this.projection = projection;
        this.options = options;
        this.catalog = new Catalog(journal);
        this.reservations = new Reservations(journal, projection, options.takenName());
        this.saver = new BackgroundSaver(this);
        this.numberings = new Reservations(journal, projection, TakenName.NUMBER);
        this.saving = new Saving(journal, projection, options.warnings());
    }

    /** Opens the repository around the current folder. */
    public static Daybook open() {
        return open(Path.of(""));
    }

    /** Opens the repository around a path. */
    public static Daybook open(Path path) {
        return open(path, DaybookOptions.defaults());
    }

    /**
     * Opens the repository around a path. Nothing is written before the first {@code init}, unless a save that a crash has cut in half is
     * to be finished.
     *
     * @throws RepositoryException if there is none, or it is bare, has no commit or uses SHA-256
     */
    public static Daybook open(Path path, DaybookOptions options) {
        var projection = Providers.projection().open(path.toAbsolutePath(), options.warnings());
        try {
            var directory =
                    options.journalDirectory().orElseGet(() -> projection.home().resolve("journal"));
            var journal = Providers.journal().open(directory, options.journalSettings());
            return new Daybook(journal, projection, options).recovered();
        } catch (RuntimeException e) {
            projection.close();
            throw e;
        }
    }

    private Daybook recovered() {
        try {
            if (options.recoversOnOpen()) {
                recoverOrWarn();
            }
            return this;
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /**
     * Runs an experiment: {@code init}, the body, {@code save}. If the body throws, the experiment is completed as failed, stays unsaved
     * (save or discard it later) and the exception is rethrown. A body that has discarded its experiment saves nothing.
     *
     * @return what was saved
     */
    public <X extends Exception> Optional<SavedExperiment> run(String name, ExperimentBody<X> body) throws X {
        try (var run = experiment(name).init()) {
            try {
                body.run(run);
            } catch (Throwable e) {
                failQuietly(run, e);
                throw e;
            }
            return run.state() == ExperimentState.UNINITIALIZED ? Optional.empty() : Optional.of(run.save());
        }
    }

    /**
     * Saves many experiments at once, which is quicker by far than one after the other: their commits are written in one piece, their refs in
     * one batch (packed, the last one loose), the disk is waited for a few times in all. Each of them is saved as by {@link Experiment#save},
     * exactly once; what keeps one from being saved does not touch the others. All that are begun in this process get the code as it is now, if
     * it can be recorded as {@link Experiment#save} says.
     *
     * @return what is saved, and what is not
     * @throws JournalException if the journal cannot be written any more; what is not saved then can be saved later
     */
    public SweepResult saveAll(Collection<Experiment> experiments) {
        return new Sweep(this, true).save(experiments);
    }

    /** Runs an experiment under a made-up name; see {@link #run(String, ExperimentBody)}. */
    public <X extends Exception> Optional<SavedExperiment> run(ExperimentBody<X> body) throws X {
        return run(NameGenerator.next(random), body);
    }

    private static void failQuietly(Experiment run, Throwable cause) {
        try {
            if (run.state() == ExperimentState.ACTIVE) {
                run.fail(cause.toString());
            }
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** A new experiment under a made-up name such as {@code candid-heron}, UNINITIALIZED. */
    public Experiment experiment() {
        return experiment(NameGenerator.next(random));
    }

    /**
     * A new experiment, UNINITIALIZED.
     *
     * @throws InvalidInputException if the name cannot be an experiment's
     */
    public Experiment experiment(String name) {
        Reservations.requireGood(name);
        return new Experiment(this, name);
    }

    /**
     * The unfinished experiment of this name, whoever runs or ran it; the newest, if there are several. The handle shows it as it stands now;
     * what a living owner does later, it does not see.
     */
    public Optional<Experiment> find(String name) {
        return newestUnfinished(name).map(stream -> {
            var handle = open.get(stream.id());
            return handle != null ? handle : new Experiment(this, stream);
        });
    }

    private Optional<Stream> newestUnfinished(String name) {
        catalog.catchUp();
        return catalog.unfinished().stream()
                .filter(stream -> stream.data().name().equals(name))
                .reduce((older, newer) -> newer);
    }

    /**
     * Goes on with an interrupted experiment.
     *
     * @throws NoSuchExperimentException if there is no unfinished experiment of this name
     * @throws NotOwnerException if it is being run
     */
    public Experiment resume(String name) {
        return find(name).orElseThrow(() -> noSuch(name)).resume();
    }

    /**
     * Begins a new experiment with a checkpoint of another one, running, interrupted or saved: its baseline and code are the checkpoint's, its
     * parameters and metrics go on from there, and the checkpoint is in its history. It is ACTIVE, and has the other one's name with a
     * number. The work tree stays as it is: {@code dvc exp apply COMMIT} brings the checkpoint's files back, those of its artifacts too.
     *
     * @param number of the checkpoint, from 1
     * @throws NoSuchExperimentException if there is no such experiment, or it has no such checkpoint
     * @throws RepositoryException if the checkpoint's commit is not in the repository any more
     */
    public Experiment resumeFrom(String name, int number) {
        var all = checkpoints(name);
        if (number < 1 || number > all.size()) {
            throw new NoSuchExperimentException("experiment '" + name + "' has no checkpoint " + number + "; it has "
                    + (all.isEmpty() ? "none" : all.size() == 1 ? "one, 1" : "1 to " + all.size()));
        }
        return new Experiment(this, nameIn(name)).begin(all.get(number - 1));
    }

    /** As {@link #resumeFrom(String, int)}, with a checkpoint of that experiment. */
    public Experiment resumeFrom(String name, Checkpoint checkpoint) {
        return resumeFrom(name, checkpoint.commit());
    }

    /**
     * As {@link #resumeFrom(String, int)}.
     *
     * @param commit of the checkpoint, 40 hex digits
     */
    public Experiment resumeFrom(String name, String commit) {
        return checkpoints(name).stream()
                .filter(checkpoint -> checkpoint.commit().equals(commit))
                .findFirst()
                .map(new Experiment(this, nameIn(name))::begin)
                .orElseThrow(
                        () -> new NoSuchExperimentException("experiment '" + name + "' has no checkpoint " + commit));
    }

    /** A ref ends with the name, which has no {@code /}. */
    private static String nameIn(String nameOrRef) {
        return nameOrRef.substring(nameOrRef.lastIndexOf('/') + 1);
    }

    private List<Checkpoint> checkpoints(String name) {
        return newestUnfinished(name)
                .map(stream -> Checkpoint.of(stream.data()))
                .or(() -> saved(name).flatMap(projection::witness).map(witness -> Checkpoint.of(witness.history())))
                .orElseThrow(() -> new NoSuchExperimentException(
                        unknown(name) + ", and what was discarded is gone with its checkpoints"));
    }

    private static String unknown(String name) {
        return "there is no experiment '" + name
                + "' of Daybook in this repository; 'daybook list' or Daybook.experiments() lists what there is";
    }

    private NoSuchExperimentException noSuch(String name) {
        var names = catalog.unfinished().stream()
                .map(stream -> "'" + stream.data().name() + "'")
                .collect(Collectors.joining(", "));
        return new NoSuchExperimentException("there is no unfinished experiment '" + name + "' in this repository"
                + (names.isEmpty() ? "; none is unfinished" : "; unfinished are " + names));
    }

    /** The commit that is checked out, 40 hex digits: the baseline of an experiment that begins now. */
    public String head() {
        return projection.head();
    }

    /** All experiments: the unfinished ones of the journal, then the saved ones, those that DVC wrote too. */
    public List<ExperimentSummary> experiments() {
        catalog.catchUp();
        var saved = saved(projection, options.progress());
        var savedIds = saved.stream().flatMap(record -> record.id().stream()).collect(Collectors.toSet());
        var summaries = new ArrayList<ExperimentSummary>();
        catalog.unfinished().stream()
                .filter(stream -> !savedIds.contains(stream.id()))
                .map(Summaries::of)
                .forEach(summaries::add);
        saved.stream().map(Summaries::of).forEach(summaries::add);
        return summaries;
    }

    /**
     * Finishes the saves that a crash has cut in half; what is being saved by a living process is left to it.
     *
     * @return what is saved now
     */
    public List<SavedExperiment> recover() {
        catalog.catchUp();
        var recovered = new ArrayList<SavedExperiment>();
        var failures = new ArrayList<DaybookException>();
        for (var stream : catalog.unfinished()) {
            if (stream.data().prepared().isPresent() && stream.isAbandoned()) {
                try {
                    new Experiment(this, stream).settle().ifPresent(recovered::add);
                } catch (DaybookException e) {
                    failures.add(e);
                }
            }
        }
        if (!failures.isEmpty()) {
            var first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
        // behind all that was prepared: until then it is kept by what may be swept up
        projection.sweep(catalog::isSettled);
        return recovered;
    }

    /** A half-done save that cannot be finished now must not keep anybody from working. */
    private void recoverOrWarn() {
        try {
            recover();
        } catch (DaybookException e) {
            warn("a half-done save could not be finished: " + e.getMessage());
        }
    }

    /**
     * All that happened to an experiment: the unfinished one of this name, else the saved one.
     *
     * @param name or the whole ref of a saved one, which it takes where several have the name and none belongs to the present baseline
     * @throws NoSuchExperimentException if there is none that Daybook wrote
     * @throws InvalidInputException if the name means several
     */
    public History history(String name) {
        var unfinished = newestUnfinished(name);
        if (unfinished.isPresent()) {
            return history(unfinished.get().id(), name);
        }
        var saved = saved(name).orElseThrow(() -> new NoSuchExperimentException(unknown(name)));
        return projection
                .witness(saved)
                .map(witness -> new History(journal, witness.id(), saved.name(), witness::history))
                .orElseThrow(() -> new NoSuchExperimentException(
                        "experiment '" + name + "' was not written by Daybook and has no history"));
    }

    /** By name or whole ref. */
    private Optional<SavedRecord> saved(String name) {
        var all = new LinkedHashMap<String, SavedRecord>();
        saved(projection, options.progress()).forEach(saved -> all.put(saved.ref(), saved));
        return SavedRef.choose(all.keySet(), name, "", projection::head).map(all::get);
    }

    static List<SavedRecord> saved(Projection projection, Progress progress) {
        return projection.saved((done, all) -> progress.at("reading experiments", done, all, Progress.Unit.ITEMS));
    }

    History history(ExperimentId id, String name) {
        return new History(journal, id, name, () -> recorded(id));
    }

    /** What the commit of a saved experiment says of its events. */
    private List<Projection.Recorded> recorded(ExperimentId id) {
        return saved(projection, options.progress()).stream()
                .filter(record -> record.id().equals(Optional.of(id)))
                .flatMap(record -> projection.witness(record).stream())
                .findFirst()
                .map(Projection.Witness::history)
                .orElse(List.of());
    }

    /**
     * Follows an experiment while it runs, in whatever process, from its beginning on.
     *
     * @throws NoSuchExperimentException if there is no unfinished experiment of this name
     */
    public Follower follow(String name) {
        return newestUnfinished(name)
                .map(stream -> new Follower(journal, stream.id()))
                .orElseThrow(() -> noSuch(name));
    }

    /** Checks the whole journal, and the saved commits against it: reads all of it anew, whatever was noted before. */
    public Verification verify() {
        return new Verifier(journal, projection, options.progress()).verify();
    }

    /**
     * Checks one experiment.
     *
     * @throws NoSuchExperimentException if there is none of this name that Daybook wrote
     */
    public Verification verify(String name) {
        return new Verifier(journal, projection, options.progress())
                .verify(history(name).id());
    }

    /**
     * Deletes of the journal what is past its {@link Retention}. Daybook does so by itself whenever a generation of this process is full, and
     * when it begins its first one.
     *
     * @param isTrial whether it only says what it would delete
     */
    public List<DeletedGeneration> collectJournal(boolean isTrial) {
        return journal
                .collect(
                        isTrial,
                        (done, all) -> options.progress().at("reading the journal", done, all, Progress.Unit.ITEMS))
                .stream()
                .map(each -> new DeletedGeneration(each.generation(), each.bytes(), each.reason()))
                .toList();
    }

    /**
     * Makes the two files that DVC needs in the work tree, {@code .dvc/.gitignore} and {@code .dvc/config}, where they are missing; they are
     * for you to commit. Before they are, {@code dvc exp apply} would delete the cache, and all artifacts with it.
     *
     * @return the paths of those that are not committed yet
     */
    public List<String> initializeDvc() {
        return projection.initializeDvc();
    }

    /** What is damaged in the journal, a sentence each; empty if all is well. Nothing behind a damage is read as data. */
    public List<String> damage() {
        catalog.catchUp();
        return catalog.damage();
    }

    /**
     * What a save would record of the work tree now, with the {@link DaybookOptions#code} of this Daybook. Writes nothing but objects that
     * nobody names.
     *
     * @throws RepositoryException as {@code init} does, if the work tree cannot be recorded: an {@link UnfinishedWorkTreeException} if a
     *     merge is in progress, say
     */
    public WorkTreeStatus status() {
        var captured = projection.capture(scope());
        return new WorkTreeStatus(
                captured.code().head(),
                captured.code().tree(),
                captured.changed().entrySet().stream()
                        .map(each -> new WorkTreeStatus.Change(each.getKey(), each.getValue()))
                        .toList(),
                captured.untracked(),
                captured.leftOut(),
                captured.isByGit() ? WorkTreeStatus.Method.GIT : WorkTreeStatus.Method.JGIT);
    }

    /** Lets everything go, after what is being saved in the background; unfinished experiments stay as they are and can be resumed. */
    @Override
    public void close() {
        saver.await();
        try {
            journal.close();
        } finally {
            projection.close();
        }
    }

    // What the handles need.

    record Begun(ExperimentId id, ExperimentInitialized facts) {}

    /** All that {@code init} finds out: id, code, parameters, and a name that is reserved. */
    Begun begin(String requestedName) {
        var id = newId();
        var name = requestedName;
        try {
            var start = projection.start(id, scope());
            start.warnings().forEach(this::warn);
            var baseline = start.code().head();
            name = reserve(reservations, requestedName, id, baseline);
            var replaces = options.takenName() == TakenName.REPLACE
                    ? projection.saved(baseline, name)
                    : Optional.<String>empty();
            // last, because it is waited for
            var leftOut = start.leftOut().get();
            leftOut.ifPresent(this::warnOfLeftOut);
            var facts = new ExperimentInitialized(
                    name,
                    start.code(),
                    withoutOutputFolder(start.params()),
                    start.author(),
                    options.outputFolder(),
                    replaces,
                    Environment.current(leftOut));
            return new Begun(id, facts);
        } catch (RuntimeException e) {
            giveUp(id, name, e);
            throw e;
        }
    }

    /** Not again for each experiment of a sweep. */
    private void warnOfLeftOut(long count) {
        if (lastLeftOut.getAndSet(count) != count && count > 0) {
            warn((count == 1 ? "1 untracked file is" : count + " untracked files are")
                    + " not in the recorded code; include them with DaybookOptions.withUntracked(\"**\") or narrower"
                    + " globs, git add them, or name them in .gitignore");
        }
    }

    /** The same for an experiment that begins with a checkpoint of another one. */
    Begun begin(String requestedName, Checkpoint checkpoint) {
        var id = newId();
        var name = requestedName;
        try {
            var start = projection.startFrom(id, checkpoint.commit());
            start.warnings().forEach(this::warn);
            var past = start.facts();
            name = reserve(numberings, requestedName, id, past.code().head());
            var facts = new ExperimentInitialized(
                    name,
                    past.code(),
                    past.fileParams(),
                    past.author(),
                    past.outputFolder(),
                    Optional.empty(),
                    Environment.current(),
                    past.origin());
            return new Begun(id, facts);
        } catch (RuntimeException e) {
            giveUp(id, name, e);
            throw e;
        }
    }

    private ExperimentId newId() {
        return ExperimentId.of(now().toEpochMilli(), new UUID(random.nextLong(), random.nextLong()));
    }

    private String reserve(Reservations names, String requested, ExperimentId id, String baseline) {
        var name = names.reserve(requested, id, baseline);
        if (!name.equals(requested)) {
            warn("experiment name '" + requested + "' is taken; this one is '" + name + "'");
        }
        return name;
    }

    /** The experiment writes that folder anew, so that what another one has left there is none of its parameters. */
    private Map<String, ParamValue.MapValue> withoutOutputFolder(Map<String, ParamValue.MapValue> files) {
        var others = new LinkedHashMap<>(files);
        others.keySet().removeIf(file -> file.startsWith(options.outputFolder() + "/"));
        return others;
    }

    /** Takes back what {@link #begin} has done, after a failure. */
    void giveUp(ExperimentId id, String name, RuntimeException cause) {
        try {
            journal.releaseName(name, id);
            projection.forget(id);
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** Saves one experiment that is completed. */
    SavedExperiment save(Saving.Save save) {
        var failure = saving.finish(List.of(save)).get(save.run());
        if (failure != null) {
            throw failure;
        }
        closed(save.run().requireId());
        return save.run().saved();
    }

    CompletableFuture<SavedExperiment> saveSoon(Experiment run) {
        return saver.submit(run);
    }

    Saving saving() {
        return saving;
    }

    /** Carries a prepared save on to its end; false if it was abandoned, because the ref is another's. */
    boolean publish(Experiment run) {
        return saving.publish(run, source(run.requireId()));
    }

    /** Reserves the new name of an experiment for the time of its save; the one who calls releases it. */
    void reserveToSave(String name, ExperimentId id) {
        reservations.reserveToSave(name, id);
    }

    /** Where the work tree says something else than the experiment claims; finding that out must not keep it from being saved. */
    void warnAbout(Collection<Saving.Save> saves) {
        try {
            var recorded = saves.stream()
                    .filter(save -> save.run().recordsCode())
                    .map(Saving.Save::source)
                    .toList();
            projection.warnings(recorded).forEach(this::warn);
        } catch (RepositoryException e) {
            warn("the work tree could not be compared with what is saved: " + e.getMessage());
        }
    }

    void warn(String message) {
        options.warnings().accept(message);
    }

    void discarded(ExperimentId id) {
        open.remove(id);
        projection.forget(id);
    }

    void opened(ExperimentId id, Experiment handle) {
        open.put(id, handle);
    }

    void closed(ExperimentId id) {
        open.remove(id);
    }

    /** The code as it is now, kept for each of these experiments; empty, with a warning, where only what was recorded last can count. */
    Optional<Code> snapshot(Collection<Experiment> runs) {
        return recorded(
                runs,
                () -> projection.snapshot(
                        runs.stream().map(Experiment::requireId).toList(), scope()));
    }

    /** The same for an experiment that goes on. */
    Optional<Code> snapshotOnTheWay(Experiment run) {
        return recorded(List.of(run), () -> projection.snapshotOnTheWay(run.requireId(), scope()));
    }

    private Optional<Code> recorded(Collection<Experiment> runs, Supplier<Code> code) {
        // others than this Daybook may have added them
        runs.forEach(run -> run.data().artifacts().forEach(artifact -> addedArtifact(artifact.path())));
        try {
            return Optional.of(code.get());
        } catch (UnfinishedWorkTreeException e) {
            // a training run must not fail at its end for that
            warn(e.what() + "; the code that was recorded last counts");
            return Optional.empty();
        }
    }

    void addedArtifact(String path) {
        artifacts.add(path);
    }

    private SnapshotScope scope() {
        return options.code().ofPort().without(artifacts);
    }

    /** What the journal says of an experiment now. */
    Optional<Stream> stream(ExperimentId id) {
        catalog.catchUp();
        return catalog.find(id);
    }

    ExperimentSource source(ExperimentId id) {
        return source(id, new SourceReading(id));
    }

    /** @param reading what was read of it before, to read on with */
    ExperimentSource source(ExperimentId id, SourceReading reading) {
        catalog.catchUp();
        return found(id).source(reading);
    }

    /** The journal as it is now, read once for any number of experiments. */
    Function<ExperimentId, ExperimentSource> sources() {
        catalog.catchUp();
        return id -> found(id).source(new SourceReading(id));
    }

    private Stream found(ExperimentId id) {
        return catalog.find(id).orElseThrow(() -> new JournalException("experiment " + id + " is not in the journal"));
    }

    boolean endsInOwnGeneration(ExperimentId id) {
        return catalog.find(id).map(stream -> stream.owner().isOwn()).orElse(false);
    }

    Entry append(ExperimentId id, AppendCondition condition, Event event) {
        try {
            return journal.append(id, condition, now(), event);
        } catch (CodecException e) {
            throw new InvalidInputException(String.valueOf(e.getMessage()));
        }
    }

    Journal journal() {
        return journal;
    }

    Projection projection() {
        return projection;
    }

    DaybookOptions options() {
        return options;
    }

    private Instant now() {
        return options.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A refusal of the decider as the exception of the face. */
    DaybookException refused(Refusal refusal, Call call, ExperimentData data) {
        return refusal instanceof Refusal.WrongPhase
                ? new IllegalTransitionException(
                        refusal.message(),
                        call.methodName(),
                        ExperimentState.valueOf(data.phase().name()))
                : new InvalidInputException(refusal.message());
    }
}
