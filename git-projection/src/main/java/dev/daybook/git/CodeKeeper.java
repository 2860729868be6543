package dev.daybook.git;

import dev.daybook.RepositoryException;
import dev.daybook.lifecycle.ExperimentId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Keeps from gc what an unfinished experiment has recorded: a ref of its own names a chain of commits, one for each code tree, whose parents
 * are the link before, the commit that was checked out, and a prepared commit that no other ref names yet.
 */
final class CodeKeeper {

    private static final int TRIES = 100;

    private final Repository repository;
    private final ExperimentRefs refs;

    CodeKeeper(Repository repository, ExperimentRefs refs) {
        this.repository = repository;
        this.refs = refs;
    }

    /** Forces a code tree to disk, as far as it differs from the commit that was checked out, and keeps both. */
    void keepCode(ExperimentId id, ObjectId head, ObjectId tree) throws IOException {
        try (var objects = new ForcedObjects(repository);
                var walk = new RevWalk(objects.reader())) {
            noteNew(objects, walk.parseCommit(head).getTree(), tree);
            keep(id, objects, head, tree, List.of(head));
        }
    }

    /** Keeps a commit with all that it names. */
    void keepCommit(ExperimentId id, ObjectId head, ObjectId commit) throws IOException {
        try (var objects = new ForcedObjects(repository);
                var walk = new RevWalk(objects.reader())) {
            keep(id, objects, head, walk.parseCommit(commit).getTree(), List.of(commit));
        }
    }

    private void keep(ExperimentId id, ForcedObjects objects, ObjectId head, ObjectId tree, List<ObjectId> parents)
            throws IOException {
        var name = ExperimentRefs.code(id);
        for (int i = 0; i < TRIES; i++) {
            var previous = refs.read(name);
            if (previous.isPresent() && holds(previous.get(), tree, parents)) {
                return;
            }
            var link = objects.commit(link(objects, head, tree, previous, parents));
            objects.force();
            if (refs.move(name, previous, link)) {
                return;
            }
        }
        throw new RepositoryException(
                "the ref " + name + " is being moved without end by somebody else; stop the other process");
    }

    private boolean holds(ObjectId link, ObjectId tree, List<ObjectId> parents) throws IOException {
        try (var walk = new RevWalk(repository)) {
            var commit = walk.parseCommit(link);
            return commit.getTree().equals(tree) && List.of(commit.getParents()).containsAll(parents);
        }
    }

    /** The same for the same facts: its time is that of the commit that was checked out. */
    private static CommitBuilder link(
            ForcedObjects objects, ObjectId head, ObjectId tree, Optional<ObjectId> previous, List<ObjectId> parents)
            throws IOException {
        try (var walk = new RevWalk(objects.reader())) {
            var time = walk.parseCommit(head).getCommitterIdent().getWhenAsInstant();
            var person = new PersonIdent(
                    GitProjection.NOBODY.name(), GitProjection.NOBODY.email(), time, GitProjection.ZONE);
            var all = new LinkedHashSet<ObjectId>();
            previous.ifPresent(all::add);
            all.addAll(parents);
            var link = new CommitBuilder();
            link.setTreeId(tree);
            link.setParentIds(new ArrayList<>(all));
            link.setAuthor(person);
            link.setCommitter(person);
            link.setMessage("daybook: code of an experiment, kept from gc\n");
            return link;
        }
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
