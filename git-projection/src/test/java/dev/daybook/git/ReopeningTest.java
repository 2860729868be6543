package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Daybook that is opened makes of the generations that others have left: what it reads, and what deletion leaves of them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReopeningTest {

    private static final Retention NOTHING = new Retention(Duration.ZERO, 0);

    @TempDir
    Path temp;

    private GitRepo repo;
    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
    }

    private Daybook open() {
        return open(Retention.FOREVER);
    }

    private Daybook open(Retention retention) {
        return Daybook.open(
                repo.top,
                DaybookOptions.defaults()
                        .withWarnings(warnings::add)
                        .withGenerationBytes(1 << 20)
                        .withRetention(retention));
    }

    private Path journal() {
        return repo.top.resolve(".git/daybook/journal");
    }

    private List<Path> files(String name) throws IOException {
        // not walked: a generation that is being made is renamed meanwhile
        try (var generations = Files.list(journal())) {
            return generations
                    .map(generation -> generation.resolve(name))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
        }
    }

    private List<Path> queues() throws IOException {
        return files("19700101F.cq4");
    }

    private static List<String> named(Daybook daybook, Status status) {
        return daybook.experiments().stream()
                .filter(each -> each.status() == status)
                .map(ExperimentSummary::name)
                .sorted()
                .toList();
    }

    /** Logs until there are so many generations more. */
    private void rotate(Experiment run, int more) throws IOException {
        var metric = run.metric("loss");
        int before = queues().size();
        while (queues().size() < before + more) {
            for (int i = 0; i < 2_000; i++) {
                metric.log(i);
            }
        }
    }

    @Test
    void what_finished_generations_hold_is_not_read_where_all_of_it_is_settled() throws IOException {
        for (int i = 1; i <= 4; i++) {
            int number = i;
            try (var daybook = open()) {
                daybook.run("x" + i, run -> run.logMetric("loss", number));
                var other = daybook.experiment("y" + i).init();
                other.logMetric("loss", 0);
                other.discard();
            }
        }
        // whoever reads one byte of this finds that it cannot be right
        for (var queue : queues()) {
            var bytes = new byte[(int) Files.size(queue)];
            Arrays.fill(bytes, (byte) 0x55);
            Files.write(queue, bytes);
        }
        assertThat(queues()).hasSize(4);

        try (var daybook = open()) {
            assertThat(named(daybook, Status.PERSISTED)).containsExactly("x1", "x2", "x3", "x4");
            assertThat(daybook.experiments()).hasSize(4);
            assertThat(daybook.find("x1")).isEmpty();
            assertThat(daybook.damage()).isEmpty();
            daybook.run("x5", run -> run.logMetric("loss", 5));
            assertThat(daybook.damage()).isEmpty();
        }
        // and it would have been seen
        Files.delete(files("contents").get(1));
        try (var daybook = open()) {
            assertThat(daybook.damage()).hasSize(1);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void what_another_process_has_saved_is_not_interrupted_although_its_first_owner_lives() {
        try (var first = open()) {
            try (var run = first.experiment("x").init()) {
                run.logMetric("loss", 1);
            }
            try (var second = open()) {
                second.resume("x").save();
            }
            try (var third = open()) {
                assertThat(named(third, Status.PERSISTED)).containsExactly("x");
                assertThat(third.experiments()).hasSize(1);
                assertThat(third.find("x")).isEmpty();
                assertThat(third.damage()).isEmpty();
            }
            assertThat(first.experiments()).hasSize(1);
            assertThat(first.find("x")).isEmpty();
        }
    }

    @Test
    void what_was_saved_over_several_generations_stays_saved_while_an_idle_one_keeps_its_beginning()
            throws IOException {
        try (var daybook = open()) {
            var idle = daybook.experiment("idle").init();
            var run = daybook.experiment("long").init();
            rotate(run, 2);
            run.save();

            try (var other = open(NOTHING)) {
                other.collectJournal(false);
                assertThat(named(other, Status.PERSISTED)).containsExactly("long");
                assertThat(named(other, Status.RUNNING)).containsExactly("idle");
                assertThat(other.experiments()).hasSize(2);
                assertThat(other.damage()).isEmpty();
            }
            idle.logMetric("loss", 1);
            idle.close();
        }
        try (var later = open(NOTHING)) {
            assertThat(named(later, Status.INTERRUPTED)).containsExactly("idle");
            assertThat(later.damage()).isEmpty();
            later.collectJournal(false);
        }
        try (var later = open()) {
            assertThat(named(later, Status.INTERRUPTED)).containsExactly("idle");
            assertThat(later.experiments()).hasSize(2);
            assertThat(later.damage()).isEmpty();
            later.resume("idle").discard();
        }
        try (var later = open(NOTHING)) {
            later.collectJournal(false);
            assertThat(queues()).isEmpty();
            assertThat(later.experiments()).hasSize(1);
            assertThat(later.damage()).isEmpty();
            assertThat(later.verify().problems()).isEmpty();
        }
    }

    @Test
    void after_deletion_the_beginning_of_what_a_living_process_has_saved_is_not_missed() throws IOException {
        try (var daybook = open()) {
            var run = daybook.experiment("long").init();
            rotate(run, 2);
            run.save();
            var all = queues();
            while (daybook.collectJournal(true).isEmpty()
                    && Files.notExists(all.get(0).resolveSibling("contents"))) {
                Thread.onSpinWait();
            }
            try (var other = open(NOTHING)) {
                assertThat(other.collectJournal(false)).isNotEmpty();
            }
            assertThat(queues()).isNotEmpty().doesNotContain(all.get(0));

            try (var other = open()) {
                assertThat(named(other, Status.PERSISTED)).containsExactly("long");
                assertThat(other.experiments()).hasSize(1);
                assertThat(other.damage()).isEmpty();
            }
            assertThat(daybook.damage()).isEmpty();
            assertThat(daybook.experiments()).hasSize(1);
        }
    }
}
