package dev.daybook.git;

import dev.daybook.DaybookException;
import dev.daybook.RepositoryException;
import dev.daybook.port.Projection.Published;
import dev.daybook.port.SnapshotScope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings an experiment back into the work tree. HEAD and the index stay as they are. */
final class Application {

    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    private final Repository repository;
    private final GitCommand.Program git;
    private final ExperimentRefs refs;
    private final Revisions revisions;
    private final WorkTreeSnapshot snapshots;
    private final InstantSource clock;
    private final Sentences sentences;

    Application(
            Repository repository,
            GitCommand.Program git,
            ExperimentRefs refs,
            Revisions revisions,
            WorkTreeSnapshot snapshots,
            InstantSource clock) {
        this.repository = repository;
        this.git = git;
        this.refs = refs;
        this.revisions = revisions;
        this.snapshots = snapshots;
        this.clock = clock;
        this.sentences = new Sentences(repository);
    }

    Applied apply(String name, ApplyOptions options) throws IOException {
        var top = repository.getWorkTree().toPath().toRealPath();
        if (options.isTrial()) {
            return apply(name, options, top, Optional.empty());
        }
        try (var change = WorkTreeChange.begin(top, repository.getDirectory().toPath())) {
            try {
                return sentences.of("apply " + name, () -> apply(name, options, top, Optional.of(change)));
            } catch (DaybookException e) {
                // what was finished before has changed the work tree, whatever has become of this
                notes(change).forEach(note -> e.addSuppressed(new RepositoryException(note)));
                throw e;
            }
        }
    }

    /** What is to be said of other applies that were finished, and of files that somebody has changed meanwhile. */
    private static List<String> notes(WorkTreeChange change) {
        var notes = new ArrayList<String>();
        change.keptByOthers()
                .forEach(ref -> notes.add("an apply that was interrupted was finished first; what it has overwritten is"
                        + " kept on " + ref));
        change.leftAlone()
                .forEach(path ->
                        notes.add("'" + path + "' is left as it is: it was changed after the change was prepared"
                                + ", by this apply or one that was interrupted"));
        return notes;
    }

    /** @param change what makes it; empty for a trial */
    private Applied apply(String name, ApplyOptions options, Path top, Optional<WorkTreeChange> change)
            throws IOException {
        var commit = revisions.saved(name).commit();
        try (var objects = new PackedObjects(repository)) {
            var now = snapshots.take(SnapshotScope.TRACKED, objects).tree();
            try (var reader = objects.readerOfAll();
                    var walk = new RevWalk(reader)) {
                var head = walk.parseCommit(Repositories.head(repository));
                var target = walk.parseCommit(commit).getTree();
                var saved = new SavedBlobs(reader, head.copy(), revisions);
                var index = index();
                var projects = new DvcProjects(top, repository);
                var plan =
                        new ApplyPlan(projects, reader, saved, pointers(index), unwatched(index), options.progress());
                var last = WorkTreeChange.lastApplied(repository.getDirectory().toPath());
                plan.find(head.getTree(), now, target, treeOf(last, walk));
                plan.require(name, options.isForced() || change.isEmpty());
                var notes = new ArrayList<>(plan.notes());
                var kept = Optional.<String>empty();
                if (change.isPresent()) {
                    kept = keep(plan.losses(), head.copy(), name, notes);
                    var contents = new TreeContents(repository, git, reader, target);
                    change.get().make(commit.name(), plan.steps(), kept, contents, options.progress());
                }
                change.ifPresent(it -> notes.addAll(notes(it)));
                return new Applied(commit.name(), plan.files(), plan.data(), plan.losses(), kept, notes);
            }
        }
    }

    /** Empty if it is none that this reads. */
    private Optional<IndexFile> index() throws IOException {
        try {
            return Optional.of(IndexFile.read(repository.getIndexFile().toPath()));
        } catch (NotPlainException e) {
            LOG.debug("the index of {} is left to git: {}", repository, e.reason());
            return Optional.empty();
        }
    }

    /** Most folders are the same in all experiments and in the index, and hold none: an index is read faster than their trees. */
    private static PointerFiles pointers(Optional<IndexFile> index) {
        var pointers = new PointerFiles();
        index.ifPresent(pointers::know);
        return pointers;
    }

    /** Files at which git does not look when it records the work tree, because it was told not to. */
    private Set<String> unwatched(Optional<IndexFile> index) {
        return index.isPresent() ? Set.of() : new WorkTreeGit(repository, git).unwatched();
    }

    /** Of a commit that may be gone. */
    private static Optional<ObjectId> treeOf(Optional<String> commit, RevWalk walk) {
        try {
            return commit.isPresent() && ObjectId.isId(commit.get())
                    ? Optional.of(walk.parseCommit(ObjectId.fromString(commit.get()))
                            .getTree()
                            .copy())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Files as they are, in a commit of their own behind HEAD.
     *
     * @param notes what cannot come back as it was
     */
    private Optional<String> keep(List<String> paths, ObjectId head, String name, List<String> notes)
            throws IOException {
        if (paths.isEmpty()) {
            return Optional.empty();
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var ref = KeptRefs.REPLACED + KeptRefs.text(now);
        try (var objects = new PackedObjects(repository)) {
            var files = new ReplacedFiles(repository, git, objects);
            var commit = commit(objects, files.write(paths), head, now, name);
            objects.force();
            if (refs.publish(new ExperimentRefs.Wanted(ref, commit, Optional.empty())) != Published.DONE) {
                throw new IOException("the ref " + ref + " is there already; try once more");
            }
            files.converted()
                    .forEach(path ->
                            notes.add("'" + path + "' is kept to the byte, but git would check it out otherwise;"
                                    + " what it was is given by: git cat-file blob '" + ref + ":" + path + "'"));
        }
        return Optional.of(ref);
    }

    private ObjectId commit(PackedObjects objects, ObjectId tree, ObjectId head, Instant time, String name)
            throws IOException {
        var author = snapshots.author().orElse(GitProjection.NOBODY);
        var person = new PersonIdent(author.name(), author.email(), time, GitProjection.ZONE);
        var commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setParentId(head);
        commit.setAuthor(person);
        commit.setCommitter(person);
        commit.setMessage("daybook: what applying " + name + " has replaced\n");
        return objects.commit(commit);
    }
}
