package dev.daybook;

import dev.daybook.lifecycle.Call;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Command;
import dev.daybook.lifecycle.Decider;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ExperimentFold;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.Outcome;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.Phase;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.ExperimentSource;
import dev.daybook.port.MetricLease;
import dev.daybook.port.Projection;
import dev.daybook.port.Tail;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The handle of one experiment: a strict state machine, UNINITIALIZED, ACTIVE, COMPLETED, PERSISTED. A call that does not exist in the
 * state is refused with {@link IllegalTransitionException} and leaves no trace.
 *
 * <p>Durability: when a call returns, what it did survives the death of the process; events of the life cycle (all but metric values) are
 * forced to disk too, together with everything before them, unless {@link Durability#PROCESS} was chosen. A save is on disk in any case.
 *
 * <p>Thread-safe: any number of threads may log to it; calls of the life cycle are taken one at a time.
 *
 * <p>{@link #close} on an unfinished experiment lets it go and decides nothing: it can be {@link Daybook#resume resumed}, saved or
 * discarded later, by another process too.
 */
public final class Experiment implements AutoCloseable {

    /** How this handle came to its experiment, which says what it may do. */
    private enum Ownership {
        /** It did {@code init}, so the work tree is the experiment's code. */
        BEGUN,
        /** It resumed, so the code is what was recorded. */
        RESUMED,
        /** It has looked it up: it may read, resume, save and discard. */
        NONE
    }

    /** Numbers the handles, so that several locks are always taken in one order. */
    private static final AtomicLong HANDLES = new AtomicLong();

    private final Daybook daybook;
    private final String requestedName;
    private final long number = HANDLES.incrementAndGet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Metric> metrics = new ConcurrentHashMap<>();
    private final Map<Integer, Steps> steps = new ConcurrentHashMap<>();

    // Guarded by the lock.
    private @Nullable ExperimentId id;
    private volatile ExperimentData data = ExperimentData.empty();
    private Tail tail = new Tail(0, new dev.daybook.port.Chain(""));
    private Ownership ownership = Ownership.BEGUN;
    private @Nullable MetricLease lease;
    private @Nullable Checkpointing checkpointing;
    private boolean isClosed;

    /** A save in the background; nothing is let go before it. */
    private CompletableFuture<?> savedSoon = CompletableFuture.completedFuture("none");

    /** A handle to begin something new. */
    Experiment(Daybook daybook, String requestedName) {
        this.daybook = daybook;
        this.requestedName = requestedName;
    }

    /** A handle on what the journal holds. */
    Experiment(Daybook daybook, Stream stream) {
        this(daybook, stream.data().name());
        ownership = Ownership.NONE;
        adopt(stream);
    }

    /** The name: as asked for before {@code init}, as given out after it. */
    public String name() {
        var given = data.name();
        return given.isEmpty() ? requestedName : given;
    }

    /** The identity in the journal, a UUID that sorts by time; empty before {@code init} and after {@code discard}. */
    public Optional<String> id() {
        return locked(() -> Optional.ofNullable(id).map(ExperimentId::toString));
    }

    public ExperimentState state() {
        return ExperimentState.valueOf(data.phase().name());
    }

    /**
     * Begins the experiment: records the commit that is checked out as the baseline, the code as it is, and the parameters of
     * {@code params.yaml} and of the files that the root's {@code dvc.yaml} lists; reserves the name.
     *
     * @throws InvalidInputException if the name cannot be an experiment's
     * @throws NameTakenException if the name is taken and the options say not to number it
     * @throws UnfinishedWorkTreeException if a merge is in progress, say, or files have conflicts
     * @throws RepositoryException if the work tree cannot be recorded
     */
    public Experiment init() {
        locked(() -> {
            require(Call.INIT);
            begin(daybook.begin(requestedName), Ownership.BEGUN);
        });
        return this;
    }

    /** Begins with a checkpoint of another experiment: the code is what was recorded there. */
    Experiment begin(Checkpoint checkpoint) {
        locked(() -> {
            require(Call.INIT);
            begin(daybook.begin(requestedName, checkpoint), Ownership.RESUMED);
            data.facts()
                    .origin()
                    .ifPresent(origin ->
                            origin.metrics().forEach(past -> steps.put(past.metric(), new Steps(past.lastStep() + 1))));
        });
        return this;
    }

    private void begin(Daybook.Begun begun, Ownership how) {
        id = begun.id();
        try {
            append(begun.id(), new Command.Init(begun.facts()));
        } catch (RuntimeException e) {
            id = null;
            daybook.giveUp(begun.id(), begun.facts().name(), e);
            throw e;
        }
        ownership = how;
        daybook.opened(begun.id(), this);
    }

    /**
     * Sets parameters from a record or a map, nested at will. A map's keys are written as for {@link #setParam}; the last value set wins,
     * and the journal keeps all.
     */
    public Experiment setParams(Object params) {
        var values = ParamValues.ofParams(params);
        locked(() -> setAll(values));
        return this;
    }

    /**
     * Sets one parameter.
     *
     * @param key {@code lr}, {@code model.depth} (a dot inside a name as {@code \.}), {@code layers.0} for an element of a list that is there, or
     *     with a file {@code conf.json:lr}. Without a file it is the one that has the key; a key that no file has goes to the output folder's
     *     {@code params.yaml}
     * @param value null, a boolean, number, text, enum, record, map, list or array
     */
    public Experiment setParam(String key, @Nullable Object value) {
        var typed = ParamValues.of(value, key);
        locked(() -> setAll(Map.of(ParamKey.parse(key), typed)));
        return this;
    }

    private void setAll(Map<ParamKey, ParamValue> values) {
        requireOwned(Call.SET_PARAMS);
        apply(new Command.SetParams(values));
    }

    /**
     * A parameter file of the work tree, for training code that reads it: what is set there is written into the file itself.
     *
     * @param path from the repository's root, {@code params.yaml} or {@code conf/model.json}
     */
    public ParamsFile paramsFile(String path) {
        return new ParamsFile(this, path);
    }

    /** Edits a file of the work tree and records the same; neither happens if either cannot. */
    void setInFile(String file, Map<ParamKey, ParamValue> values) {
        locked(() -> {
            requireOwned(Call.SET_PARAMS);
            var command = new Command.SetParams(values);
            for (var event : decide(data, command)) {
                // The record before the file: of a death in between the next save warns, because the two differ; the
                // other way round nothing would tell of the edit.
                try (var edit = daybook.projection().editParams(file, ((Event.ParamsSet) event).values())) {
                    apply(command);
                    edit.apply();
                }
            }
        });
    }

    /** The parameters as they stand: the files' at {@code init} and what was set since, with their origins. */
    public Params params() {
        return new Params(data);
    }

    /**
     * The metric of this name, for logging in a loop; defined with the first call.
     *
     * @param name {@code loss}, {@code train/loss}: a {@code /} nests
     */
    public Metric metric(String name) {
        var metric = metrics.get(name);
        return metric != null
                ? metric
                : locked(() -> {
                    var fresh = new Metric(this, name, target(name, null));
                    metrics.put(name, fresh);
                    return fresh;
                });
    }

    /** Logs a metric value at a step; see {@link Metric#log(long, double)}. */
    public void logMetric(String name, long step, double value) {
        metric(name).log(step, value);
    }

    /** Logs a metric value at the step after the metric's last one; the first is 0. */
    public void logMetric(String name, double value) {
        metric(name).log(value);
    }

    /**
     * Logs several metrics at one step, in the order of their names; if one of the names is bad or has no value, none.
     *
     * @throws InvalidInputException if a name cannot be a metric's, or has null as its value
     */
    public void logMetrics(long step, Map<String, ? extends Number> values) {
        var sorted = new TreeMap<String, Number>(values);
        sorted.forEach((name, value) -> {
            if (value == null) {
                throw new InvalidInputException(
                        "metric '" + name + "' has no value at step " + step + "; leave it out, or log NaN");
            }
        });
        if (!metrics.keySet().containsAll(sorted.keySet())) {
            locked(() -> requireMetrics(sorted.keySet()));
        }
        sorted.forEach((name, value) -> metric(name).log(step, value.doubleValue()));
    }

    /** Tries all of them before the first is defined. */
    private void requireMetrics(Collection<String> names) {
        requireOwned(Call.LOG_METRIC);
        var tried = data;
        for (var name : names) {
            for (var event : decide(tried, new Command.DefineMetric(name))) {
                tried = ExperimentFold.evolve(tried, event);
            }
        }
    }

    /**
     * Where records of a metric go now: its number, and a lease that was good a moment ago.
     *
     * @param refused the lease that took no record any more, if that is why somebody asks
     */
    Metric.Target target(String name, @Nullable MetricLease refused) {
        return locked(() -> {
            requireOwned(Call.LOG_METRIC);
            apply(new Command.DefineMetric(name));
            var current = lease;
            if (current == null || current == refused) {
                // Whatever has sealed it: the journal says now whether there is another one.
                current = daybook.journal().lease(requireId());
                lease = current;
            }
            int number = data.metricNumbers().get(name).get();
            return new Metric.Target(current, number, steps.computeIfAbsent(number, n -> new Steps(0)));
        });
    }

    /** The step of a metric's last value; -1 if it has none. */
    long lastStep(String metric) {
        return metrics().stream()
                .filter(summary -> summary.name().equals(metric))
                .mapToLong(MetricSummary::lastStep)
                .findFirst()
                .orElse(-1);
    }

    long millis() {
        return daybook.options().clock().millis();
    }

    /** All metrics that have a value, in the order of their definition, folded from the journal. */
    public List<MetricSummary> metrics() {
        return locked(() -> id == null
                ? List.of()
                : daybook.stream(id).map(stream -> stream.fold().metrics()).orElse(List.of()).stream()
                        .map(MetricSummary::of)
                        .toList());
    }

    /**
     * Records code, parameters, metrics and artifacts so far as a commit, which the saved experiment will have in its history. It costs what
     * has come since the last one, the first of a handle all so far: of series longer than 512 points it holds a sample, which a plot can be
     * drawn from.
     *
     * <p>When this returns, the commit is on disk, kept from git's gc by {@code refs/daybook/checkpoints/<id>}, and recorded. Data in DVC's
     * cache that only checkpoints refer to is taken by {@code dvc gc} unless it is told of them: {@code dvc gc -w --all-experiments --rev
     * refs/daybook/checkpoints/<id> -n <number of checkpoints>}.
     *
     * <p>While the work tree is {@linkplain UnfinishedWorkTreeException in the middle of a merge}, say, the checkpoint has the code that was
     * recorded last, with a warning.
     *
     * @param message for people
     */
    public Checkpoint makeCheckpoint(String message) {
        return locked(() -> {
            requireOwned(Call.MAKE_CHECKPOINT);
            var code = daybook.snapshotOnTheWay(this).orElseGet(data::lastCode);
            var commit = writeCheckpoint(code, message);
            apply(new Command.RecordCheckpoint(commit, code, message));
            return new Checkpoint(data.checkpoints().size(), commit, message);
        });
    }

    /**
     * Adds a file or folder, of any size, whose bytes do not belong into Git: as {@link #addArtifact(Path, ArtifactOptions)} with the usual
     * options.
     */
    public Experiment addArtifact(Path path) {
        return addArtifact(path, ArtifactOptions.defaults());
    }

    /**
     * Adds a file or folder, of any size, as it is now: it is copied into DVC's cache, by its MD5, and the commits of the experiment get
     * DVC's pointer to it in its place. A file that Git tracks stays in Git, unless it is larger than the options say. What is added again
     * replaces what was added before; what has not changed is not recorded a second time.
     *
     * <p>Durability: when it returns, the copy is on disk, and the event as {@link Durability} says. Metrics can be logged meanwhile. Until
     * the experiment is saved {@code dvc gc} knows nothing of the copy and takes it; a checkpoint or save warns of what is gone.
     *
     * @param path absolute, or relative to the top of the work tree
     * @throws InvalidInputException if it is inside another artifact, or where the experiment's own files stand
     * @throws RepositoryException if it is not there, outside of the work tree (also behind a symbolic link), no regular file or folder, or
     *     changes while it is read
     */
    public Experiment addArtifact(Path path, ArtifactOptions options) {
        locked(() -> requireOwned(Call.ADD_ARTIFACT));
        // not under the lock: it may take long, and metrics are defined under it
        var kept = daybook.projection().keep(path);
        kept.warnings().forEach(daybook::warn);
        locked(() -> {
            requireOwned(Call.ADD_ARTIFACT);
            apply(new Command.AddArtifact(options.event(kept)));
            daybook.addedArtifact(kept.path());
        });
        return this;
    }

    /** What was read of this experiment for its checkpoints, which the next one goes on from. */
    private record Checkpointing(SourceReading reading, Projection.Checkpoints commits) {}

    private String writeCheckpoint(Code code, String message) {
        var made = checkpointing;
        if (made == null) {
            made = new Checkpointing(
                    new SourceReading(requireId()), daybook.projection().checkpoints());
            checkpointing = made;
        }
        return made.commits.make(daybook.source(requireId(), made.reading), code, message);
    }

    /** The checkpoints so far, oldest first. */
    public List<Checkpoint> checkpoints() {
        return Checkpoint.of(data);
    }

    /**
     * All that happened to it, as the journal has it.
     *
     * @throws IllegalTransitionException before {@code init}: there is nothing yet
     */
    public History history() {
        return locked(() -> {
            if (id == null) {
                throw new IllegalTransitionException(
                        "cannot show the history: experiment '" + name() + "' is UNINITIALIZED", "history", state());
            }
            return daybook.history(id, name());
        });
    }

    /**
     * Logs a plot of points of your own, which DVC draws by one of its templates: a ROC curve, a confusion matrix. The last one of a name
     * counts; it is {@code plots/custom/<name>.json} in the output folder.
     *
     * @param name as that of a metric; a {@code /} makes folders
     * @param points records or maps with the same fields, in the order in which they are drawn; what is no number is left out of a curve
     * @throws InvalidInputException if there are no points or none has the fields of the axes, or if they take more than 2 MB
     */
    public Experiment logPlot(String name, Iterable<?> points, PlotOptions options) {
        var typed = ParamValues.ofPoints(name, points);
        locked(() -> {
            requireOwned(Call.LOG_PLOT);
            apply(new Command.LogPlot(new Event.PlotLogged(name, typed, options.view())));
        });
        return this;
    }

    /** Marks the experiment with a word. */
    public Experiment tag(String tag) {
        locked(() -> {
            requireOwned(Call.TAG);
            apply(new Command.AddTag(tag));
        });
        return this;
    }

    /** Adds a remark, for people. */
    public Experiment note(String text) {
        locked(() -> {
            requireOwned(Call.NOTE);
            apply(new Command.TakeNote(text));
        });
        return this;
    }

    /**
     * Ends the experiment as succeeded, with the code as it is; nothing can be logged to it any more. While the work tree is
     * {@linkplain UnfinishedWorkTreeException in the middle of a merge}, say, the code that was recorded last counts, with a warning.
     */
    public Experiment complete() {
        complete(Outcome.succeeded());
        return this;
    }

    /**
     * Ends the experiment as failed, otherwise as {@link #complete}; it can be saved still.
     *
     * @param message what went wrong
     */
    public Experiment fail(String message) {
        complete(Outcome.failed(message));
        return this;
    }

    private void complete(Outcome outcome) {
        locked(() -> {
            requireOwned(Call.COMPLETE);
            apply(new Command.Complete(outcome, codeNow()));
        });
    }

    /**
     * Writes the experiment as one commit on {@code refs/exps/<baseline>/<name>}; HEAD, index and work tree are not touched. Completes it
     * first if need be; of a saved one it gives the same result again. A handle that did not begin the experiment takes the code that was
     * recorded last, never its own work tree. So does the one that began it, with a warning, while the work tree is
     * {@linkplain UnfinishedWorkTreeException in the middle of a merge}, say.
     *
     * @throws NameTakenException if the ref was taken since {@code init}; {@link #saveAs} is possible then
     * @throws RepositoryException if Git failed; the experiment is COMPLETED, and save can be called again
     */
    public SavedExperiment save() {
        return saveAs(name());
    }

    /**
     * As {@link #save}, under another name. A save that was half done already is finished under the name that it was begun with, with a
     * warning.
     *
     * @throws InvalidInputException if the name cannot be an experiment's
     * @throws NameTakenException if another experiment has the name; save under yet another one is possible then
     */
    public SavedExperiment saveAs(String newName) {
        return locked(() -> {
            require(Call.SAVE);
            return data.phase() == Phase.PERSISTED
                    ? saved()
                    : ownership != Ownership.NONE ? finish(newName) : inherit(Call.SAVE, () -> finish(newName));
        });
    }

    /**
     * Completes the experiment now, with the code as it is if it was not completed before, and saves it in the background, together with
     * whatever else waits for that: see {@link Daybook#saveAll}. {@link Daybook#close} waits for it.
     *
     * <p>What depends on the result is run by the thread that saves, and so must not wait for another save.
     *
     * @return what is saved, or what kept it from being saved; then it can be saved again
     * @throws DaybookException if it cannot be saved or completed in its state
     */
    public CompletableFuture<SavedExperiment> saveAsync() {
        return locked(() -> {
            require(Call.SAVE);
            if (data.phase() == Phase.ACTIVE && ownership != Ownership.NONE) {
                apply(new Command.CompleteToSave(codeNow()));
                daybook.warnAbout(List.of(toSave(daybook.source(requireId()), name(), Optional.empty())));
            }
            var saving = daybook.saveSoon(this);
            savedSoon = saving;
            return handedOut(saving);
        });
    }

    /** What its holder may cancel or complete as he likes. */
    private static <T> CompletableFuture<T> handedOut(CompletableFuture<T> future) {
        var other = new CompletableFuture<T>();
        var unused = future.whenComplete((result, failure) -> {
            if (failure == null) {
                other.complete(result);
            } else {
                other.completeExceptionally(failure);
            }
        });
        return other;
    }

    private SavedExperiment finish(String newName) {
        if (data.phase() == Phase.PERSISTED) {
            return saved();
        }
        boolean isRenamed = data.prepared().isEmpty() && !newName.equals(data.name());
        if (isRenamed) {
            daybook.reserveToSave(newName, requireId());
        }
        try {
            return finishReserved(newName);
        } finally {
            if (isRenamed) {
                daybook.journal().releaseName(newName, requireId());
            }
        }
    }

    private SavedExperiment finishReserved(String newName) {
        goOnFromOwner();
        var now = recordsCode() ? codeNow() : Optional.<Code>empty();
        apply(new Command.CompleteToSave(now));
        var save = toSave(daybook.source(requireId()), newName, now);
        daybook.warnAbout(List.of(save));
        return daybook.save(save);
    }

    /**
     * What there is to save of an experiment that is completed; its lock is held.
     *
     * @param now the code as it is; empty where only what was recorded counts
     */
    Saving.Save toSave(ExperimentSource source, String newName, Optional<Code> now) {
        // what was completed just now has recorded it
        var code = now.filter(other -> recordsCode() && !other.equals(data.lastCode()));
        return new Saving.Save(this, source, newName, code);
    }

    /**
     * Carries a prepared save whose owner is gone on to its end, whatever that is.
     *
     * @return what is saved now, if it was this call that did it
     */
    Optional<SavedExperiment> settle() {
        return locked(() -> daybook.journal().exclusively(() -> {
            var stream = daybook.stream(requireId()).orElseThrow();
            adopt(stream);
            if (data.phase() != Phase.COMPLETED || data.prepared().isEmpty() || !stream.isAbandoned()) {
                return Optional.empty(); // somebody else was quicker
            }
            stream.force();
            if (daybook.publish(this)) {
                daybook.closed(requireId());
                return Optional.of(saved());
            }
            close();
            daybook.warn("the half-done save of experiment '" + name()
                    + "' was given up, because its ref was taken meanwhile; save it under another name");
            return Optional.empty();
        }));
    }

    /**
     * Completes it, if need be, to be saved with others under its own name; its lock is held.
     *
     * @return false if it is saved already
     * @throws DaybookException if it cannot be saved now
     */
    boolean completeToSave(Optional<Code> now) {
        require(Call.SAVE);
        if (data.phase() == Phase.PERSISTED) {
            return false;
        }
        apply(new Command.CompleteToSave(recordsCode() ? now : Optional.empty()));
        return true;
    }

    /** Whether a save is to record the work tree; its lock is held. */
    boolean recordsCode() {
        return !isClosed
                && ownership == Ownership.BEGUN
                && (data.phase() == Phase.ACTIVE || data.phase() == Phase.COMPLETED)
                && data.prepared().isEmpty();
    }

    boolean isOf(Daybook other) {
        return daybook == other;
    }

    /** Whether somebody else may be at it; its lock is held. */
    boolean isLookedUp() {
        return ownership == Ownership.NONE;
    }

    SavedExperiment saved() {
        var persisted = data.persisted().orElseThrow();
        var ref = persisted.ref();
        return new SavedExperiment(
                ref.substring(ref.lastIndexOf('/') + 1),
                ref,
                persisted.commit(),
                data.facts().code().head());
    }

    /** Abandons the experiment without a commit. The handle can {@code init} again, as a new experiment. */
    public void discard() {
        locked(() -> {
            require(Call.DISCARD);
            if (!savedSoon.isDone()) {
                throw new IllegalTransitionException(
                        "cannot discard: experiment '" + name() + "' is being saved in the background; wait for that",
                        Call.DISCARD.methodName(),
                        state());
            }
            if (ownership == Ownership.NONE) {
                inherit(Call.DISCARD, () -> {
                    goOnFromOwner();
                    return discardOwned();
                });
            } else {
                discardOwned();
            }
        });
    }

    private ExperimentData discardOwned() {
        if (data.prepared().isPresent()) {
            daybook.publish(this);
            require(Call.DISCARD);
        }
        var discarded = requireId();
        // Before the event: a process that dies in between must not keep the name for ever.
        daybook.journal().releaseName(data.name(), discarded);
        apply(new Command.Discard());
        reset();
        daybook.discarded(discarded);
        return data;
    }

    private void reset() {
        id = null;
        data = ExperimentData.empty();
        ownership = Ownership.BEGUN;
        metrics.clear();
        steps.clear();
        checkpointing = null;
    }

    /**
     * Goes on with an interrupted experiment: parameters, metrics and checkpoints are as they were, and more can be logged.
     *
     * @throws NotOwnerException if its owner lives
     */
    public Experiment resume() {
        locked(() -> {
            require(Call.RESUME);
            if (ownership != Ownership.NONE) {
                throw new NotOwnerException("cannot resume: experiment '" + name() + "' is being run by this handle");
            }
            inherit(Call.RESUME, () -> apply(resumption()));
        });
        return this;
    }

    /** What ends an heir's active experiment says first how many records it goes on from: no event before it may count them. */
    private void goOnFromOwner() {
        if (data.phase() == Phase.ACTIVE && ownership == Ownership.NONE) {
            apply(resumption());
        }
    }

    private Command.Resume resumption() {
        var stream = daybook.stream(requireId()).orElseThrow();
        var at = stream.lastPosition();
        return new Command.Resume(new Event.ExperimentResumed(
                at.generation(), at.document(), tail.events(), stream.fold().metricRecords(), Environment.current()));
    }

    /**
     * Lets an unfinished experiment go, after its save in the background if there is one, and decides nothing; repeatable. Nothing else can
     * be done with the handle then.
     */
    @Override
    public void close() {
        locked(() -> {
            if (isClosed) {
                return;
            }
            if (!savedSoon.isDone()) {
                // who waits for the save sees how it went
                var unused = savedSoon.whenComplete((saved, failure) -> close());
                return;
            }
            isClosed = true;
            if (id != null && ownership != Ownership.NONE && data.phase() != Phase.PERSISTED) {
                daybook.journal().release(id);
                daybook.closed(id);
            }
        });
    }

    // What the Daybook needs of its handles, under the lock.

    ExperimentData data() {
        return data;
    }

    ExperimentId requireId() {
        if (id == null) {
            throw new IllegalStateException("the experiment has no id yet");
        }
        return id;
    }

    /** Decides, appends, folds. */
    ExperimentData apply(Command command) {
        return append(requireId(), command);
    }

    private ExperimentData append(ExperimentId of, Command command) {
        for (var event : decide(data, command)) {
            var next = ExperimentFold.evolve(data, event);
            var entry = daybook.append(of, condition(of), event);
            lease = null;
            data = next;
            tail = entry.tail();
            if (ownership == Ownership.NONE) {
                ownership = Ownership.RESUMED;
                daybook.opened(of, this);
            }
        }
        return data;
    }

    private Iterable<Event> decide(ExperimentData from, Command command) {
        return Decider.decide(from, command).getOrElseThrow(refusal -> daybook.refused(refusal, command.call(), from));
    }

    private AppendCondition condition(ExperimentId of) {
        if (data.phase() == Phase.UNINITIALIZED) {
            return AppendCondition.begins(of);
        }
        return ownership != Ownership.NONE || daybook.endsInOwnGeneration(of)
                ? AppendCondition.continues(tail)
                : AppendCondition.inherits(tail);
    }

    /** Runs the first call of an heir: alone in the repository, on what the journal says now, if the owner is gone. */
    private <T> T inherit(Call call, Supplier<T> action) {
        return daybook.journal().exclusively(() -> {
            var before = daybook.stream(requireId()).orElseThrow();
            // asked first: whatever a dying owner wrote before that is read now
            boolean isAbandoned = before.isAbandoned();
            var stream = isAbandoned ? daybook.stream(requireId()).orElseThrow() : before;
            adopt(stream);
            require(call);
            if (data.phase() == Phase.PERSISTED) {
                return action.get(); // somebody else has saved it meanwhile
            }
            if (!isAbandoned) {
                throw new NotOwnerException("cannot " + call.methodName() + ": experiment '" + name()
                        + "' is being run by " + stream.owner().writer() + "; wait for it, or end that process first");
            }
            stream.damage().forEach(daybook::warn);
            stream.force();
            return action.get();
        });
    }

    private void adopt(Stream stream) {
        stream.broken().ifPresent(at -> {
            throw new CorruptJournalException(
                    at.message(), at.position().generation(), at.position().document());
        });
        id = stream.id();
        data = stream.data();
        tail = stream.tail();
        stream.fold().metrics().forEach(folded -> steps.put(folded.metric(), new Steps(folded.lastStep() + 1)));
    }

    private Optional<Code> codeNow() {
        return ownership == Ownership.BEGUN ? daybook.snapshot(List.of(this)) : Optional.empty();
    }

    private void require(Call call) {
        if (isClosed) {
            throw new IllegalTransitionException(
                    "cannot " + call.methodName() + ": this handle of experiment '" + name()
                            + "' is closed; look the experiment up again with find",
                    call.methodName(),
                    state());
        }
        Decider.refusal(data, name(), call).ifPresent(refusal -> {
            throw daybook.refused(refusal, call, data);
        });
    }

    private void requireOwned(Call call) {
        require(call);
        if (ownership == Ownership.NONE) {
            throw new NotOwnerException("cannot " + call.methodName() + ": experiment '" + name()
                    + "' is not run by this handle; resume it first");
        }
    }

    /** The order in which locks of several handles are taken. */
    long number() {
        return number;
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** {@code name STATE}. */
    @Override
    public String toString() {
        return name() + " " + state();
    }
}
