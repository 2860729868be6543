package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.lifecycle.ExperimentId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
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
final class CodeKeeper {

    private static final int TRIES = 100;

    private final Repository repository;
    private final ExperimentRefs refs;

    CodeKeeper(Repository repository, ExperimentRefs refs) {
        this.repository = repository;
        this.refs = refs;
    }

    /** Forces a code tree to disk, as far as it differs from the commit that was checked out, and keeps both for each experiment. */
    void keepCode(Collection<ExperimentId> ids, ObjectId head, ObjectId tree) throws IOException {
        try (var objects = new ForcedObjects(repository);
                var walk = new RevWalk(objects.reader())) {
            var headTree = walk.parseCommit(head).getTree();
            // what was checked out is on disk already
            if (!tree.equals(headTree)) {
                noteNew(objects, headTree, tree);
            }
            for (var id : ids) {
                keep(id, objects, walk, head, tree, head);
            }
        }
    }

    /** Keeps a commit with all that it names. */
    void keepCommit(ExperimentId id, ObjectId head, ObjectId commit) throws IOException {
        try (var objects = new ForcedObjects(repository);
                var walk = new RevWalk(objects.reader())) {
            keep(id, objects, walk, head, walk.parseCommit(commit).getTree(), commit);
        }
    }

    /**
     * Lets the code of other experiments than these go: they are saved or discarded, or the process died that was about to begin them.
     *
     * @param young how long ago they were begun at least
     */
    void sweep(Predicate<ExperimentId> isNeeded, Duration young) throws IOException {
        long limit = System.currentTimeMillis() - young.toMillis();
        refs.deleteOwn(refs.codes().stream()
                .filter(id -> id.epochMilli() < limit && !isNeeded.test(id))
                .map(ExperimentRefs::code)
                .toList());
    }

    private void keep(
            ExperimentId id, ForcedObjects objects, RevWalk walk, ObjectId head, ObjectId tree, ObjectId commit)
            throws IOException {
        var name = ExperimentRefs.code(id);
        for (int i = 0; i < TRIES; i++) {
            var previous = refs.read(name);
            if (previous.isPresent() && holds(walk, previous.get(), tree, commit)) {
                return;
            }
            var next = suffices(walk, previous, commit, tree)
                    ? commit
                    : objects.commit(link(walk, head, tree, previous, commit));
            objects.force();
            if (refs.move(name, previous, next)) {
                return;
            }
        }
        throw new RepositoryException(
                "the ref " + name + " is being moved without end by somebody else; stop the other process");
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

    private static void noteNew(ForcedObjects objects, ObjectId headTree, ObjectId tree) throws IOException {
        objects.note(tree);
        try (var walk = new TreeWalk(objects.reader())) {
            walk.addTree(headTree);
            walk.addTree(tree);
            walk.setFilter(TreeFilter.ANY_DIFF);
            while (walk.next()) {
                objects.note(walk.getObjectId(1));
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                }
            }
        }
    }
}
