package dev.daybook.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.RepositoryException;
import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.ExperimentFold;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.MetricSummary;
import dev.daybook.lifecycle.Outcome;
import dev.daybook.port.InMemoryProjection.Step;
import dev.daybook.port.Projection.Published;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InMemoryProjectionTest {

    private static final ExperimentId ID = ExperimentId.of(0, new UUID(1, 2));

    private final InMemoryProjection projection = new InMemoryProjection(Path.of("home"));

    @Test
    void the_same_source_name_and_code_give_the_same_commit_and_other_ones_another() {
        var code = projection.snapshot(List.of(ID), SnapshotScope.TRACKED);
        var prepared = projection.prepare(source(1.0), "x", Optional.of(code));

        assertThat(projection.prepare(source(1.0), "x", Optional.of(code))).isEqualTo(prepared);
        assertThat(projection.prepare(source(1.0), "y", Optional.of(code)).commit())
                .isNotEqualTo(prepared.commit());
        assertThat(projection.prepare(source(2.0), "x", Optional.of(code)).commit())
                .isNotEqualTo(prepared.commit());
        var other = new Code(code.head(), "3".repeat(40));
        assertThat(projection.prepare(source(1.0), "x", Optional.of(other)).commit())
                .isNotEqualTo(prepared.commit());
    }

    @Test
    void a_ref_is_written_once_and_never_over_another_commit() {
        var first = projection.prepare(source(1.0), "x", Optional.empty());
        var second = projection.prepare(source(2.0), "x", Optional.empty());

        assertThat(projection.publish(source(1.0), first)).isEqualTo(Published.DONE);
        assertThat(projection.publish(source(1.0), first)).isEqualTo(Published.DONE);
        assertThat(projection.publish(source(2.0), second)).isEqualTo(Published.TAKEN);
        assertThat(projection.refs()).containsExactly(Map.entry(first.ref(), first.commit()));
        assertThat(projection.saved("1".repeat(40), "x")).contains(first.commit());
        assertThat(projection.saved()).extracting(SavedRecord::name).containsExactly("x");
    }

    @Test
    void a_commit_that_gc_took_is_gone() {
        var prepared = projection.prepare(source(1.0), "x", Optional.empty());
        projection.collectGarbage();

        assertThat(projection.publish(source(1.0), prepared)).isEqualTo(Published.GONE);
        assertThat(projection.prepare(source(1.0), "x", Optional.empty())).isEqualTo(prepared);
        assertThat(projection.publish(source(1.0), prepared)).isEqualTo(Published.DONE);
    }

    @Test
    void a_step_fails_before_or_after_its_effect() {
        var prepared = projection.prepare(source(1.0), "x", Optional.empty());
        projection.fail(Step.BEFORE_PUBLISH, () -> new RepositoryException("before"));
        assertThatThrownBy(() -> projection.publish(source(1.0), prepared)).hasMessage("before");
        assertThat(projection.refs()).isEmpty();

        projection.heal();
        projection.fail(Step.AFTER_PUBLISH, () -> new RepositoryException("after"));
        assertThatThrownBy(() -> projection.publish(source(1.0), prepared)).hasMessage("after");
        assertThat(projection.refs()).hasSize(1);
    }

    @Test
    void what_is_kept_for_an_experiment_can_be_forgotten() {
        var start = projection.start(ID, SnapshotScope.TRACKED);
        var commit = projection.checkpoints().make(source(1.0), start.code(), "half way");
        projection.collectGarbage();
        assertThat(projection.kept(ID)).containsExactly(start.code().tree());
        assertThat(projection.keptCheckpoints()).containsEntry(ID, commit);
        assertThat(projection.commit(commit)).isPresent();

        projection.forget(ID);
        projection.collectGarbage();

        assertThat(projection.kept(ID)).isEmpty();
        assertThat(projection.keptCheckpoints()).isEmpty();
        assertThat(projection.forgotten()).containsExactly(ID);
        assertThat(projection.commit(commit)).isEmpty();
    }

    /** A completed experiment with one record. */
    private static ExperimentSource source(double value) {
        var journal = new InMemoryJournal(new InMemoryJournal.Store());
        var code = new Code("1".repeat(40), "2".repeat(40));
        var entries = new ArrayList<Entry>();
        entries.add(journal.append(
                ID,
                AppendCondition.begins(ID),
                Instant.EPOCH,
                new Event.ExperimentInitialized(
                        "x",
                        code,
                        Map.of(),
                        new Author("Ada", "ada@example.org"),
                        "dvclive",
                        Optional.empty(),
                        Map.of())));
        entries.add(journal.append(
                ID,
                AppendCondition.continues(entries.get(0).tail()),
                Instant.EPOCH,
                new Event.ExperimentCompleted(Outcome.succeeded(), Optional.empty())));
        var fold = new ExperimentFold();
        entries.forEach(entry -> fold.event(entry.event()));
        return new FixedSource(fold.data(), entries, value);
    }

    private record FixedSource(ExperimentData data, List<Entry> entries, double value) implements ExperimentSource {
        @Override
        public ExperimentId id() {
            return ID;
        }

        @Override
        public List<MetricSummary> metrics() {
            return List.of(new MetricSummary(0, "loss", 1, 1, value, value, value, value, 0, value));
        }

        @Override
        public void records(long after, RecordSink sink) {
            if (after == 0) {
                sink.metric(0, 1, value, 1);
            }
        }
    }
}
