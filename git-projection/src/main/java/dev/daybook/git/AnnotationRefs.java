package dev.daybook.git;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.daybook.RepositoryException;
import dev.daybook.git.Annotations.Note;
import dev.daybook.lifecycle.Author;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Keeps tags and notes beside the experiments' commits, where DVC does not see them: {@code refs/daybook/notes/<commit>} names a commit with
 * one file, {@code annotations.json}; each change is a commit behind the one before.
 *
 * <pre>
 *   {"tags": ["best"], "notes": [{"time": "2026-11-26T10:00:00Z", "author": "Ada", "text": "..."}]}
 * </pre>
 */
final class AnnotationRefs {

    static final String PREFIX = "refs/daybook/notes/";

    private static final String FILE = "annotations.json";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int MOST_TRIES = 20;

    private final Repository repository;
    private final ExperimentRefs refs;

    AnnotationRefs(Repository repository, ExperimentRefs refs) {
        this.repository = repository;
        this.refs = refs;
    }

    static String ref(ObjectId experiment) {
        return PREFIX + experiment.name();
    }

    Annotations read(ObjectId experiment) throws IOException {
        var commit = refs.read(ref(experiment));
        return commit.isPresent() ? at(commit.get()) : Annotations.NONE;
    }

    private Annotations at(ObjectId commit) throws IOException {
        try (var walk = new RevWalk(repository)) {
            var tree = walk.parseCommit(commit).getTree();
            var content = new TreeFiles(walk.getObjectReader(), tree).read(FILE);
            return content.isPresent() ? parse(content.get()) : Annotations.NONE;
        }
    }

    /** Changes them; whoever changes them at the same time loses nothing. */
    Annotations update(ObjectId experiment, Author author, Instant now, UnaryOperator<Annotations> change)
            throws IOException {
        for (int i = 0; i < MOST_TRIES; i++) {
            var old = refs.read(ref(experiment));
            var before = old.isPresent() ? at(old.get()) : Annotations.NONE;
            var after = change.apply(before);
            if (after.equals(before) || write(experiment, old.stream().toList(), old, after, author, now)) {
                return after;
            }
        }
        throw new RepositoryException("the ref " + ref(experiment) + " is being moved without end by another process");
    }

    /**
     * Takes in what another clone has: all tags and notes of both.
     *
     * @param other the commit that its ref names; it is in this repository
     */
    void merge(ObjectId experiment, ObjectId other, Author author, Instant now) throws IOException {
        for (int i = 0; i < MOST_TRIES; i++) {
            var old = refs.read(ref(experiment));
            if (old.isEmpty()
                    ? refs.move(ref(experiment), old, other)
                    : Pedigree.contains(repository, old.get(), other)) {
                return;
            }
            if (old.isPresent()) {
                var isMerged = Pedigree.contains(repository, other, old.get())
                        ? refs.move(ref(experiment), old, other)
                        : write(
                                experiment,
                                List.of(old.get(), other),
                                old,
                                union(at(old.get()), at(other)),
                                author,
                                now);
                if (isMerged) {
                    return;
                }
            }
        }
        throw new RepositoryException("the ref " + ref(experiment) + " is being moved without end by another process");
    }

    private static Annotations union(Annotations a, Annotations b) {
        var tags = new ArrayList<>(a.tags());
        tags.addAll(b.tags());
        var notes = new LinkedHashSet<>(a.notes());
        notes.addAll(b.notes());
        return new Annotations(
                tags, notes.stream().sorted(Comparator.comparing(Note::time)).toList());
    }

    private boolean write(
            ObjectId experiment,
            List<ObjectId> parents,
            Optional<ObjectId> old,
            Annotations annotations,
            Author author,
            Instant now)
            throws IOException {
        try (var objects = new PackedObjects(repository)) {
            var tree = new TreeFormatter();
            tree.append(FILE, FileMode.REGULAR_FILE, objects.blob(text(annotations)));
            var person = new PersonIdent(author.name(), author.email(), now, GitProjection.ZONE);
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

    private static byte[] text(Annotations annotations) {
        var json = MAPPER.createObjectNode();
        var tags = json.putArray("tags");
        annotations.tags().forEach(tags::add);
        var notes = json.putArray("notes");
        for (var note : annotations.notes()) {
            notes.addObject()
                    .put("time", note.time().toString())
                    .put("author", note.author())
                    .put("text", note.text());
        }
        return (json.toString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Annotations parse(byte[] content) throws IOException {
        var json = MAPPER.readTree(content);
        var tags = new ArrayList<String>();
        json.path("tags").forEach(tag -> tags.add(tag.asText()));
        var notes = new ArrayList<Note>();
        for (JsonNode note : json.path("notes")) {
            try {
                notes.add(new Note(
                        Instant.parse(note.path("time").asText()),
                        note.path("author").asText(),
                        note.path("text").asText()));
            } catch (DateTimeParseException e) {
                throw new IOException("a note has no time: " + note, e);
            }
        }
        return new Annotations(tags, notes);
    }
}
