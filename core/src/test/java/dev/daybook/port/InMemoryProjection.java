package dev.daybook.port;

import dev.daybook.RepositoryException;
import dev.daybook.SavedRef;
import dev.daybook.codec.EventCodec;
import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.lifecycle.ExperimentFold;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.Origin;
import dev.daybook.lifecycle.Param;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A repository in memory: a head, a work tree, refs and objects that a test sets and looks at. Commits are made as {@link Projection}
 * says: the same source, name and code give the same id, and a ref is written once. Each step can be made to fail. Thread-safe.
 */
public final class InMemoryProjection implements Projection {

    /** Where a projection can be made to fail, as a process can die there. */
    public enum Step {
        START,
        SNAPSHOT,
        KEEP,
        BEFORE_EDIT,
        AFTER_EDIT,
        BEFORE_CHECKPOINT,
        AFTER_CHECKPOINT,
        BEFORE_PREPARE,
        AFTER_PREPARE,
        FORCE,
        BEFORE_PUBLISH,
        AFTER_PUBLISH,
        FORGET
    }

    /** What a commit of this repository holds. */
    public record Commit(
            ExperimentId id, String name, Code code, String message, List<String> parents, SavedRecord record) {}

    private final Path home;
    private final Map<String, Commit> commits = new HashMap<>();
    private final Map<String, Witness> witnesses = new HashMap<>();
    private final Map<String, String> refs = new TreeMap<>();
    private final Map<ExperimentId, String> checkpoints = new HashMap<>();
    private final Map<String, Event.ExperimentInitialized> resumptions = new HashMap<>();
    private final Map<ExperimentId, Set<String>> keeps = new HashMap<>();
    private final List<ExperimentId> forgotten = new ArrayList<>();
    private final Map<String, String> clashes = new HashMap<>();
    private final Map<Step, Supplier<? extends RuntimeException>> failures = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private Runnable onStep = () -> {};
    private final Map<String, Map<String, ParamValue>> edits = new TreeMap<>();
    private int editsOpen;
    private String head = "1".repeat(40);
    private String tree = "2".repeat(40);
    private Map<String, ParamValue.MapValue> params = Map.of();
    private Author author = new Author("Ada", "ada@example.org");
    private List<String> startWarnings = List.of();
    private List<String> saveWarnings = List.of();
    private List<String> keepWarnings = List.of();
    private OptionalLong leftOut = OptionalLong.empty();
    private int closed;

    public InMemoryProjection(Path home) {
        this.home = home;
    }

    /** What is there now, for itself; nobody looks at its steps, and none fails. */
    public synchronized InMemoryProjection copy() {
        var copy = new InMemoryProjection(home);
        copy.commits.putAll(commits);
        copy.witnesses.putAll(witnesses);
        copy.refs.putAll(refs);
        copy.checkpoints.putAll(checkpoints);
        copy.resumptions.putAll(resumptions);
        keeps.forEach((id, trees) -> copy.keeps.put(id, new HashSet<>(trees)));
        copy.head = head;
        copy.tree = tree;
        copy.params = params;
        copy.author = author;
        return copy;
    }

    // What a test sets.

    public synchronized void setHead(String commit) {
        head = commit;
    }

    /** What the work tree is from now on. */
    public synchronized void setTree(String treeId) {
        tree = treeId;
    }

    public synchronized void setParams(Map<String, ParamValue.MapValue> files) {
        params = new LinkedHashMap<>(files);
    }

    public synchronized void setAuthor(Author newAuthor) {
        author = newAuthor;
    }

    /** No experiment can have this name, because of that. */
    public synchronized void setNameClash(String name, String reason) {
        clashes.put(name, reason);
    }

    public synchronized void setWarnings(List<String> atStart, List<String> atSave) {
        startWarnings = List.copyOf(atStart);
        saveWarnings = List.copyOf(atSave);
    }

    /** What the user is told when an artifact is kept. */
    public synchronized void setKeepWarnings(String... sentences) {
        keepWarnings = List.of(sentences);
    }

