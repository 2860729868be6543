package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HistoryTest {

    private final World world = new World();

    @AfterEach
    void the_journal_is_sound_whatever_was_done() {
        world.requireSound();
    }

    private static List<HistoryEntry> all(History history) {
        var entries = new ArrayList<HistoryEntry>();
        history.forEach(entries::add);
        return entries;
    }

    private static List<String> kinds(List<HistoryEntry> entries) {
        return entries.stream().map(HistoryEntry::kind).toList();
    }

    /** Two processes, with another experiment in between; not completed. */
    private World.Worker begunAndResumed() {
        var one = world.process();
        var run = one.begin("x").setParam("lr", 0.1);
        var other = one.begin("other");
        run.logMetric("loss", 0, 0.5);
        other.logMetric("loss", 0, 9.0);
        run.logMetric("acc", 0, Double.NaN);
        run.makeCheckpoint("half way");
        run.setParam("lr", 0.2).setParam("depth", 3);
        run.logMetric("loss", 7, 0.25);
        one.die();
        var two = world.process();
        var resumed = two.daybook().resume("x");
        resumed.logMetric("loss", 8, -1.0);
        resumed.makeCheckpoint("later");
        return two;
    }

    private static <T> T detail(HistoryEntry entry, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(entry.details().get(name)));
    }

    /** Folds by hand, and compares at each position. */
    private static void requireMoments(History history) {
        var naive = new NaiveDaybook.Naive(0, "x", "", 0);
        var params = new java.util.LinkedHashMap<String, Object>();
        var messages = new ArrayList<String>();
        var state = ExperimentState.UNINITIALIZED;
        for (var entry : all(history)) {
            switch (entry.kind()) {
                case "ExperimentInitialized" -> state = ExperimentState.ACTIVE;
                case "ExperimentCompleted" -> state = ExperimentState.COMPLETED;
                case "ExperimentPersisted" -> state = ExperimentState.PERSISTED;
                case "ExperimentDiscarded" -> state = ExperimentState.UNINITIALIZED;
                case "ParamsSet" -> params.putAll(entry.details());
                case "MetricDefined" -> naive.define(detail(entry, "name", String.class));
                case "CheckpointMade" -> messages.add(detail(entry, "message", String.class));
                case HistoryEntry.METRIC_LOGGED ->
                    naive.log(
                            detail(entry, "name", String.class),
                            detail(entry, "step", Long.class),
                            detail(entry, "value", Double.class));
                default -> {}
            }

            var moment = history.at(entry.position().orElseThrow());

            assertThat(moment.state()).as(entry.toString()).isEqualTo(state);
            assertThat(moment.time()).as(entry.toString()).isEqualTo(entry.time());
            assertThat(moment.params().entries()).as(entry.toString()).hasSameSizeAs(params.keySet());
            params.forEach((key, value) -> assertThat(moment.params().get(key)).contains(value));
            assertThat(moment.metrics()).as(entry.toString()).isEqualTo(naive.summaries());
            assertThat(moment.checkpoints())
                    .as(entry.toString())
                    .extracting(Checkpoint::message)
                    .containsExactlyElementsOf(messages);
        }
    }

    @Test
    void gives_events_and_metric_values_in_their_order_over_two_processes() {
        var entries = all(begunAndResumed().daybook().history("x"));

        assertThat(kinds(entries))
                .containsExactly(
                        "ExperimentInitialized",
                        "ParamsSet",
                        "MetricDefined",
                        "MetricLogged",
                        "MetricDefined",
                        "MetricLogged",
                        "CheckpointMade",
                        "ParamsSet",
                        "ParamsSet",
                        "MetricLogged",
                        "ExperimentResumed",
                        "MetricLogged",
                        "CheckpointMade");
        assertThat(entries.get(3).details()).isEqualTo(Map.of("name", "loss", "step", 0L, "value", 0.5));
        assertThat(entries.get(11).details()).isEqualTo(Map.of("name", "loss", "step", 8L, "value", -1.0));
        assertThat(entries).extracting(HistoryEntry::time).isSorted();
    }

    @Test
    void each_position_is_there_once_and_rises_within_a_generation() {
        var positions = all(begunAndResumed().daybook().history("x")).stream()
                .map(entry -> entry.position().orElseThrow())
                .toList();

        assertThat(positions).doesNotHaveDuplicates();
        assertThat(positions.stream().map(HistoryPosition::generation).distinct())
                .containsExactly("00000000", "00000001");
        assertThat(positions)
                .isSortedAccordingTo(java.util.Comparator.comparing(HistoryPosition::generation)
                        .thenComparing(HistoryPosition::document));
    }

    @Test
    void events_are_the_same_without_the_metric_values() {
        var history = begunAndResumed().daybook().history("x");

        assertThat(history.events())
                .isEqualTo(all(history).stream()
                        .filter(entry -> !entry.kind().equals(HistoryEntry.METRIC_LOGGED))
                        .toList());
    }

    @Test
    void at_each_position_of_an_unfinished_experiment_stands_what_was_folded_till_then() {
        requireMoments(begunAndResumed().daybook().history("x"));
    }

    @Test
    void at_each_position_of_a_saved_experiment_stands_what_was_folded_till_then() {
        var worker = begunAndResumed();
        worker.find("x").save();

        var history = worker.daybook().history("x");

        assertThat(kinds(history.events())).endsWith("ExperimentCompleted", "SavePrepared", "ExperimentPersisted");
        requireMoments(history);
    }

    @Test
    void at_each_position_of_a_discarded_experiment_stands_what_was_folded_till_then() {
        var worker = begunAndResumed();
        var id = worker.daybook().history("x").id();
        worker.find("x").discard();

        var history = worker.daybook().history(id, "x");

        assertThat(kinds(history.events())).endsWith("ExperimentDiscarded");
        requireMoments(history);
    }

    @Test
    void reads_anew_each_time() {
        var worker = world.process();
        var run = worker.begin("x");
        var history = worker.daybook().history("x");
        assertThat(kinds(all(history))).containsExactly("ExperimentInitialized");

        run.logMetric("loss", 1.0);

        assertThat(kinds(all(history))).containsExactly("ExperimentInitialized", "MetricDefined", "MetricLogged");
        assertThat(history.name()).isEqualTo("x");
    }

    @Test
    void the_unfinished_one_comes_before_the_saved_ones_of_its_name() {
        var worker = world.process();
        worker.begin("x").save();
        world.git.setHead("3".repeat(40));
        worker.begin("x").setParam("depth", 1);

        assertThat(kinds(worker.daybook().history("x").events())).containsExactly("ExperimentInitialized", "ParamsSet");
    }

    @Test
    void where_the_journal_is_gone_the_commit_tells_what_it_knows() {
        var worker = world.process();
        var run = worker.begin("x").setParam("lr", 0.1);
        run.logMetric("loss", 1.0);
        run.save();
        var before = worker.daybook().history("x").events();
        worker.die();
        world.store.delete(0);

        var history = world.process().daybook().history("x");

        assertThat(history.gone())
                .contains(
                        "this repository has no journal of experiment 'x'; what happened to it is known from its commit,"
                                + " without metric values");
        assertThat(kinds(history.events()))
                .containsExactly("ExperimentInitialized", "ParamsSet", "MetricDefined", "ExperimentCompleted");
        assertThat(all(history)).isEqualTo(history.events());
        assertThat(history.events())
                .extracting(HistoryEntry::time)
                .isEqualTo(before.subList(0, 4).stream().map(HistoryEntry::time).toList());
        assertThat(history.events())
                .allSatisfy(entry -> assertThat(entry.position()).isEmpty());
        assertThatThrownBy(() -> history.at(before.get(0).position().orElseThrow()))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void one_that_was_given_before_the_save_tells_what_the_commit_knows_too() {
        var worker = world.process();
        var run = worker.begin("x").setParam("lr", 0.1);
        var early = worker.daybook().history("x");
        run.save();
        worker.die();
        world.store.delete(0);
        var late = world.process().daybook().history("x");

        for (var history : List.of(early, run.history())) {
            assertThat(history.events()).isNotEmpty().isEqualTo(late.events());
            assertThat(all(history)).isEqualTo(late.events());
            assertThat(history.gone()).isEqualTo(late.gone());
        }
    }

    @Test
    void where_the_journal_of_a_discarded_experiment_is_gone_nothing_tells_of_it() {
        var worker = world.process();
        var run = worker.begin("x");
        var history = run.history();
        run.discard();
        worker.die();
        world.store.delete(0);

        assertThat(history.events()).isEmpty();
        assertThat(history.gone())
                .contains("this repository has neither a journal nor a commit that tells of experiment 'x'");
    }

    @Test
    void where_a_part_of_the_journal_is_gone_it_says_behind_what() {
        var cut = new World(); // not sound any more
        var one = cut.process();
        one.begin("x").setParam("lr", 0.1);
        one.die();
        var two = cut.process();
        two.daybook().resume("x").setParam("lr", 0.2);
        two.die();
        var three = cut.process();
        three.daybook().resume("x").save();
        three.die();
        cut.store.delete(1);

        var history = cut.process().daybook().history("x");

        assertThat(kinds(history.events())).containsExactly("ExperimentInitialized", "ParamsSet");
        assertThat(history.gone())
                .hasValueSatisfying(
                        sentence -> assertThat(sentence).endsWith("what follows the 2 events before it is missing"));
    }

    @Test
    void nothing_is_gone_while_the_journal_is_there() {
        var worker = world.process();
        worker.begin("x").save();

        assertThat(worker.daybook().history("x").gone()).isEmpty();
    }

    @Test
    void a_position_of_another_experiment_is_refused() {
        var worker = begunAndResumed();
        var strange = all(worker.daybook().history("other")).get(0).position().orElseThrow();

        assertThatThrownBy(() -> worker.daybook().history("x").at(strange))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("there is nothing of experiment 'x' at " + strange
                        + "; 'history' prints the positions that there are");
    }

    @Test
    void an_unknown_name_is_refused() {
        assertThatThrownBy(() -> world.process().daybook().history("x"))
                .isInstanceOf(NoSuchExperimentException.class)
                .hasMessage("there is no experiment 'x' of Daybook in this repository;"
                        + " 'daybook list' or Daybook.experiments() lists what there is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"20261123T161900.123Z-9f3a61c2#12", "00000000#0", "g#3.5", "g#1.200"})
    void a_position_is_what_its_text_says(String text) {
        assertThat(HistoryPosition.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "g", "g#", "#1", "g#-1", "g#1.", "g#1.x", "g#1.2.3", "g#1#2", "g#99999999999999999999"})
    void what_is_no_position_is_refused(String text) {
        assertThatThrownBy(() -> HistoryPosition.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("'" + text + "' is no position");
    }

    @Test
    void a_slot_that_no_record_can_have_is_no_position() {
        assertThatThrownBy(() -> HistoryPosition.parse("g#1.9999999999")).isInstanceOf(InvalidInputException.class);
    }
}
