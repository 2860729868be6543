package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.lifecycle.ExperimentId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Keeps from gc what an unfinished experiment has recorded, by a ref of its own.
 *
 * <p>Where a commit holds the code already, because nothing was changed or the save is prepared, the ref names that commit. Else it names a
 * chain of links: a commit for each code tree, whose parents are the link before and the commit to be kept.
 */
final class CodeKeeper implements AutoCloseable {

    private final Repository repository;
    private final ExperimentRefs refs;

    /** Held while refs are moved that the held pack keeps. */
    private final ReentrantLock lock = new ReentrantLock();

    /** The code that was kept last: a sweep begins with the same again and again. */
    private Held held = Held.NOTHING;

    CodeKeeper(Repository repository, ExperimentRefs refs) {
        this.repository = repository;
        this.refs = refs;
    }

    /**
     * A pack that no gc takes, with all of a code tree that the commit does not have that was checked out.
     *
     * @param objects what is in it
     */
    private record Held(Set<ObjectId> objects, PackedObjects.Hold hold) {

        static final Held NOTHING = new Held(Set.of(), () -> {});
    }

    /**
     * What an experiment's own ref keeps already, beside the commit that is checked out. The next link may rest on it, because that ref names the
     * one or the other at any moment, and the other has the one as its parent. So may the commit of a checkpoint, and a save with the same code:
     * a ref of its own keeps that commit long before this one goes. Other experiments may not: this one's ref may go before theirs. Nor may a
     * save with code of its own: a gc that reads the refs just when the save's ref comes and this one goes may see neither, and finds the code
     * in the held pack all the same.
     *
     * @param link what the ref names; empty if all has to be written
     */
    record Earlier(Optional<ObjectId> link, Set<ObjectId> objects) {

        static final Earlier NOTHING = new Earlier(Optional.empty(), Set.of());
    }

    /** What can be left out of the next link of one experiment. */
    Earlier earlier(ExperimentId id, ObjectId head) throws IOException {
        var link = refs.read(ExperimentRefs.code(id));
        if (link.isEmpty()) {
            return Earlier.NOTHING;
        }
        try (var walk = new RevWalk(repository)) {
            var headTree = walk.parseCommit(head).getTree();
            return new Earlier(
                    link,
                    changes(
                            walk.getObjectReader(),
                            headTree,
                            walk.parseCommit(link.get()).getTree()));
        }
    }