    /** How many untracked files lie around the code. */
    public synchronized void setLeftOut(long count) {
        leftOut = OptionalLong.of(count);
    }

    /** Calls this at each step; what it throws, the step throws. */
    public synchronized void onStep(Runnable hook) {
        onStep = hook;
    }

    /** From now on the step throws what this makes, until {@link #heal}. */
    public synchronized void fail(Step step, Supplier<? extends RuntimeException> exception) {
        failures.put(step, exception);
    }

    /** No step fails any more. */
    public synchronized void heal() {
        failures.clear();
    }

    /** Somebody else's ref, as {@code git update-ref} writes it. */
    public synchronized void setRef(String ref, String commit) {
        refs.put(ref, commit);
    }

    /** As {@code git update-ref -d} and {@code git gc --prune=now} leave it. */
    public synchronized void deleteRef(String ref) {
        refs.remove(ref);
    }

    /** Drops all commits that neither a ref nor a checkpoint holds. */
    public synchronized void collectGarbage() {
        var alive = new HashSet<>(refs.values());
        alive.addAll(checkpoints.values());
        commits.keySet().retainAll(alive);
    }

    /** Lets a commit tell of another chain than the journal's. */
    public synchronized void setChain(String commit, Chain chain) {
        witnesses.computeIfPresent(commit, (id, told) -> new Witness(told.id(), told.events(), chain, told.history()));
    }

    // What a test looks at.

    /** Commits by ref. */
    public synchronized Map<String, String> refs() {
        return new TreeMap<>(refs);
    }

    public synchronized Optional<Commit> commit(String id) {
        return Optional.ofNullable(commits.get(id));
    }

    /** The newest checkpoint of each experiment that was not forgotten. */
    public synchronized Map<ExperimentId, String> keptCheckpoints() {
        return Map.copyOf(checkpoints);
    }

    /** The trees that are kept from gc for an experiment. */
    public synchronized Set<String> kept(ExperimentId id) {
        return Set.copyOf(keeps.getOrDefault(id, Set.of()));
    }

    /** What was forgotten, in the order of the calls. */
    public synchronized List<ExperimentId> forgotten() {
        return List.copyOf(forgotten);
    }

    /** The steps that were reached, also those that failed. */
    public synchronized List<Step> steps() {
        return List.copyOf(steps);
    }

    /** What was set in the files of the work tree, by file and dotted key. */
    public synchronized Map<String, Map<String, ParamValue>> edits() {
        return new TreeMap<>(edits);
    }

    /** How many edits are neither applied nor forgotten. */
    public synchronized int editsOpen() {
        return editsOpen;
    }

    /** How often it was closed. */
    public synchronized int closed() {
        return closed;
    }

    // The port.

    @Override
    public Path home() {
        return home;
    }

    @Override
    public synchronized String head() {
        return head;
    }

    @Override
    public synchronized Start start(ExperimentId id, SnapshotScope scope) {
        reach(Step.START);
        return new Start(keep(id), new LinkedHashMap<>(params), author, startWarnings, () -> leftOut);
    }

    @Override
    public synchronized Code snapshot(Collection<ExperimentId> ids, SnapshotScope scope) {
        reach(Step.SNAPSHOT);
        ids.forEach(this::keep);
        return new Code(head, tree);
    }

    /** Takes the path for the content. */
    @Override
    public synchronized Kept keep(Path path) {
        reach(Step.KEEP);
        var digest = sha1();
        text(digest, path.toString());
        var hash = HexFormat.of().formatHex(digest.digest()).substring(0, 32);
        return new Kept(path.toString(), "md5", hash, path.toString().length(), 1, false, keepWarnings);
    }

    @Override
    public List<String> initializeDvc() {
        return List.of();
    }

    @Override
    public synchronized Captured capture(SnapshotScope scope) {
        return new Captured(new Code(head, tree), Map.of(), List.of(), leftOut, false);
    }

    private Code keep(ExperimentId id) {
        keeps.computeIfAbsent(id, key -> new HashSet<>()).add(tree);
        return new Code(head, tree);
    }

