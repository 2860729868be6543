package dev.daybook.git;

import dev.daybook.InvalidInputException;
import dev.daybook.NameTakenException;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.RepositoryException;
import dev.daybook.SavedExperiment;
import dev.daybook.lifecycle.Names;
import dev.daybook.port.Projection.Published;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives saved experiments branches and other names, and takes them away.
 *
 * <p>What is removed stays on {@code refs/daybook/removed/<time>/<2>/<38>/<name>} until it is collected. Each step leaves the experiment
 * under at least one ref, whenever the process dies: in the middle of a rename it has both names, and the same rename finishes it. If a step
 * fails, those before it are taken back, but never if the ref that was there before is gone already.
 */
final class SavedRefs {

    private static final Logger LOG = LoggerFactory.getLogger(SavedRefs.class);

    private final Repository repository;
    private final ExperimentRefs refs;
    private final Revisions revisions;
    private final InstantSource clock;

    SavedRefs(Repository repository, ExperimentRefs refs, Revisions revisions, InstantSource clock) {
        this.repository = repository;
        this.refs = refs;
        this.revisions = revisions;
        this.clock = clock;
    }

    /** @return the branch's ref */
    String branch(String revision, String branch) throws IOException {
        var found = revisions.saved(revision);
        var ref = "refs/heads/" + branch;
        if (branch.startsWith("-") || branch.equals("HEAD") || !Repository.isValidRefName(ref)) {
            throw new InvalidInputException("'" + branch + "' is no name that a branch can have; choose another");
        }
        var isThere = refs.read(ref).isPresent();
        if (isThere
                || refs.publish(new ExperimentRefs.Wanted(ref, found.commit(), Optional.empty())) != Published.DONE) {
            throw new NameTakenException(
                    "the branch '" + branch + "' is there already; choose another name, or delete it first");
        }
        return ref;
    }

    SavedExperiment rename(String name, String newName, boolean isForced) throws IOException {
        var old = revisions.experiment(name);
        var reason = Names.experiment(newName);
        if (reason.isEmpty()) {
            reason = NameClashes.of(repository, newName);
        }
        if (reason.isPresent()) {
            throw new InvalidInputException(reason.get());
        }
        var ref = ExperimentRefs.experiment(ExperimentRefs.baseline(old.getName()), newName);
        if (ref.equals(old.getName())) {
            return saved(old);
        }
        if (ref.equalsIgnoreCase(old.getName()) && repository.getConfig().getBoolean("core", "ignorecase", false)) {
            throw new InvalidInputException("'" + ExperimentRefs.name(old.getName()) + "' and '" + newName
                    + "' are one file on this file system (core.ignorecase); rename it to something else first");
        }
        require(old.getName(), old.getObjectId());
        var there = refs.read(ref);
        boolean isBegun = there.equals(Optional.of(old.getObjectId()));
        try (var undo = new Undo()) {
            if (there.isPresent() && !isBegun) {
                if (!isForced) {
                    throw new NameTakenException(
                            "there is an experiment '" + newName
                                    + "' of the same baseline; choose another name, remove it, or use --force, which removes it");
                }
                var removed = remove(revisions.experiment(ref));
                undo.with(() -> restore(removed));
            }
            if (refs.publish(new ExperimentRefs.Wanted(ref, old.getObjectId(), Optional.empty())) != Published.DONE) {
                throw new NameTakenException("the name '" + newName + "' was taken meanwhile; choose another");
            }
            if (!isBegun) {
                undo.with(() -> refs.remove(ref, old.getObjectId()));
            }
            removeOrUndo(old, undo);
        }
        return saved(revisions.experiment(ref));
    }

    /** That a ref can go, and what it names can be kept by another one. */
    private void require(String ref, ObjectId commit) throws IOException {
        Repositories.requireSound(repository, commit);
        refs.awaitFree(ref);
    }

    private static SavedExperiment saved(Ref ref) {
        var name = SavedName.of(ref);
        return new SavedExperiment(name.name(), name.ref(), name.commit().name(), name.baseline());
    }

    RemovedExperiment remove(String name) throws IOException {
        return remove(revisions.experiment(name));
    }