    /**
     * Forces a code tree to disk, as far as it differs from the commit that was checked out, and keeps both for each experiment.
     *
     * @param objects what of it is new, perhaps not all
     * @param earlier is left out, as far as it still is so
     */
    void keepCode(Collection<ExperimentId> ids, ObjectId head, ObjectId tree, PackedObjects objects, Earlier earlier)
            throws IOException {
        lock.lock();
        try (var walk = new RevWalk(repository)) {
            var moves = new ArrayList<Move>();
            for (var id : ids) {
                move(id, walk, head, tree, head).ifPresent(moves::add);
            }
            if (moves.isEmpty() && earlier.link().isPresent()) {
                return;
            }
            var headTree = walk.parseCommit(head).getTree();
            var left = moves.stream().allMatch(move -> move.from().equals(earlier.link()))
                    ? earlier.objects()
                    : Set.<ObjectId>of();
            boolean isKept = tree.equals(headTree) || held.objects().contains(tree);
            if (!isKept || !moves.stream().allMatch(move -> move.isIn(held.objects()))) {
                takeNew(objects, headTree, tree, left);
                writeLinks(moves, objects);
                objects.force();
            }
            apply(moves);
            // one that rests on a ref is not enough for a save
            if (objects.isForced() && left.isEmpty()) {
                var before = held;
                held = new Held(objects.written(), objects.hold());
                before.hold().release();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Keeps a commit with all that it names.
     *
     * @param objects are forced
     */
    void keepCommit(ExperimentId id, ObjectId head, ExperimentCommits.Written written, PackedObjects objects)
            throws IOException {
        try (var walk = new RevWalk(objects.readerOfAll())) {
            var move = move(id, walk, head, written.tree(), written.commit()).stream()
                    .toList();
            writeLinks(move, objects);
            objects.force();
            apply(move);
        }
    }

    /**
     * Lets the code of experiments go that are saved or discarded, and the checkpoints of those that are not saved. Of others nobody can be
     * sure: a ref too many costs nothing.
     *
     * @param young how long ago they were begun at least
     */
    void sweep(Predicate<ExperimentId> isOver, Duration young) throws IOException {
        long limit = System.currentTimeMillis() - young.toMillis();
        var over = refs.codes().stream()
                .filter(id -> id.epochMilli() < limit && isOver.test(id))
                .toList();
        // the code is what the next sweep finds them by
        refs.deleteOwn(discarded(over).map(ExperimentRefs::checkpoints).toList());
        refs.deleteOwn(over.stream().map(ExperimentRefs::code).toList());
    }

    /** Those with checkpoints that no saved experiment has. One that was removed brings its own back with itself. */
    private Stream<ExperimentId> discarded(List<ExperimentId> over) throws IOException {
        var left = new HashSet<ExperimentId>();
        for (var id : over) {
            if (refs.read(ExperimentRefs.checkpoints(id)).isPresent()) {
                left.add(id);
            }
        }
        if (!left.isEmpty()) {
            refs.experiments().stream()
                    .flatMap(ref -> SavedReader.id(repository, ref).stream())
                    .forEach(left::remove);
        }
        return left.stream();
    }

    /**
     * A step of the ref that keeps an experiment's code.
     *
     * @param link the commit to be written for that; empty if the ref is to name one that is there
     */
    private record Move(String ref, Optional<ObjectId> from, ObjectId to, Optional<CommitBuilder> link) {

        boolean isIn(Set<ObjectId> objects) {
            return link.isEmpty() || objects.contains(to);
        }
    }

    /** Empty if the ref keeps all of that already. */
    private Optional<Move> move(ExperimentId id, RevWalk walk, ObjectId head, ObjectId tree, ObjectId commit)
            throws IOException {
        var ref = ExperimentRefs.code(id);
        var previous = refs.read(ref);
        if (previous.isPresent() && holds(walk, previous.get(), tree, commit)) {
            return Optional.empty();
        }
        if (suffices(walk, previous, commit, tree)) {
            return Optional.of(new Move(ref, previous, commit, Optional.empty()));
        }
        var link = link(walk, head, tree, previous, commit);
        try (var formatter = new ObjectInserter.Formatter()) {
            var to = formatter.idFor(Constants.OBJ_COMMIT, link.build());
            return Optional.of(new Move(ref, previous, to, Optional.of(link)));
        }
    }

    private static void writeLinks(List<Move> moves, PackedObjects objects) throws IOException {
        for (var move : moves) {
            if (!move.isIn(objects.written())) {
                objects.commit(move.link().orElseThrow());
            }
        }
    }

    private void apply(List<Move> moves) throws IOException {
        for (var move : moves) {
            if (!refs.move(move.ref(), move.from(), move.to())) {
                throw new RepositoryException(
                        "the ref " + move.ref() + " was moved by another process meanwhile; try once more");
            }
        }
    }

    /** Whether a commit keeps all by itself: the tree, and what was kept before. */
    private static boolean suffices(RevWalk walk, Optional<ObjectId> previous, ObjectId commit, ObjectId tree)
            throws IOException {
        var parsed = walk.parseCommit(commit);
        return parsed.getTree().equals(tree)
                && (previous.isEmpty() || List.of(parsed.getParents()).contains(previous.get()));
    }

    private static boolean holds(RevWalk walk, ObjectId kept, ObjectId tree, ObjectId commit) throws IOException {
        var parsed = walk.parseCommit(kept);
        return parsed.getTree().equals(tree)
                && (kept.equals(commit) || List.of(parsed.getParents()).contains(commit));
    }

    /** The same for the same facts: its time is that of the commit that was checked out. */
    private static CommitBuilder link(
            RevWalk walk, ObjectId head, ObjectId tree, Optional<ObjectId> previous, ObjectId commit)
            throws IOException {
        var time = walk.parseCommit(head).getCommitterIdent().getWhenAsInstant();
        var person =
                new PersonIdent(GitProjection.NOBODY.name(), GitProjection.NOBODY.email(), time, GitProjection.ZONE);
        var all = new LinkedHashSet<ObjectId>();
        previous.ifPresent(all::add);
        all.add(commit);
        var link = new CommitBuilder();
        link.setTreeId(tree);
        link.setParentIds(new ArrayList<>(all));
        link.setAuthor(person);
        link.setCommitter(person);
        link.setMessage("daybook: code of an experiment, kept from gc\n");
        return link;
    }

    /** Makes the pack hold whatever a tree has and another one, which is kept, does not have; nor what is left out. */
    private static void takeNew(PackedObjects objects, ObjectId headTree, ObjectId tree, Set<ObjectId> left)
            throws IOException {
        Set<ObjectId> missing;
        try (var reader = objects.readerOfAll()) {
            missing = changes(reader, headTree, tree);
        }
        missing.removeAll(objects.written());
        missing.removeAll(left);
        if (!missing.isEmpty()) {
            // renamed files are there under another name
            missing.removeAll(all(objects, headTree));
        }
        for (var id : missing) {
            objects.take(id);
        }
    }

    /** The objects of a tree that another one does not have in the same place. */
    private static Set<ObjectId> changes(ObjectReader reader, ObjectId from, ObjectId tree) throws IOException {
        var changes = new LinkedHashSet<ObjectId>();
        if (tree.equals(from)) {
            return changes;
        }
        changes.add(tree);
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(from);
            walk.addTree(tree);
            walk.setFilter(TreeFilter.ANY_DIFF);
            while (walk.next()) {
                // not what is gone, and not the commits of repositories inside this one
                if (walk.getFileMode(1).getObjectType() != Constants.OBJ_BAD
                        && walk.getFileMode(1).getObjectType() != Constants.OBJ_COMMIT) {
                    changes.add(walk.getObjectId(1));
                }
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                }
            }
        }
        return changes;
    }

    private static Set<ObjectId> all(PackedObjects objects, ObjectId tree) throws IOException {
        var all = new HashSet<ObjectId>();
        try (var walk = new TreeWalk(objects.reader())) {
            walk.addTree(tree);
            while (walk.next()) {
                all.add(walk.getObjectId(0));
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                }
            }
        }
        return all;
    }

    /** Lets gc have what no ref names. */
    @Override
    public void close() throws IOException {
        held.hold().release();
        held = Held.NOTHING;
    }
}
