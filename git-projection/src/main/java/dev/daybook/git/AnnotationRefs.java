package dev.daybook.git;

import dev.daybook.InvalidInputException;
import dev.daybook.RepositoryException;
import dev.daybook.git.Annotations.Note;
import dev.daybook.lifecycle.Author;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Keeps tags and notes beside the experiments' commits, where DVC does not see them: {@code refs/daybook/notes/<commit>} names a commit with
 * one file, an {@link AnnotationsFile}; each change is a commit behind the one before. A push or a pull may have brought anything.
 */
final class AnnotationRefs {

    static final String PREFIX = "refs/daybook/notes/";

    private static final int MOST_TRIES = 20;

    /** Nobody writes so much by hand. */
    private static final int MOST_BYTES = 8 << 20;

    private final Repository repository;
    private final ExperimentRefs refs;

    AnnotationRefs(Repository repository, ExperimentRefs refs) {
        this.repository = repository;
        this.refs = refs;
    }

    static String ref(ObjectId experiment) {
        return PREFIX + experiment.name();
    }

    /** Whose tags and notes a ref names that {@link #ref} has given. */
    static ObjectId experiment(String ref) {
        return ObjectId.fromString(ref.substring(PREFIX.length()));
    }

    /** @throws RepositoryException if what is there cannot be read; it may have come from anywhere */
    Annotations read(ObjectId experiment) throws IOException {
        return ours(experiment, refs.read(ref(experiment)));
    }

    private Annotations ours(ObjectId experiment, Optional<ObjectId> commit) {
        try {
            return commit.isPresent() ? at(commit.get()) : Annotations.NONE;
        } catch (IOException e) {
            throw new RepositoryException(
                    "the tags and notes on " + experiment.name() + " cannot be read (" + e.getMessage()
                            + "); 'git log -p " + ref(experiment) + "' shows what there is, and 'git update-ref -d "
                            + ref(experiment) + "' takes it away",
                    e);
        }
    }

    /**
     * What a commit holds.
     *
     * @throws IOException with the reason, if that cannot be read
     */
    Annotations at(ObjectId commit) throws IOException {
        try (var walk = new RevWalk(repository)) {
            var files = new TreeFiles(
                    walk.getObjectReader(), walk.parseCommit(commit).getTree());
            var file = files.find(AnnotationsFile.NAME);
            if (file.isEmpty()) {
                return Annotations.NONE;
            }
            var blob = file.get().content();
            long bytes = walk.getObjectReader().getObjectSize(blob, ObjectReader.OBJ_ANY);
            if (bytes > MOST_BYTES) {
                throw new IOException(AnnotationsFile.NAME + " has " + bytes + " bytes, more than " + MOST_BYTES);
            }
            return AnnotationsFile.parse(files.content(file.get().mode(), blob));
        } catch (RuntimeException e) {
            // JGit meets damage with either
            throw new IOException("damaged: " + e, e);
        }
    }

    boolean isReadable(ObjectId commit) {
        try {
            var unused = at(commit);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Changes them; whoever changes them at the same time loses nothing. */
    Annotations update(ObjectId experiment, Author author, Instant now, UnaryOperator<Annotations> change)
            throws IOException {
        var person = new PersonIdent(author.name(), author.email(), now, GitProjection.ZONE);
        for (int i = 0; i < MOST_TRIES; i++) {
            var old = refs.read(ref(experiment));
            var before = ours(experiment, old);
            var after = change.apply(before);
            if (after.equals(before) || write(experiment, old.stream().toList(), old, after, person)) {
                return after;
            }
        }
        throw new RepositoryException("the ref " + ref(experiment) + " is being moved without end by another process");
    }

    /**
     * Takes in what another clone has: all tags and notes of both. Whoever merges the same two makes the same commit of them.
     *
     * @param other the commit that its ref names; it is in this repository
     * @return what the ref names now
     * @throws IOException with the reason, if what the other clone has cannot be read
     * @throws RepositoryException if what is here cannot be read, or written
     */
    ObjectId merge(ObjectId experiment, ObjectId other) throws IOException {
        for (int i = 0; i < MOST_TRIES; i++) {
            var old = refs.read(ref(experiment));
            if (old.isPresent() && Pedigree.contains(repository, old.get(), other)) {
                return old.get();
            }
            var theirs = at(other);
            if (old.isEmpty() || Pedigree.contains(repository, other, old.get())) {
                if (refs.move(ref(experiment), old, other)) {
                    return other;
                }
            } else if (write(
                    experiment,
                    Stream.of(old.get(), other).sorted().toList(),
                    old,
                    union(ours(experiment, old), theirs),
                    newer(old.get(), other))) {
                return refs.read(ref(experiment)).orElse(other);
            }
        }
        throw new RepositoryException("the ref " + ref(experiment) + " is being moved without end by another process");
    }

    private PersonIdent newer(ObjectId a, ObjectId b) throws IOException {
        try (var walk = new RevWalk(repository)) {
            return Stream.of(walk.parseCommit(a), walk.parseCommit(b))
                    .max(Comparator.<RevCommit>comparingInt(RevCommit::getCommitTime)
                            .thenComparing(RevCommit::name))
                    .orElseThrow()
                    .getCommitterIdent();
        }
    }

    private static Annotations union(Annotations a, Annotations b) {
        var tags = new ArrayList<>(a.tags());
        tags.addAll(b.tags());
        var notes = new LinkedHashSet<>(a.notes());
        notes.addAll(b.notes());
        return new Annotations(
                tags,
                notes.stream()
                        .sorted(Comparator.comparing(Note::time)
                                .thenComparing(Note::author)
                                .thenComparing(Note::text))
                        .toList());
    }

    private boolean write(
            ObjectId experiment,
            List<ObjectId> parents,
            Optional<ObjectId> old,
            Annotations annotations,
            PersonIdent person)
            throws IOException {
        var text = AnnotationsFile.text(annotations);
        if (text.length > MOST_BYTES) {
            throw new InvalidInputException("the tags and notes on " + experiment.name() + " would have " + text.length
                    + " bytes, more than " + MOST_BYTES + "; say it more shortly");
        }
        try (var objects = new PackedObjects(repository)) {
            var tree = new TreeFormatter();
            tree.append(AnnotationsFile.NAME, FileMode.REGULAR_FILE, objects.blob(text));
            var commit = new CommitBuilder();
            commit.setTreeId(objects.tree(tree));
            commit.setParentIds(parents);
            commit.setAuthor(person);
            commit.setCommitter(person);
            commit.setMessage("daybook: notes on " + experiment.name() + "\n");
            var written = objects.commit(commit);
            objects.force();
            return refs.move(ref(experiment), old, written);
        }
    }
}
