package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.git.dvc.DvcProject;
import dev.daybook.git.dvc.SamplePlots;
import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event.ExperimentInitialized;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.port.ExperimentSource;
import dev.daybook.port.Projection;
import dev.daybook.port.SaveBatch;
import dev.daybook.port.SavedRecord;
import dev.daybook.port.SnapshotScope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes experiments into one Git repository: puts the parts of this package together. */
final class GitProjection implements Projection {

    /** Who has written what no user's name is known for. */
    static final Author NOBODY = new Author("Daybook", "daybook@localhost");

    /** Commits say the same time wherever they are made. */
    static final ZoneOffset ZONE = ZoneOffset.UTC;

    private static final Logger LOG = LoggerFactory.getLogger(GitProjection.class);
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(3);

    private final Repository repository;
    private final Sentences sentences;
    private final ExperimentRefs refs;
    private final CodeKeeper keeper;
    private final WorkTreeSnapshot snapshots;
    private final ExperimentCommits commits;
    private final Publisher publisher;
    private final ArtifactKeeper artifacts;

    /** Held while a file of the work tree is being edited, so that no edit loses another. */
    private final ReentrantLock editing = new ReentrantLock();

    /**
     * @param repository is closed with this
     * @param warnings takes a sentence for each thing that a commit could not be given as it was asked for, and, at once, for each apply that
     *     has left the work tree half changed
     */
    GitProjection(Repository repository, Consumer<String> warnings) {
        this(repository, warnings, GitCommand.Program.INSTALLED, LOCK_PATIENCE);
    }

    GitProjection(Repository repository, Consumer<String> warnings, GitCommand.Program git, Duration lockPatience) {
        this.repository = repository;
        this.sentences = new Sentences(repository);
        this.refs = new ExperimentRefs(repository, lockPatience);
        this.keeper = new CodeKeeper(repository, refs);
        this.snapshots = new WorkTreeSnapshot(repository, git);
        var files = new WorkTreeGit(repository, git);
        this.commits = new ExperimentCommits(repository, files, warnings);
        this.publisher = new Publisher(refs, keeper, commits);
        this.artifacts = sentences.of(
                "find the work tree",
                () -> new ArtifactKeeper(repository.getWorkTree().toPath().toRealPath(), files));
        unfinishedApplies().forEach(warnings);
    }

    /** Nobody is to take a mixture of two experiments for his code. */
    private List<String> unfinishedApplies() {
        try {
            var sentences = new ArrayList<String>();
            for (var commit :
                    WorkTreeChange.unfinished(repository.getDirectory().toPath())) {
                var name = refs.experiments().stream()
                        .filter(ref -> commit.equals(ref.getObjectId().name()))
                        .map(ref -> ExperimentRefs.name(ref.getName()))
                        .findFirst();
                sentences.add("the files of " + Repositories.place(repository) + " were changed in part by an apply of "
                        + name.map(it -> "'" + it + "'").orElse("the commit " + commit) + " that was interrupted; "
                        + name.map(it -> "daybook apply " + it + " does the rest")
                                .orElse("the next daybook apply does the rest first"));
            }
            return sentences;
        } catch (IOException e) {
            LOG.debug("whether an apply was interrupted in {} cannot be seen", repository, e);
            return List.of();
        }
    }

    @Override
    public Path home() {
        return repository
                .getCommonDirectory()
                .toPath()
                .toAbsolutePath()
                .normalize()
                .resolve("daybook");
    }

    @Override
    public String head() {
        return sentences.of("read HEAD", () -> Repositories.head(repository).name());
    }

    @Override
    public Start start(ExperimentId id, SnapshotScope scope) {
        return sentences.of("record the code", () -> {
            var warnings = new ArrayList<String>();
            var counting = snapshots.leftOut(scope);
            var head = Repositories.head(repository);
            var taken = persistently(objects -> {
                var now = snapshots.take(scope, objects);
                keeper.keepCode(List.of(id), head, now.tree(), objects, CodeKeeper.Earlier.NOTHING);
                return now;
            });
            var code = new Code(head.name(), taken.tree().name());
            var params = params(code, warnings);
            return new Start(code, params, author(warnings), warnings, () -> counting.without(taken.untracked()));
        });
    }

