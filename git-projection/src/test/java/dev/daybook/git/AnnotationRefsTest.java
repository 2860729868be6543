package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may stand in the notes of somebody else. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnnotationRefsTest {

    private static final String NOTES = "{\"notes\":[{\"time\":\"%s\",\"author\":\"Eve\",\"text\":\"x\"}]}";

    @TempDir
    Path temp;

    private GitRepo repo;
    private Repository repository;
    private ExperimentRefs refs;
    private AnnotationRefs annotations;
    private ObjectId experiment;

    @BeforeEach
    void open_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
        repository = Repositories.open(repo.top);
        refs = new ExperimentRefs(repository, Duration.ofSeconds(1));
        annotations = new AnnotationRefs(repository, refs);
        experiment = ObjectId.fromString(repo.head());
    }

    @AfterEach
    void close_it() {
        repository.close();
    }

    private ObjectId notes(String content) throws IOException {
        return ObjectId.fromString(NotesTransferTest.notes(repo, content, temp.resolve("content")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
                    <html>                                                                     ~ is not JSON
                    {"tags": ["a"                                                              ~ is not JSON
                    ''                                                                         ~ holds no object
                    "text"                                                                     ~ holds no object
                    [{"tags": []}]                                                             ~ holds no object
                    null                                                                       ~ holds no object
                    {"tags": "best"}                                                           ~ 'tags' in annotations.json is no list
                    {"tags": null}                                                             ~ 'tags' in annotations.json is no list
                    {"tags": [1]}                                                              ~ a tag in annotations.json is no text
                    {"tags": ["a\\nb"]}                                                        ~ invisible character
                    {"tags": [""]}                                                             ~ is empty
                    {"notes": {"time": "2026-11-26T10:00:00Z"}}                                ~ 'notes' in annotations.json is no list
                    {"notes": ["x"]}                                                           ~ the time of a note in annotations.json is no text
                    {"notes": [{"time": 5, "author": "a", "text": "x"}]}                       ~ the time of a note in annotations.json is no text
                    {"notes": [{"time": "yesterday", "author": "a", "text": "x"}]}             ~ has no time
                    {"notes": [{"time": "2026-11-26T10:00:00Z", "text": "x"}]}                 ~ the author of a note
                    {"notes": [{"time": "2026-11-26T10:00:00Z", "author": "a", "text": []}]}   ~ a note in annotations.json is no text
                    """)
    void what_is_no_tags_and_notes_is_not_taken_in(String content, String reason) throws IOException {
        var other = notes(content);

        assertThatThrownBy(() -> annotations.merge(experiment, other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason)
                .extracting(Throwable::getMessage)
                .asString()
                .hasLineCount(1);

        assertThat(refs.read(AnnotationRefs.ref(experiment))).isEmpty();
    }

    @Test
    void nor_is_what_is_very_large_or_very_deep() throws IOException {
        var large = notes("{\"tags\": [\"" + " ".repeat(9 << 20) + "\"]}");
        assertThatThrownBy(() -> annotations.merge(experiment, large)).hasMessageContaining("bytes, more than");
        var deep = notes("{\"tags\":".repeat(100_000));
        assertThatThrownBy(() -> annotations.merge(experiment, deep)).isInstanceOf(IOException.class);
    }

    @Test
    void nor_is_a_time_that_no_calendar_shows() throws IOException {
        for (var time : new Instant[] {Instant.MAX, Instant.MIN, Instant.parse("+10000-01-01T00:00:00Z")}) {
            var other = notes(NOTES.formatted(time));
            assertThatThrownBy(() -> annotations.merge(experiment, other)).hasMessageContaining("a time that");
        }
        assertThat(annotations
                        .at(notes(NOTES.formatted("2026-11-26T10:00:00.5Z")))
                        .notes())
                .hasSize(1);
    }

    @Test
    void nor_is_what_is_no_commit_or_not_here() throws IOException {
        for (var other : new String[] {
            repo.git("rev-parse", "HEAD:params.yaml"), repo.git("rev-parse", "HEAD^{tree}"), "1".repeat(40)
        }) {
            assertThatThrownBy(() -> annotations.merge(experiment, ObjectId.fromString(other)))
                    .isInstanceOf(IOException.class);
        }
        assertThat(refs.read(AnnotationRefs.ref(experiment))).isEmpty();
    }

    @Test
    void what_a_later_version_may_add_is_passed_over() throws IOException {
        var merged = annotations.merge(experiment, notes("{\"tags\": [\"b\", \"a\"], \"stars\": 5}"));

        assertThat(annotations.read(experiment).tags()).containsExactly("a", "b");
        assertThat(refs.read(AnnotationRefs.ref(experiment))).contains(merged);
    }
}