    @Override
    public synchronized ParamsEdit editParams(String file, Map<ParamKey, ParamValue> values) {
        reach(Step.BEFORE_EDIT);
        var content = new LinkedHashMap<>(edits.getOrDefault(file, Map.of()));
        values.forEach((key, value) -> content.put(key.dotted(), value));
        editsOpen++;
        return new ParamsEdit() {
            @Override
            public void apply() {
                synchronized (InMemoryProjection.this) {
                    reach(Step.AFTER_EDIT);
                    edits.put(file, content);
                }
            }

            @Override
            public void close() {
                synchronized (InMemoryProjection.this) {
                    editsOpen--;
                }
            }
        };
    }

    @Override
    public synchronized Optional<String> nameClash(String name) {
        return Optional.ofNullable(clashes.get(name));
    }

    @Override
    public synchronized Optional<String> saved(String baseline, String name) {
        return Optional.ofNullable(refs.get(SavedRef.of(baseline, name)));
    }

    @Override
    public Checkpoints checkpoints() {
        return this::checkpoint;
    }

    private synchronized String checkpoint(ExperimentSource source, Code code, String message) {
        reach(Step.BEFORE_CHECKPOINT);
        var commit =
                commit(source, source.data().name(), code, message, Optional.ofNullable(checkpoints.get(source.id())));
        checkpoints.put(source.id(), commit);
        var data = source.data();
        var number = data.checkpoints().size() + 1;
        var facts = data.facts();
        resumptions.put(
                commit,
                new Event.ExperimentInitialized(
                        data.name(),
                        new Code(facts.code().head(), treeOf(commit)),
                        facts.fileParams(),
                        facts.author(),
                        facts.outputFolder(),
                        Optional.empty(),
                        Map.of(),
                        Optional.of(Origin.of(source.id(), data, source.metrics(), number, commit))));
        reach(Step.AFTER_CHECKPOINT);
        return commit;
    }

    @Override
    public synchronized Resumption startFrom(ExperimentId id, String checkpoint) {
        reach(Step.START);
        var facts = resumptions.get(checkpoint);
        if (facts == null || !commits.containsKey(checkpoint)) {
            throw new RepositoryException("the checkpoint " + checkpoint + " is not in the repository any more");
        }
        checkpoints.put(id, checkpoint);
        return new Resumption(facts, startWarnings);
    }

    @Override
    public synchronized SavePrepared prepare(ExperimentSource source, String name, Optional<Code> code) {
        reach(Step.BEFORE_PREPARE);
        var taken = code.orElseGet(() -> source.data().lastCode());
        var last = source.data().lastCheckpoint();
        var commit = commit(source, name, taken, "experiment " + name, last);
        var ref = SavedRef.of(source.data().facts().code().head(), name);
        reach(Step.AFTER_PREPARE);
        return new SavePrepared(ref, commit, treeOf(commit), code);
    }

    @Override
    public synchronized List<String> warnings(Collection<ExperimentSource> sources) {
        return sources.isEmpty() ? List.of() : saveWarnings;
    }

    @Override
    public SaveBatch batch() {
        return new OneByOne(this);
    }

    synchronized void reachForce() {
        reach(Step.FORCE);
    }

    @Override
    public synchronized Published publish(ExperimentSource source, SavePrepared prepared) {
        reach(Step.BEFORE_PUBLISH);
        if (!commits.containsKey(prepared.commit())) {
            return Published.GONE;
        }
        var expected = source.data().facts().replaces();
        var held = Optional.ofNullable(refs.get(prepared.ref()));
        if (held.isPresent() && !held.get().equals(prepared.commit()) && !held.equals(expected)) {
            return Published.TAKEN;
        }
        refs.put(prepared.ref(), prepared.commit());
        reach(Step.AFTER_PUBLISH);
        return Published.DONE;
    }

    @Override
    public synchronized void forget(ExperimentId id) {
        reach(Step.FORGET);
        forgotten.add(id);
        keeps.remove(id);
        checkpoints.remove(id);
    }

