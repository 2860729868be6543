package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HistoryCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    /** Objects, one per line. */
    static List<JsonNode> jsonLines(String out) {
        var mapper = new ObjectMapper();
        return out.lines()
                .map(line -> {
                    try {
                        return mapper.readTree(line);
                    } catch (JsonProcessingException e) {
                        throw new AssertionError(line, e);
                    }
                })
                .toList();
    }

    private List<JsonNode> history(String... more) {
        var args = new java.util.ArrayList<>(List.of("history", "x", "--json"));
        args.addAll(List.of(more));
        var result = repository.daybook(args.toArray(String[]::new));
        assertThat(result.code()).as(result.toString()).isZero();
        return jsonLines(result.out());
    }

    private static List<String> kinds(List<JsonNode> lines) {
        return lines.stream().map(line -> line.get("kind").textValue()).toList();
    }

    @Test
    void prints_each_event_and_value_of_an_unfinished_experiment_on_a_line() {
        repository.interrupted("x", NOON, run -> {
            run.setParam("depth", 3).setParam("text", "a\nb");
            TestRepository.logLoss(run);
        });

        var result = repository.daybook("history", "x");

        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        var position = "[0-9TZ.]+-[0-9a-f]+#\\d+(\\.\\d+)?";
        assertThat(result.out().lines().map(line -> line.replaceAll(position, "POSITION")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("2026-11-23 12:00:00.000  POSITION  ExperimentInitialized  name=x  head="
                                        + repository.head()),
                        line -> assertThat(line).matches(".*  POSITION  ParamsSet  \\S*depth=3"),
                        line -> assertThat(line).matches(".*  POSITION  ParamsSet  \\S*text=a\\\\nb"),
                        line -> assertThat(line).endsWith("  POSITION  MetricDefined  name=loss"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "2026-11-23 12:00:00.000  POSITION  MetricLogged  name=loss  step=0  value=0.5"),
                        line -> assertThat(line)
                                .endsWith("  POSITION  MetricLogged  name=loss  step=10  value=0.3333333333333333"));
    }

    @Test
    void gives_an_object_per_line_as_json() {
        repository.interrupted("x", NOON, run -> {
            TestRepository.logLoss(run);
            run.logMetric("loss", 11, Double.NaN);
        });

        var lines = history();

        assertThat(kinds(lines))
                .containsExactly(
                        "ExperimentInitialized", "MetricDefined", "MetricLogged", "MetricLogged", "MetricLogged");
        assertThat(lines.get(3).get("details"))
                .hasToString("{\"name\":\"loss\",\"step\":10,\"value\":0.3333333333333333}");
        assertThat(lines.get(4).get("details").get("value").textValue()).isEqualTo("NaN");
        assertThat(lines.get(0).get("time").textValue()).isEqualTo("2026-11-23T12:00:00Z");
        assertThat(lines).extracting(line -> line.get("position").textValue()).doesNotHaveDuplicates();
    }

    @Test
    void leaves_the_metric_values_out_if_asked() {
        repository.saved("x", NOON, TestRepository::logLoss);

        assertThat(kinds(history("--events")))
                .containsExactly(
                        "ExperimentInitialized",
                        "MetricDefined",
                        "ExperimentCompleted",
                        "SavePrepared",
                        "ExperimentPersisted");
        assertThat(kinds(history())).hasSize(7);
    }

    @Test
    void shows_the_experiment_as_it_stood_at_a_position() {
        repository.interrupted("x", NOON, run -> {
            run.setParam("depth", 3);
            TestRepository.logLoss(run);
            run.setParam("depth", 4);
            run.fail("out of memory");
        });
        var position = history().get(3).get("position").textValue();

        assertThat(repository.daybook("history", "x", "--at", position))
                .isEqualTo(new Result(0, """
                        name      x
                        position  POSITION
                        state     active
                        time      2026-11-23 12:00:00.000

                        parameter  value  from
                        lr           0.1  params.yaml
                        depth          3  set, for dvclive/params.yaml

                        metric  count  last step  last  min  max  mean
                        loss        1          0   0.5  0.5  0.5   0.5
                        """.replace("POSITION", position), ""));
    }

    @Test
    void gives_the_experiment_as_it_stood_at_a_position_as_json() {
        repository.saved("x", NOON, run -> {
            TestRepository.logLoss(run);
            run.makeCheckpoint("half way");
        });
        var lines = history();
        var position = lines.get(lines.size() - 1).get("position").textValue();

        var json =
                repository.daybook("history", "x", "--json", "--at", position).json();

        assertThat(json.get("state").textValue()).isEqualTo("persisted");
        assertThat(json.get("position").textValue()).isEqualTo(position);
        assertThat(json.get("params")).hasToString("{\"lr\":0.1}");
        assertThat(json.get("origins")).hasToString("{\"lr\":{\"file\":\"params.yaml\",\"set\":false}}");
        assertThat(json.get("summaries").findValuesAsText("count")).containsExactly("2");
        assertThat(json.get("checkpoints").findValuesAsText("message")).containsExactly("half way");
    }

    @Test
    void where_the_journal_is_gone_it_prints_what_the_commit_tells() throws IOException {
        repository.saved("x", NOON, TestRepository::logLoss);
        var position = history().get(0).get("position").textValue();
        repository.deleteJournal();

        var result = repository.daybook("history", "x");

        assertThat(result.code()).isZero();
        assertThat(result.out().lines().map(line -> line.split(" +", 5)[3]))
                .containsExactly("ExperimentInitialized", "MetricDefined", "ExperimentCompleted");
        assertThat(result.out()).startsWith("2026-11-23 12:00:00.000  -  ExperimentInitialized  name=x");
        assertThat(result.err())
                .isEqualTo(
                        "this repository has no journal of experiment 'x'; what happened to it is known from its commit,"
                                + " without metric values\n");
        assertThat(history().get(0).get("position").isNull()).isTrue();
        var at = repository.daybook("history", "x", "--at", position);
        assertThat(at.code()).isEqualTo(1);
        assertThat(at.err())
                .contains("has no journal of", "daybook: there is nothing of experiment 'x' at " + position);
    }

    @Test
    void of_several_saved_ones_it_takes_that_of_the_present_baseline_or_of_a_whole_ref() {
        var first = repository.saved("x", NOON, run -> {});
        repository.commit("train.txt", "more\n");
        var second = repository.saved("x", NOON.plusSeconds(1), TestRepository::logLoss);
        repository.git("checkout", "--quiet", "--detach", first.baseline());

        assertThat(repository.daybook("history", "x").out()).contains("head=" + first.baseline());
        assertThat(repository.daybook("history", second.ref()).out()).contains("head=" + second.baseline());
        assertThat(repository.daybook("verify", second.ref(), "--json").json().get("records"))
                .hasToString("2");

        repository.commit("train.txt", "another one\n");
        var unclear = repository.daybook("history", "x");
        assertThat(unclear.code()).isEqualTo(1);
        assertThat(unclear.err())
                .startsWith("daybook: the name 'x' means several experiments")
                .contains(first.ref(), second.ref())
                .hasLineCount(1);
    }

    @Test
    void an_unknown_name_is_an_error() {
        var result = repository.daybook("history", "nowhere");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("daybook: there is no experiment 'nowhere' of Daybook in this repository")
                .hasLineCount(1);
    }

    @Test
    void what_dvc_has_saved_has_no_history() {
        repository.savedByDvc("x", Map.of("params.yaml", "lr: 0.2\n"));

        var sentence = "daybook: experiment 'x' was not written by Daybook and has no history\n";
        assertThat(repository.daybook("history", "x")).isEqualTo(new Result(1, "", sentence));
        assertThat(repository.daybook("verify", "x")).isEqualTo(new Result(1, "", sentence));
    }

    @Test
    void a_position_that_is_none_is_wrong_usage() {
        var result = repository.daybook("history", "x", "--at", "here");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("'here' is no position").hasLineCount(1);
    }

    @Test
    void a_position_where_nothing_is_is_an_error() {
        repository.interrupted("x", NOON, run -> {});

        var result = repository.daybook("history", "x", "--at", "nowhere#7");

        assertThat(result)
                .isEqualTo(new Result(
                        1,
                        "",
                        "daybook: there is nothing of experiment 'x' at nowhere#7;"
                                + " 'history' prints the positions that there are\n"));
    }
}
