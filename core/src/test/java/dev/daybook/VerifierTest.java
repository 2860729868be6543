package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.port.Chain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VerifierTest {

    private final World world = new World();

    /** Two generations: a saved experiment over both, with 3 values, and an interrupted one with 1. */
    private SavedExperiment savedOverTwoProcesses() {
        var one = world.process();
        var run = one.begin("x");
        run.logMetric("loss", 1.0);
        run.logMetric("loss", 2.0);
        one.begin("other").logMetric("loss", 9.0);
        one.die();
        var two = world.process();
        var resumed = two.daybook().resume("x");
        resumed.logMetric("loss", 3.0);
        var saved = resumed.save();
        two.die();
        return saved;
    }

    @Test
    void counts_all_that_it_has_checked() {
        savedOverTwoProcesses();

        var found = world.process().daybook().verify();

        assertThat(found).isEqualTo(new Verification(2, 2, world.events().size(), 4, 1, List.of()));
        assertThat(found.isSound()).isTrue();
    }

    @Test
    void says_how_far_it_is() {
        savedOverTwoProcesses();
        var said = new ArrayList<String>();
        Progress progress = (what, done, all, unit) -> said.add(what + " " + done + " of " + all);

        var daybook = world.process(world.options().withProgress(progress)).daybook();
        daybook.verify();

        assertThat(said)
                .containsExactly(
                        "reading experiments 0 of 1",
                        "checking commits 0 of 1",
                        "checking the journal 0 of 2",
                        "checking the journal 1 of 2");
    }

    @Test
    void counts_one_experiment_alone() {
        savedOverTwoProcesses();

        var daybook = world.process().daybook();

        assertThat(daybook.verify("x")).isEqualTo(new Verification(2, 1, 6, 3, 1, List.of()));
        assertThat(daybook.verify("other")).isEqualTo(new Verification(1, 1, 2, 1, 0, List.of()));
    }

    @Test
    void finds_a_commit_that_records_another_chain_than_the_journal() {
        var saved = savedOverTwoProcesses();
        world.git.setChain(saved.commit(), new Chain("0".repeat(64)));
        var sentence = "experiment 'x': its commit " + saved.commit()
                + " records 4 events with another chain than the journal has";

        var daybook = world.process().daybook();

        assertThat(daybook.verify().problems()).containsExactly(sentence);
        assertThat(daybook.verify().isSound()).isFalse();
        assertThat(daybook.verify("x").problems()).containsExactly(sentence);
        assertThat(daybook.verify("other").problems()).isEmpty();
    }

    @Test
    void where_the_journal_is_gone_there_is_nothing_to_compare_a_commit_with() {
        var worker = world.process();
        worker.begin("x").save();
        worker.die();
        world.store.delete(0);

        var daybook = world.process().daybook();

        assertThat(daybook.verify()).isEqualTo(new Verification(0, 0, 0, 0, 0, List.of()));
        assertThat(daybook.verify("x")).isEqualTo(new Verification(0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void a_beginning_that_is_missing_is_a_problem_while_the_experiment_is_unfinished() {
        var one = world.process();
        one.begin("x");
        one.die();
        world.process().daybook().resume("x");
        world.store.delete(0);

        var found = world.process().daybook().verify();

        assertThat(found.problems())
                .singleElement()
                .asString()
                .endsWith("goes on in the journal, but its beginning is missing");
    }

    @Test
    void what_is_saved_while_the_journal_is_being_read_is_no_problem() {
        var run = world.process().begin("x");
        var saves = new AtomicReference<Runnable>(run::save);
        var daybook =
                world.interrupted("damage", () -> saves.getAndSet(() -> {}).run());

        assertThat(daybook.verify().problems()).isEmpty();

        assertThat(world.git.refs()).hasSize(1);
        assertThat(daybook.verify().commits()).isOne();
    }

    @Test
    void a_long_journal_takes_no_more_memory_than_a_short_one() throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VerifyingProgram.class.getName())
                .redirectErrorStream(true)
                .start();
        try (var out = process.getInputStream()) {
            assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualToIgnoringNewLines(
                            new Verification(1, 1, VerifyingProgram.EVENTS, 0, 0, List.of()).toString());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void a_beginning_that_was_deleted_is_no_problem_of_a_saved_experiment() {
        var one = world.process();
        one.begin("x");
        one.die();
        var two = world.process();
        two.daybook().resume("x").save();
        two.die();
        world.store.delete(0);

        assertThat(world.process().daybook().verify().problems()).isEmpty();
    }

    @Test
    void a_middle_that_was_deleted_is_no_problem_of_a_saved_experiment() {
        savedOverThreeProcesses();
        world.store.delete(1);

        var daybook = world.process().daybook();

        assertThat(daybook.verify().problems()).isEmpty();
        assertThat(daybook.verify("x").problems()).isEmpty();
        assertThat(daybook.verify().commits()).isZero();
    }

    private void savedOverThreeProcesses() {
        var one = world.process();
        one.begin("x");
        one.die();
        var two = world.process();
        two.daybook().resume("x").setParam("lr", 0.1);
        two.die();
        var three = world.process();
        three.daybook().resume("x").save();
        three.die();
    }

    @Test
    void reads_what_has_come_since_it_was_asked_last() {
        var worker = world.process();
        var run = worker.begin("x");
        assertThat(worker.daybook().verify().events()).isEqualTo(1);

        run.logMetric("loss", 1.0);

        assertThat(worker.daybook().verify()).isEqualTo(new Verification(1, 1, 2, 1, 0, List.of()));
    }

    @Test
    void an_empty_journal_is_sound() {
        assertThat(world.process().daybook().verify()).isEqualTo(new Verification(0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void an_unknown_name_is_refused() {
        assertThatThrownBy(() -> world.process().daybook().verify("x")).isInstanceOf(NoSuchExperimentException.class);
    }
}