    private RemovedExperiment remove(Ref ref) throws IOException {
        require(ref.getName(), ref.getObjectId());
        var id = SavedReader.id(repository, ref);
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var kept = KeptRefs.removed(now, ref.getName());
        try (var undo = new Undo()) {
            if (refs.publish(new ExperimentRefs.Wanted(kept, ref.getObjectId(), Optional.empty())) != Published.DONE) {
                throw new RepositoryException("the ref " + kept + " is there already; remove the experiment once more");
            }
            undo.with(() -> refs.delete(kept));
            removeOrUndo(ref, undo);
        }
        if (id.isPresent() && !commits().contains(ref.getObjectId())) {
            refs.delete(ExperimentRefs.checkpoints(id.get()));
        }
        return new RemovedExperiment(
                ExperimentRefs.name(ref.getName()),
                ref.getName(),
                ref.getObjectId().name(),
                now,
                kept);
    }

    /** Those that have a name: one of them may have two. */
    private Set<ObjectId> commits() throws IOException {
        return refs.experiments().stream().map(Ref::getObjectId).collect(Collectors.toCollection(HashSet::new));
    }

    /** The last step: what was done for it is kept if the ref is gone, also if that could not be forced to disk. */
    private void removeOrUndo(Ref ref, Undo undo) throws IOException {
        boolean isRemoved = false;
        try {
            isRemoved = refs.remove(ref.getName(), ref.getObjectId());
        } catch (IOException | RuntimeException e) {
            if (!isSurelyThere(ref)) {
                undo.keep();
            }
            throw e;
        }
        if (!isRemoved) {
            throw new RepositoryException("the ref " + ref.getName()
                    + " was changed by another process meanwhile, and is left as it is; look at it and try once more");
        }
        undo.keep();
    }

    private boolean isSurelyThere(Ref ref) {
        try {
            return refs.read(ref.getName()).isPresent();
        } catch (IOException e) {
            LOG.debug("nobody can say whether {} is there: {}", ref.getName(), e.getMessage());
            return false;
        }
    }

    /** The latest first; each once, and none that is there, whatever its name was when a removal was cut in half. */
    List<RemovedExperiment> removed() throws IOException {
        var seen = commits();
        return kept().stream()
                .filter(each -> seen.add(ObjectId.fromString(each.commit())))
                .toList();
    }

    /** With those that were cut in half: what was not removed after all, or is back. */
    private List<RemovedExperiment> kept() throws IOException {
        var all = new ArrayList<RemovedExperiment>();
        for (var ref : refs.startingWith(KeptRefs.REMOVED)) {
            var time = KeptRefs.time(ref.getName(), KeptRefs.REMOVED);
            var experiment = KeptRefs.experiment(ref.getName()).filter(ExperimentRefs::isExperiment);
            if (time.isPresent() && experiment.isPresent()) {
                all.add(new RemovedExperiment(
                        ExperimentRefs.name(experiment.get()),
                        experiment.get(),
                        ref.getObjectId().name(),
                        time.get(),
                        ref.getName()));
            }
        }
        all.sort(Comparator.comparing(RemovedExperiment::kept).reversed());
        return all;
    }

    /** Brings back what was removed last under a name. */
    SavedExperiment restore(String name) throws IOException {
        // what is there and kept too is a restore that was cut in half
        return restore(
                Stream.concat(removed().stream(), kept().stream())
                        .filter(each -> each.name().equals(name) || each.ref().equals(name))
                        .findFirst()
                        .orElseThrow(
                                () -> new NoSuchExperimentException(
                                        "no experiment '" + name
                                                + "' was removed, or it was collected since; 'daybook remove --list' shows what can be had back")));
    }

    private SavedExperiment restore(RemovedExperiment removed) throws IOException {
        var commit = ObjectId.fromString(removed.commit());
        require(removed.kept(), commit);
        if (refs.publish(new ExperimentRefs.Wanted(removed.ref(), commit, Optional.empty())) != Published.DONE) {
            throw new NameTakenException("there is an experiment '" + removed.name()
                    + "' again; rename it before you bring the removed one back");
        }
        var restored = revisions.experiment(removed.ref());
        restoreCheckpoints(restored);
        for (var each : kept()) {
            if (each.commit().equals(removed.commit())) {
                refs.delete(each.kept());
            }
        }
        return saved(restored);
    }

    private void restoreCheckpoints(Ref experiment) throws IOException {
        var id = SavedReader.id(repository, experiment);
        try (var walk = new RevWalk(repository)) {
            var commit = walk.parseCommit(experiment.getObjectId());
            if (id.isPresent() && commit.getParentCount() > 1) {
                // one that is there is as good
                var unused = refs.move(
                        ExperimentRefs.checkpoints(id.get()),
                        Optional.empty(),
                        commit.getParent(1).copy());
            }
        }
    }
}