    private Author author(List<String> warnings) throws IOException {
        return snapshots.author().orElseGet(() -> {
            warnings.add("Git knows neither your name nor your e-mail address, so that the commits will name "
                    + NOBODY.name() + " <" + NOBODY.email() + ">; set user.name and user.email with git config");
            return NOBODY;
        });
    }

    private Map<String, ParamValue.MapValue> params(Code code, List<String> warnings) {
        try (var reader = repository.newObjectReader()) {
            return CodeParams.read(new TreeFiles(reader, ObjectId.fromString(code.tree())), warnings);
        }
    }

    @Override
    public ParamsEdit editParams(String file, Map<ParamKey, ParamValue> values) {
        editing.lock();
        boolean isReady = false;
        try {
            var edit =
                    sentences.of("edit " + file, () -> WorkTreeEdit.prepare(repository, file, values, editing::unlock));
            isReady = true;
            return edit;
        } finally {
            if (!isReady) {
                editing.unlock();
            }
        }
    }

    @Override
    public Code snapshot(Collection<ExperimentId> ids, SnapshotScope scope) {
        return snapshot(ids, scope, head -> CodeKeeper.Earlier.NOTHING);
    }

    @Override
    public Code snapshotOnTheWay(ExperimentId id, SnapshotScope scope) {
        return snapshot(List.of(id), scope, head -> keeper.earlier(id, head));
    }

    /** What was kept before, beside the commit that is checked out. */
    private interface Before {
        CodeKeeper.Earlier beside(ObjectId head) throws IOException;
    }

    private Code snapshot(Collection<ExperimentId> ids, SnapshotScope scope, Before before) {
        return sentences.of("record the code", () -> {
            var head = Repositories.head(repository);
            var tree = persistently(objects -> {
                var earlier = before.beside(head);
                objects.leaveOut(earlier.objects());
                var now = snapshots.take(scope, objects).tree();
                keeper.keepCode(ids, head, now, objects, earlier);
                return now;
            });
            return new Code(head.name(), tree.name());
        });
    }

    @Override
    public Kept keep(Path path) {
        return sentences.of("keep artifact '" + path + "'", () -> artifacts.keep(path));
    }

    @Override
    public List<String> initializeDvc() {
        return sentences.of("make the files of DVC", () -> {
            new DvcProject(repository.getWorkTree().toPath()).initialize();
            try (var walk = new RevWalk(repository)) {
                var head = new TreeFiles(
                        walk.getObjectReader(),
                        walk.parseCommit(Repositories.head(repository)).getTree());
                var uncommitted = new ArrayList<String>();
                for (var file : DvcProject.files()) {
                    if (head.read(file).isEmpty()) {
                        uncommitted.add(file);
                    }
                }
                return uncommitted;
            }
        });
    }

    @Override
    public Captured capture(SnapshotScope scope) {
        return sentences.of("look at the code", () -> {
            var counting = snapshots.leftOut(scope);
            var head = Repositories.head(repository);
            try (var objects = new PackedObjects(repository)) {
                var taken = snapshots.take(scope, objects);
                var reader = objects.readerOfAll();
                return new Captured(
                        new Code(head.name(), taken.tree().name()),
                        TreeChanges.between(reader, head, taken.tree()),
                        taken.untracked().stream()
                                .map(path -> TreeChanges.text(GitCommand.bytes(path)))
                                .toList(),
                        counting.without(taken.untracked()),
                        taken.isByGit());
            }
        });
    }

    @Override
    public Optional<String> nameClash(String name) {
        return sentences.of("look for the name " + name, () -> NameClashes.of(repository, name));
    }

    @Override
    public Optional<String> saved(String baseline, String name) {
        var ref = ExperimentRefs.experiment(baseline, name);
        return sentences.of("read " + ref, () -> refs.read(ref).map(ObjectId::name));
    }

