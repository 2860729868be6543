package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Durability;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.HistoryEntry;
import dev.daybook.Retention;
import dev.daybook.SavedExperiment;
import dev.daybook.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** History, following, verification and retention on the real journal and the real Git projection. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HistoryEndToEndTest {

    private static final int VALUES = 100_000;

    @TempDir
    Path temp;

    private GitRepo repo;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
    }

    private static DaybookOptions options() {
        return DaybookOptions.defaults().withWarnings(warning -> {});
    }

    private Daybook open() {
        return open(options());
    }

    private Daybook open(DaybookOptions options) {
        return Daybook.open(repo.top, options);
    }

    private SavedExperiment saved(DaybookOptions options) {
        try (var daybook = open(options)) {
            return daybook.run("x", run -> {
                        run.setParam("lr", 0.25).setParam("empty", null);
                        var loss = run.metric("loss");
                        for (long step = 0; step < VALUES; step++) {
                            loss.log(step, 1.0 / (step + 1));
                        }
                        run.tag("slow");
                    })
                    .orElseThrow();
        }
    }

    private List<Path> generations() throws IOException {
        try (var folders = Files.list(repo.top.resolve(".git/daybook/journal"))) {
            return folders.filter(Files::isDirectory)
                    .filter(folder -> !folder.getFileName().toString().equals("names"))
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path generation) throws IOException {
        try (var files = Files.list(generation)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(generation);
    }

    private static void requireAllOfIt(List<HistoryEntry> entries) {
        var steps = entries.stream()
                .filter(entry -> entry.kind().equals(HistoryEntry.METRIC_LOGGED))
                .map(entry -> (Long) Objects.requireNonNull(entry.details().get("step")))
                .toList();
        assertThat(steps).hasSize(VALUES);
        for (int i = 0; i < VALUES; i++) {
            assertThat(steps.get(i)).isEqualTo((long) i);
        }
        assertThat(entries).extracting(HistoryEntry::position).doesNotHaveDuplicates();
    }

    @Test
    void a_saved_commit_is_compared_with_the_chain_in_the_journal() throws IOException {
        saved(options().withGenerationBytes(1 << 20));

        assertThat(generations()).hasSizeGreaterThan(1);
        try (var daybook = open()) {
            var expected = new Verification(generations().size(), 1, 8, VALUES, 1, List.of());
            assertThat(daybook.verify()).isEqualTo(expected);
            assertThat(daybook.verify("x")).isEqualTo(expected);
        }
    }

    @Test
    void history_goes_over_full_generations() {
        saved(options().withGenerationBytes(1 << 20));
        var entries = new ArrayList<HistoryEntry>();

        try (var daybook = open()) {
            daybook.history("x").forEach(entries::add);
            var moment =
                    daybook.history("x").at(entries.get(VALUES / 2).position().orElseThrow());

            assertThat(moment.metrics().get(0).lastStep())
                    .isEqualTo(entries.get(VALUES / 2).details().get("step"));
            assertThat(moment.metrics().get(0).count())
                    .isEqualTo(moment.metrics().get(0).lastStep() + 1);
        }
        requireAllOfIt(entries);
    }

    @Test
    void a_follower_goes_over_full_generations_while_they_are_written() throws InterruptedException {
        var entries = new ArrayList<HistoryEntry>();
        try (var daybook = open(options().withGenerationBytes(1 << 20));
                var watching = open()) {
            var run = daybook.experiment("x").init();
            var loss = run.metric("loss");
            var follower = watching.follow("x");
            for (long step = 0; step < VALUES; step++) {
                loss.log(step, 0.5);
                if (step % 1_000 == 0) {
                    assertThat(follower.poll(entries::add)).isEmpty();
                    assertThat(entries.get(entries.size() - 1).details()).containsEntry("step", step);
                }
            }
            run.save();

            assertThat(follower.run(entries::add)).isEqualTo(Status.PERSISTED);
        }
        requireAllOfIt(entries);
    }

    @Test
    void a_follower_whose_consumer_throws_gives_the_same_again_and_all_once() {
        var entries = new ArrayList<HistoryEntry>();
        var refused = new HashSet<HistoryEntry>();
        try (var daybook = open(options().withGenerationBytes(1 << 20))) {
            var run = daybook.experiment("x").init();
            var follower = daybook.follow("x");
            var loss = run.metric("loss");
            LongStream.range(0, VALUES).forEach(step -> loss.log(step, 0.5));
            run.save();

            var status = Optional.<Status>empty();
            while (status.isEmpty()) {
                try {
                    status = follower.poll(entry -> {
                        boolean isEvent = !entry.kind().equals(HistoryEntry.METRIC_LOGGED);
                        if ((isEvent || entries.size() % 10_000 == 0) && refused.add(entry)) {
                            throw new IllegalStateException("not now");
                        }
                        entries.add(entry);
                    });
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessage("not now");
                }
            }
            assertThat(status).contains(Status.PERSISTED);
        }
        assertThat(refused).hasSizeGreaterThan(10);
        requireAllOfIt(entries);
    }

    @Test
    void the_commit_tells_the_events_when_the_generation_was_deleted() throws IOException {
        saved(options());
        List<HistoryEntry> before;
        try (var daybook = open()) {
            before = daybook.history("x").events();
        }
        for (var generation : generations()) {
            delete(generation);
        }

        try (var daybook = open()) {
            var history = daybook.history("x");

            assertThat(history.gone()).isPresent();
            assertThat(history.events())
                    .extracting(HistoryEntry::kind)
                    .containsExactly(
                            "ExperimentInitialized",
                            "ParamsSet",
                            "ParamsSet",
                            "MetricDefined",
                            "Tagged",
                            "ExperimentCompleted");
            assertThat(history.events())
                    .extracting(HistoryEntry::time)
                    .isEqualTo(before.subList(0, 6).stream()
                            .map(HistoryEntry::time)
                            .toList());
            assertThat(history.events().get(4).details()).containsEntry("tag", "slow");
            for (int i = 0; i < 6; i++) {
                assertThat(history.events().get(i).details())
                        .as("what the journal said")
                        .isEqualTo(before.get(i).details());
            }
            assertThat(history.events().get(2).details())
                    .as("null, and not its text")
                    .containsOnlyKeys("dvclive/params.yaml:empty")
                    .containsValue(null);
            assertThatThrownBy(() -> ((Map<?, ?>) Objects.requireNonNull(
                                    history.events().get(0).details().get("environment")))
                            .clear())
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(daybook.verify()).isEqualTo(new Verification(0, 0, 0, 0, 0, List.of()));
        }
    }

    @Test
    void what_is_left_of_a_saved_experiment_whose_beginning_was_collected_is_sound() {
        try (var daybook = open()) {
            daybook.experiment("x").init().logMetric("loss", 1.0);
        }
        try (var daybook = open()) {
            daybook.experiment("keeps-the-second-generation").init();
            daybook.resume("x").save();
        }

        try (var daybook = open(options().withRetention(new Retention(Duration.ofDays(30), 0)))) {
            assertThat(daybook.collectJournal(false)).hasSize(1);
        }

        try (var daybook = open()) {
            assertThat(daybook.damage()).isEmpty();
            assertThat(daybook.verify().problems()).isEmpty();
            assertThat(daybook.verify("x").problems()).isEmpty();
            assertThat(daybook.history("x").gone()).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void a_save_works_at_each_durability(Durability durability) {
        try (var daybook = open(options().withDurability(durability))) {
            var run = daybook.experiment("x").init().setParam("lr", 0.5);
            for (long step = 0; step < 100; step++) {
                run.logMetric("loss", step, 1.0 / (step + 1));
            }
            run.makeCheckpoint("half way");
            var saved = run.save();

            assertThat(repo.show(saved.commit(), "dvclive/plots/metrics/loss.tsv"))
                    .hasLineCount(101);
        }
        try (var daybook = open()) {
            assertThat(daybook.verify()).isEqualTo(new Verification(1, 1, 7, 100, 1, List.of()));
        }
        repo.assertSound();
    }
}
