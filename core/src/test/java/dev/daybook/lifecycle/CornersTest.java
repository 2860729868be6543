package dev.daybook.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Corners that were wrong once. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CornersTest {

    private static final Code CODE = new Code("1".repeat(40), "2".repeat(40));
    private static final Code LATER = new Code("3".repeat(40), "4".repeat(40));
    private static final Event.SavePrepared PREPARED =
            new Event.SavePrepared("refs/exps/1/2/x", "c".repeat(40), "d".repeat(40), Optional.of(LATER));

    @Test
    void an_empty_map_of_a_file_vanishes_when_something_is_set_in_it() {
        var data = begun(Map.of("a", map(Map.of())));

        assertThat(keys(set(data, "p.yaml:a.b", ParamValue.of(1)))).containsExactly("p.yaml:a.b");
    }

    @Test
    void a_key_without_a_file_is_in_the_file_that_has_it_wherever_else_it_was_set() {
        var data = set(begun(Map.of("lr", ParamValue.of(1))), "q.yaml:lr", ParamValue.of(2));

        assertThat(data.resolve(ParamKey.of("lr"))).hasToString("p.yaml:lr");
    }

    @Test
    void two_keys_of_one_call_mean_what_they_mean_in_two_calls() {
        var both = new LinkedHashMap<ParamKey, ParamValue>();
        both.put(ParamKey.parse("conf.yaml:x"), ParamValue.of(1));
        both.put(ParamKey.parse("x"), ParamValue.of(2));

        var once = take(begun(Map.of()), new Command.SetParams(both));
        var twice = set(set(begun(Map.of()), "conf.yaml:x", ParamValue.of(1)), "x", ParamValue.of(2));

        assertThat(once.params()).isEqualTo(twice.params()).hasSize(1);
    }

    @Test
    void a_bottomless_value_is_refused() {
        ParamValue value = ParamValue.of(1);
        for (int i = 0; i < 20_000; i++) {
            value = map(Map.of("k", value));
        }

        assertThat(refusal(begun(Map.of()), new Command.SetParams(Map.of(ParamKey.of("a"), value))))
                .contains("nested deeper than 100");
    }

    @Test
    void a_map_with_entries_is_no_leaf_of_an_event() {
        assertThatThrownBy(() ->
                        new Event.ParamsSet(Map.of(ParamKey.parse("p.yaml:a"), map(Map.of("b", ParamValue.of(1))))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keys_are_read_back_as_written() {
        for (var key :
                List.of(ParamKey.of("a.yaml:b"), ParamKey.of("", "a"), ParamKey.of("a\\", "b.c"), ParamKey.of("x:y"))) {
            assertThat(ParamKey.parse(key.toString())).isEqualTo(key);
        }
    }

    @Test
    void an_id_has_one_spelling() {
        assertThatThrownBy(() -> ExperimentId.parse("1-1-1-1-1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void invisible_characters_beyond_the_first_plane_are_seen() {
        assertThat(Names.experiment("a\udb40\udc41")).isPresent();
        assertThat(Names.metric("a\udb40\udc41")).isPresent();
    }

    @Test
    void no_path_leaves_the_repository() {
        for (var path :
                List.of("../../etc/passwd", ".git/config", "a//b", "a\nb", "git~1/x", ".GIT./x", ".git ./x", "a\\b")) {
            var artifact = new Event.ArtifactAdded(path, "md5", "0".repeat(32), 1, 1);
            assertThat(refusal(begun(Map.of()), new Command.AddArtifact(artifact)))
                    .startsWith("artifact '");
        }
    }

    @Test
    void no_parameter_file_is_outside_the_repository() {
        for (var file : List.of("../p.yaml", ".git/p.yaml", ".git./p.yaml", "git~1/p.yaml", "/p.yaml", "a//p.yaml")) {
            assertThat(Names.parameter(new ParamKey(Optional.of(file), List.of("a"))))
                    .as(file)
                    .isPresent();
        }
    }

    @Test
    void the_last_step_has_its_name_for_itself() {
        assertThat(Names.metric("step")).isPresent();
        assertThat(Names.metric("step/loss")).isPresent();
        assertThat(Names.metric("steps/loss")).isEmpty();
    }

    @Test
    void a_save_that_is_confirmed_cannot_be_abandoned() {
        var data = fold(
                initialized(Map.of()),
                new Event.ExperimentCompleted(Outcome.succeeded(), Optional.empty()),
                PREPARED,
                new Event.ExperimentPersisted(PREPARED.ref(), PREPARED.commit()));

        assertThat(refusal(data, new Command.AbandonSave("x"))).contains("PERSISTED");
    }

    @Test
    void the_code_of_an_abandoned_save_stays_the_code_that_was_recorded_last() {
        var data = fold(
                initialized(Map.of()),
                new Event.ExperimentCompleted(Outcome.failed("why"), Optional.of(CODE)),
                PREPARED,
                new Event.SaveAbandoned("taken"));

        assertThat(data.lastCode()).isEqualTo(LATER);
        assertThat(data.completed().orElseThrow().outcome()).isEqualTo(Outcome.failed("why"));
    }

    private static ParamValue.MapValue map(Map<String, ParamValue> entries) {
        return new ParamValue.MapValue(entries);
    }

    private static Event initialized(Map<String, ParamValue> params) {
        return new Event.ExperimentInitialized(
                "x", CODE, Map.of("p.yaml", map(params)), new Author("", ""), "dvclive", Optional.empty(), Map.of());
    }

    private static ExperimentData begun(Map<String, ParamValue> params) {
        return fold(initialized(params));
    }

    private static ExperimentData fold(Event... events) {
        var fold = new ExperimentFold();
        List.of(events).forEach(fold::event);
        return fold.data();
    }

    private static ExperimentData set(ExperimentData data, String key, ParamValue value) {
        return take(data, new Command.SetParams(Map.of(ParamKey.parse(key), value)));
    }

    private static ExperimentData take(ExperimentData data, Command command) {
        return Decider.decide(data, command).get().foldLeft(data, ExperimentFold::evolve);
    }

    private static String refusal(ExperimentData data, Command command) {
        return Decider.decide(data, command).getLeft().message();
    }

    private static List<String> keys(ExperimentData data) {
        return data.params().stream().map(param -> param.key().toString()).toList();
    }
}