    @Override
    public Checkpoints checkpoints() {
        var plots = new SamplePlots();
        return (source, code, message) -> sentences.of(
                "write a checkpoint",
                () -> persistently(objects -> {
                    var written = commits.checkpoint(objects, source, plots, code, message);
                    objects.force();
                    keepCheckpoint(source.id(), written.commit());
                    return written.commit().name();
                }));
    }

    private void keepCheckpoint(ExperimentId id, ObjectId commit) throws IOException {
        var ref = ExperimentRefs.checkpoints(id);
        Optional<ObjectId> old;
        do {
            old = refs.read(ref);
        } while (!old.equals(Optional.of(commit)) && !refs.move(ref, old, commit));
    }

    @Override
    public Resumption startFrom(ExperimentId id, String checkpoint) {
        return sentences.of("begin with the checkpoint " + checkpoint, () -> {
            var commit = ObjectId.fromString(checkpoint);
            // kept before it is looked at, so that it is still there after that
            if (commits.isComplete(commit)) {
                keepCheckpoint(id, commit);
            }
            if (!commits.isComplete(commit)) {
                throw new RepositoryException("the checkpoint " + checkpoint
                        + " is not in the repository any more; fetch it from a clone that has it");
            }
            var warnings = new ArrayList<String>();
            var past = CheckpointReader.read(repository, commit);
            return new Resumption(
                    new ExperimentInitialized(
                            past.name(),
                            past.code(),
                            past.fileParams(),
                            author(warnings),
                            past.outputFolder(),
                            past.replaces(),
                            past.environment(),
                            past.origin()),
                    warnings);
        });
    }

    @Override
    public SavePrepared prepare(ExperimentSource source, String name, Optional<Code> code) {
        return sentences.of("write the experiment " + name, () -> {
            var used = code.orElseGet(() -> source.data().lastCode());
            return persistently(objects -> {
                var prepared = Publisher.prepared(source, name, commits.save(objects, source, name, used), code);
                publisher.keep(source, prepared, objects);
                return prepared;
            });
        });
    }

    /** Writes a pack and lets refs name what is in it. */
    private interface Writing<T> {
        T with(PackedObjects objects) throws IOException;
    }

    private <T> T persistently(Writing<T> action) throws IOException {
        return Persistently.write(() -> {
            try (var objects = new PackedObjects(repository)) {
                return action.with(objects);
            }
        });
    }

    @Override
    public SaveBatch batch() {
        return new PackedBatch(repository, sentences, commits, publisher);
    }

    @Override
    public void sweep(Predicate<ExperimentId> isOver) {
        sentences.of("sweep up", () -> {
            PackOwner.sweep(repository.getCommonDirectory().toPath(), PackOwner.YOUNG);
            keeper.sweep(isOver, PackOwner.YOUNG);
            return repository;
        });
    }

    @Override
    public List<String> warnings(Collection<ExperimentSource> sources) {
        var workTree = repository.getWorkTree().toPath();
        return sentences.of(
                "compare the work tree", () -> WorkTreeWarnings.of(sources, workTree, Repositories.head(repository)));
    }

    @Override
    public Published publish(ExperimentSource source, SavePrepared prepared) {
        return sentences.of("publish " + prepared.ref(), () -> publisher.publish(source, prepared));
    }

    @Override
    public void forget(ExperimentId id) {
        sentences.of("forget the experiment " + id, () -> {
            // who dies in between leaves the one by which a sweep finds both
            refs.delete(ExperimentRefs.checkpoints(id));
            refs.delete(ExperimentRefs.code(id));
            return id;
        });
    }

    @Override
    public List<SavedRecord> saved(Counter counter) {
        return sentences.of("list the experiments", () -> new SavedRecords(repository).of(refs.experiments(), counter));
    }

    @Override
    public Optional<Witness> witness(SavedRecord saved) {
        return SavedReader.witness(repository, saved);
    }

    @Override
    public void close() {
        try {
            keeper.close();
        } catch (IOException e) {
            LOG.warn(
                    "what has kept code from gc could not be tidied up, and is not needed any more: {}",
                    e.getMessage());
        }
        repository.close();
    }
}