    @Override
    public synchronized List<SavedRecord> saved(Counter counter) {
        var records = new ArrayList<SavedRecord>();
        refs.forEach((ref, id) -> {
            counter.at(records.size(), refs.size());
            var commit = commits.get(id);
            if (commit == null || !commit.record().ref().equals(ref)) {
                records.add(foreign(ref, id));
            } else {
                records.add(commit.record());
            }
        });
        return records;
    }

    @Override
    public synchronized Optional<Witness> witness(SavedRecord saved) {
        return Optional.ofNullable(witnesses.get(saved.commit()));
    }

    private static Witness witness(ExperimentSource source) {
        var entries = source.entries();
        return new Witness(
                source.id(),
                entries.size(),
                entries.get(entries.size() - 1).chain(),
                entries.stream()
                        .map(entry -> new Recorded(
                                entry.time(), entry.event().getClass().getSimpleName(), details(entry)))
                        .toList());
    }

    private static Map<String, Object> details(Entry entry) {
        return entry.event() instanceof Event.CheckpointMade made
                ? Map.of("index", entry.index(), "commit", made.commit(), "message", made.message())
                : Map.of("index", entry.index());
    }

    private static SavedRecord foreign(String ref, String commit) {
        var parts = ref.split("/", 5);
        boolean isExperiment = parts.length == 5;
        return new SavedRecord(
                isExperiment ? parts[4] : ref,
                ref,
                commit,
                isExperiment ? parts[2] + parts[3] : "",
                Instant.EPOCH,
                Optional.empty(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                List.of());
    }

    @Override
    public synchronized void close() {
        closed++;
    }

    private void reach(Step step) {
        steps.add(step);
        onStep.run();
        var failure = failures.get(step);
        if (failure != null) {
            throw failure.get();
        }
    }

    private String commit(ExperimentSource source, String name, Code code, String message, Optional<String> parent) {
        var digest = sha1();
        text(digest, source.id().toString());
        text(digest, name);
        text(digest, code.head());
        text(digest, code.tree());
        text(digest, message);
        parent.ifPresent(commit -> text(digest, commit));
        for (var entry : source.entries()) {
            digest.update(ByteBuffer.allocate(16)
                    .putLong(entry.index())
                    .putLong(entry.time().toEpochMilli())
                    .flip());
            digest.update(EventCodec.encode(entry.event()));
        }
        source.records((metric, step, value, epochMilli) -> digest.update(ByteBuffer.allocate(28)
                .putInt(metric)
                .putLong(step)
                .putLong(Double.doubleToRawLongBits(value))
                .putLong(epochMilli)
                .flip()));
        var id = HexFormat.of().formatHex(digest.digest());
        var parents = new ArrayList<>(List.of(source.data().facts().code().head()));
        parent.ifPresent(parents::add);
        witnesses.put(id, witness(source));
        commits.put(id, new Commit(source.id(), name, code, message, parents, record(source, name, id)));
        return id;
    }

    /** As a reader of the commit would find it: folded again from the entries, not taken from the state that was handed over. */
    private static SavedRecord record(ExperimentSource source, String name, String commit) {
        var fold = new ExperimentFold();
        source.entries().forEach(entry -> fold.event(entry.event()));
        var values = new LinkedHashMap<ParamKey, ParamValue>();
        for (Param param : fold.data().params()) {
            values.put(param.key(), param.value());
        }
        var metrics = new LinkedHashMap<String, ParamValue>();
        source.metrics().forEach(metric -> metrics.put(metric.name(), ParamValue.of(metric.last())));
        var entries = source.entries();
        var baseline = source.data().facts().code().head();
        return new SavedRecord(
                name,
                SavedRef.of(baseline, name),
                commit,
                baseline,
                entries.get(entries.size() - 1).time(),
                Optional.of(source.id()),
                values,
                metrics,
                fold.data().completed().flatMap(completed -> completed.outcome().failure()),
                List.of());
    }

    private static String treeOf(String commit) {
        var digest = sha1();
        text(digest, commit);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void text(MessageDigest digest, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
