package dev.daybook.lifecycle;

import static dev.daybook.lifecycle.LifecycleFixture.fold;
import static dev.daybook.lifecycle.LifecycleFixture.given;
import static dev.daybook.lifecycle.LifecycleFixture.initialized;
import static dev.daybook.lifecycle.LifecycleFixture.map;
import static dev.daybook.lifecycle.LifecycleFixture.number;
import static dev.daybook.lifecycle.LifecycleFixture.paramsSet;
import static dev.daybook.lifecycle.LifecycleFixture.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Where a parameter ends up, and which value it has. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ParamsTest {

    /** {@code params.yaml}: lr, model.depth, model.width, seeds; {@code conf/train.yaml}: lr, epochs. */
    private static final Event.ExperimentInitialized INITIALIZED = initialized(files());

    private static Map<String, ParamValue.MapValue> files() {
        var files = new LinkedHashMap<String, ParamValue.MapValue>();
        files.put(
                "params.yaml",
                map(
                        "lr", ParamValue.of(0.1),
                        "model", map("depth", number(3), "width", number(64)),
                        "seeds", ParamValue.of(List.of(number(1), number(2)))));
        files.put("conf/train.yaml", map("lr", ParamValue.of(0.2), "epochs", number(10)));
        return files;
    }

    @Test
    void the_files_say_what_nobody_overrides() {
        assertThat(shown(fold(INITIALIZED)))
                .containsExactly(
                        "params.yaml:lr=DoubleValue[value=0.1]",
                        "params.yaml:model.depth=LongValue[value=3]",
                        "params.yaml:model.width=LongValue[value=64]",
                        "params.yaml:seeds=ListValue[values=[LongValue[value=1], LongValue[value=2]]]",
                        "conf/train.yaml:lr=DoubleValue[value=0.2]",
                        "conf/train.yaml:epochs=LongValue[value=10]");
    }

    @Test
    void a_key_without_a_file_is_in_the_first_file_that_has_it() {
        given(INITIALIZED)
                .when(set("lr", number(1), "epochs", number(2), "model.depth", number(4)))
                .then(paramsSet(
                        "params.yaml:lr", number(1),
                        "conf/train.yaml:epochs", number(2),
                        "params.yaml:model.depth", number(4)));
    }

    @Test
    void a_key_that_no_file_has_is_in_the_output_folders_own() {
        given(INITIALIZED)
                .when(set("dropout", number(1), "model.heads", number(8)))
                .then(paramsSet(
                        "dvclive/params.yaml:dropout", number(1), "dvclive/params.yaml:model.heads", number(8)));
    }

    @Test
    void a_key_with_a_file_stays_there_whether_the_file_has_it_or_not() {
        given(INITIALIZED)
                .when(set("conf/train.yaml:lr", number(1), "conf/new.yaml:lr", number(2)))
                .then(paramsSet("conf/train.yaml:lr", number(1), "conf/new.yaml:lr", number(2)));
    }

    @Test
    void a_key_without_a_file_is_in_the_first_file_in_which_it_was_set() {
        given(INITIALIZED, paramsSet("one.yaml:dropout", number(1), "two.yaml:dropout", number(2)))
                .when(set("dropout", number(3)))
                .then(paramsSet("one.yaml:dropout", number(3)));
    }

    @Test
    void a_key_below_a_value_that_was_set_is_in_the_output_folders_own_file() {
        given(INITIALIZED, paramsSet("one.yaml:dropout", number(1)))
                .when(set("dropout.rate", number(3)))
                .then(paramsSet("dvclive/params.yaml:dropout.rate", number(3)));
    }

    @Test
    void an_element_is_in_the_list_that_was_set_last_in_the_same_call() {
        var one = ParamValue.of(List.of(number(1)));
        var two = ParamValue.of(List.of(number(1), number(2)));

        given(INITIALIZED)
                .when(set("conf/own.yaml:list", one, "list", two, "list.1", number(7)))
                .then(paramsSet("conf/own.yaml:list", two, "conf/own.yaml:list.1", number(7)));
    }

    @Test
    void an_override_beats_the_file_and_keeps_its_place() {
        var state = given(INITIALIZED)
                .when(set("model.depth", number(9), "dropout", ParamValue.of(0.5)))
                .then(paramsSet(
                        "params.yaml:model.depth", number(9), "dvclive/params.yaml:dropout", ParamValue.of(0.5)));

        assertThat(state.params())
                .filteredOn(Param::isOverride)
                .extracting(param -> param.key().toString())
                .containsExactly("params.yaml:model.depth", "dvclive/params.yaml:dropout");
        assertThat(shown(state))
                .hasSize(7)
                .startsWith("params.yaml:lr=DoubleValue[value=0.1]", "params.yaml:model.depth=LongValue[value=9]!")
                .endsWith("dvclive/params.yaml:dropout=DoubleValue[value=0.5]!");
    }

    @Test
    void the_last_set_wins_and_keeps_the_first_ones_place() {
        var state = fold(
                INITIALIZED,
                paramsSet("dvclive/params.yaml:a", number(1), "dvclive/params.yaml:b", number(2)),
                paramsSet("dvclive/params.yaml:a", number(3)));

        assertThat(state.overrides().keySet())
                .extracting(ParamKey::toString)
                .containsExactly("dvclive/params.yaml:a", "dvclive/params.yaml:b");
        assertThat(state.overrides().values()).containsExactly(number(3), number(2));
    }

    @Test
    void a_value_of_another_type_is_a_change_too() {
        var state = fold(
                INITIALIZED,
                paramsSet("a.yaml:x", ParamValue.of(Double.NaN)),
                paramsSet("a.yaml:x", ParamValue.of(0.0)),
                paramsSet("a.yaml:x", ParamValue.of(-0.0)));

        assertThat(state.overrides().values()).containsExactly(ParamValue.of(-0.0));
    }

    @Test
    void nested_maps_are_set_leaf_by_leaf() {
        given(INITIALIZED)
                .when(set("model", map("depth", number(4), "conv", map("kernel", number(3), "empty", map()))))
                .then(paramsSet(
                        "params.yaml:model.depth", number(4),
                        "dvclive/params.yaml:model.conv.kernel", number(3),
                        "dvclive/params.yaml:model.conv.empty", map()));
    }

    @Test
    void a_list_is_one_value_whatever_it_holds() {
        var list = ParamValue.of(List.of(map("a", number(1)), ParamValue.ofNull(), ParamValue.of("x")));

        given(INITIALIZED).when(set("seeds", list)).then(paramsSet("params.yaml:seeds", list));
    }

    @Test
    void of_two_values_for_one_leaf_in_one_call_the_last_one_is_taken() {
        given(INITIALIZED)
                .when(set("model", map("depth", number(4)), "model.depth", number(5)))
                .then(paramsSet("params.yaml:model.depth", number(5)));
    }

    @Test
    void a_value_in_place_of_a_map_takes_the_map_away_and_the_other_way_round() {
        var scalar = given(INITIALIZED).when(set("model", number(0))).then(paramsSet("params.yaml:model", number(0)));
        assertThat(shown(scalar))
                .contains("params.yaml:model=LongValue[value=0]!")
                .noneMatch(shown -> shown.contains("model."));

        var tree = given(INITIALIZED, paramsSet("dvclive/params.yaml:opt", number(0)))
                .when(set("dvclive/params.yaml:opt.name", ParamValue.of("sgd")))
                .then(paramsSet("dvclive/params.yaml:opt.name", ParamValue.of("sgd")));
        assertThat(tree.overrides().keySet())
                .extracting(ParamKey::toString)
                .containsExactly("dvclive/params.yaml:opt.name");

        var whole = given(INITIALIZED, paramsSet("dvclive/params.yaml:opt.name", number(0)))
                .when(set("dvclive/params.yaml:opt", number(1)))
                .then(paramsSet("dvclive/params.yaml:opt", number(1)));
        assertThat(whole.overrides().keySet())
                .extracting(ParamKey::toString)
                .containsExactly("dvclive/params.yaml:opt");
    }

    @Test
    void what_is_set_below_a_value_or_a_list_that_was_set_takes_its_place() {
        var list = ParamValue.of(List.of(number(1), number(2)));
        var own = "dvclive/params.yaml:own";

        var below = given(INITIALIZED, paramsSet(own, number(0)))
                .when(set(own + ".0", number(1)))
                .then(paramsSet(own + ".0", number(1)));
        assertThat(below.overrides().toJavaMap()).isEqualTo(LifecycleFixture.values(own + ".0", number(1)));

        var named = given(INITIALIZED, paramsSet(own, list))
                .when(set(own + ".first", number(1)))
                .then(paramsSet(own + ".first", number(1)));
        assertThat(named.overrides().toJavaMap()).isEqualTo(LifecycleFixture.values(own + ".first", number(1)));

        var element = given(INITIALIZED, paramsSet(own, list))
                .when(set(own + ".0.k", number(3)))
                .then(paramsSet(own + ".0.k", number(3)));
        assertThat(element.overrides().toJavaMap())
                .isEqualTo(LifecycleFixture.values(own, ParamValue.of(List.of(map("k", number(3)), number(2)))));
    }

    @Test
    void a_value_below_a_value_of_the_file_is_refused() {
        given(INITIALIZED)
                .when(set("params.yaml:lr.warmup", number(1)))
                .refused("parameter 'params.yaml:lr.warmup' cannot be set: 'lr' is a value in that file, not a map; "
                        + "change it there first, or set 'lr' to a value");
        given(INITIALIZED)
                .when(set("params.yaml:seeds.first", number(1)))
                .refused("parameter 'params.yaml:seeds.first' cannot be set: 'seeds' is a value in that file, not a "
                        + "map; change it there first, or set 'seeds' to a value");
    }

    @Test
    void a_number_addresses_an_element_of_a_list_of_a_file() {
        var state = given(INITIALIZED)
                .when(set("seeds.1", number(7), "model.depth", number(4)))
                .then(paramsSet("params.yaml:seeds.1", number(7), "params.yaml:model.depth", number(4)));

        assertThat(shown(state))
                .hasSize(6)
                .contains("params.yaml:seeds=ListValue[values=[LongValue[value=1], LongValue[value=7]]]!");
        assertThat(state.overrides().keySet())
                .extracting(ParamKey::toString)
                .containsExactly("params.yaml:seeds.1", "params.yaml:model.depth");
        given(INITIALIZED)
                .when(set("params.yaml:seeds.0", number(7)))
                .then(paramsSet("params.yaml:seeds.0", number(7)));
    }

    @Test
    void what_stands_in_an_element_is_addressed_through_it() {
        var layers = ParamValue.of(List.of(map("width", number(1)), ParamValue.of(List.of(number(2), number(3)))));

        var state = given(initialized(Map.of("params.yaml", map("layers", layers))))
                .when(set(
                        "layers.0.width", number(8), "params.yaml:layers.0.kernel", number(5), "layers.1.1", number(9)))
                .then(paramsSet(
                        "params.yaml:layers.0.width", number(8),
                        "params.yaml:layers.0.kernel", number(5),
                        "params.yaml:layers.1.1", number(9)));

        assertThat(state.params())
                .containsExactly(new Param(
                        ParamKey.parse("params.yaml:layers"),
                        ParamValue.of(List.of(
                                map("width", number(8), "kernel", number(5)),
                                ParamValue.of(List.of(number(2), number(9))))),
                        true));
    }

    @Test
    void an_element_of_a_list_is_a_parameter_of_its_own() {
        var list = new Param(ParamKey.parse("p.yaml:a.list"), ParamValue.of(List.of(map("k", number(7)))), true);

        assertThat(list.element(ParamKey.parse("p.yaml:a.list.0.k")))
                .contains(new Param(ParamKey.parse("p.yaml:a.list.0.k"), number(7), true));
        assertThat(list.element(ParamKey.parse("p.yaml:a.list.1"))).isEmpty();
    }

    @Test
    void an_element_that_the_list_of_a_file_does_not_have_is_refused() {
        for (var segment : List.of("2", "01", "-1", "4294967296", "99999999999999999999")) {
            given(INITIALIZED)
                    .when(set("params.yaml:seeds." + segment, number(1)))
                    .refused("parameter 'params.yaml:seeds." + segment + "' cannot be set: 'seeds' is a value in that "
                            + "file, not a map; change it there first, or set 'seeds' to a value");
        }
        given(INITIALIZED)
                .when(set("params.yaml:seeds.0.first", number(1)))
                .refused("parameter 'params.yaml:seeds.0.first' cannot be set: 'seeds.0' is a value in that file, not "
                        + "a map; change it there first, or set 'seeds.0' to a value");
    }

    @Test
    void an_element_of_a_list_that_was_set_is_set_in_that_list() {
        var three = ParamValue.of(List.of(number(1), number(2), number(3)));

        var state = given(
                        INITIALIZED, paramsSet("params.yaml:seeds", three), paramsSet("dvclive/params.yaml:own", three))
                .when(set("seeds.2", number(7), "own.0", number(8)))
                .then(paramsSet("params.yaml:seeds.2", number(7), "dvclive/params.yaml:own.0", number(8)));

        assertThat(state.overrides().toJavaMap())
                .containsOnly(
                        Map.entry(
                                ParamKey.parse("params.yaml:seeds"),
                                ParamValue.of(List.of(number(1), number(2), number(7)))),
                        Map.entry(
                                ParamKey.parse("dvclive/params.yaml:own"),
                                ParamValue.of(List.of(number(8), number(2), number(3)))));
    }

    @Test
    void an_element_that_the_list_that_was_set_does_not_have_is_refused() {
        var one = ParamValue.of(List.of(number(1)));

        for (var key : List.of("params.yaml:seeds", "dvclive/params.yaml:own")) {
            given(INITIALIZED, paramsSet(key, one))
                    .when(set(key + ".1", number(7)))
                    .refused("parameter '" + key + ".1' cannot be set: '" + key.substring(key.indexOf(':') + 1)
                            + "' was set to a list that has no such element; set the whole list");
        }
        given(INITIALIZED)
                .when(set("own", one, "own.1", number(7)))
                .refused(
                        "parameter 'dvclive/params.yaml:own.1' cannot be set: 'own' was set to a list that has no such "
                                + "element; set the whole list");
    }

    @Test
    void two_leaves_of_one_file_that_dvc_would_show_under_one_name_are_refused() {
        given(INITIALIZED)
                .when(set("params.yaml:model\\.depth", number(1)))
                .refused("parameters 'params.yaml:model.depth' and 'params.yaml:model\\.depth' have one name in DVC's "
                        + "tables, 'model.depth', which makes them fail for the whole repository; rename one");
        given(INITIALIZED)
                .when(set("a\\.b", number(1), "a.b", number(2)))
                .refused("parameters 'dvclive/params.yaml:a\\.b' and 'dvclive/params.yaml:a.b' have one name in DVC's "
                        + "tables, 'a.b', which makes them fail for the whole repository; rename one");
    }

    @Test
    void a_clash_that_was_there_before_is_nobodys_fault() {
        var files = Map.of("params.yaml", map("a", map("b", number(1)), "a.b", number(2)));
        given(initialized(files)).when(set("c", number(3))).then(paramsSet("dvclive/params.yaml:c", number(3)));
    }

    @Test
    void a_clash_that_was_there_before_is_refused_to_whoever_sets_one_of_both() {
        var files = Map.of("params.yaml", map("a", map("b", number(1)), "a.b", number(2)));
        for (var key : List.of("params.yaml:a.b", "params.yaml:a\\.b")) {
            assertThat(Decider.decide(fold(initialized(files)), set(key, number(3)))
                            .getLeft()
                            .message())
                    .contains("have one name in DVC's tables, 'a.b'");
        }
    }

    @Test
    void one_dotted_name_in_two_files_is_no_clash() {
        given(INITIALIZED)
                .when(set("conf/new.yaml:model\\.depth", number(1)))
                .then(paramsSet("conf/new.yaml:model\\.depth", number(1)));
    }

    @Test
    void nothing_to_set_is_no_event() {
        given(INITIALIZED).when(set()).then();
    }

    @Test
    void one_bad_value_refuses_all_of_the_call() {
        given(INITIALIZED)
                .when(set("good", number(1), "bad", ParamValue.of("\ud800")))
                .refused("parameter 'bad' has a value with half a surrogate pair, which no file can hold");
        given(INITIALIZED)
                .when(set("bad", ParamValue.of(List.of(number(1), ParamValue.of("\ud800")))))
                .refused("parameter 'bad' has a value with half a surrogate pair, which no file can hold");
        given(INITIALIZED)
                .when(set("params.py:lr", number(1)))
                .refused(
                        "parameter 'params.py:lr' is in a Python file, which is a program and cannot be edited safely; "
                                + "keep parameters in a YAML, JSON or TOML file and read it from there");
        given(INITIALIZED)
                .when(new Command.SetParams(Map.of(new ParamKey(Optional.of("conf.ini"), List.of("lr")), number(1))))
                .refused("parameter 'conf.ini:lr' is in a file of a kind that is not edited; its name has to end in "
                        + ".yaml, .yml, .json or .toml");
        given(INITIALIZED)
                .when(set("../up.yaml:lr", number(1)))
                .refused("parameter '../up.yaml:lr' is in a file that is not a path inside the repository; name it "
                        + "from the root");
        given(INITIALIZED)
                .when(new Command.SetParams(Map.of(ParamKey.of("a", "b\nc"), number(1))))
                .refused("parameter 'a.b\\u000ac' holds an invisible character (U+000A)");
    }

    @Test
    void values_nested_without_end_are_refused() {
        ParamValue list = ParamValue.of(List.of());
        for (int depth = 0; depth < 101; depth++) {
            list = ParamValue.of(List.of(list));
        }
        given(INITIALIZED).when(set("deep", list)).refused("parameter 'deep' has a value nested deeper than 100");
    }

    @Test
    void an_event_cannot_be_changed_through_what_it_was_made_of() {
        var values = new LinkedHashMap<ParamKey, ParamValue>(LifecycleFixture.values("a.yaml:x", number(1)));
        var event = new Event.ParamsSet(values);
        values.put(ParamKey.of("y"), number(2));

        assertThat(event.values()).hasSize(1);
        assertThatThrownBy(() -> event.values().clear()).isInstanceOf(UnsupportedOperationException.class);
        var entries = new LinkedHashMap<String, ParamValue>(Map.of("k", number(1)));
        var nested = new ParamValue.MapValue(entries);
        entries.clear();
        assertThat(nested.entries()).hasSize(1);
    }

    /** One line for each parameter, overrides marked. */
    private static List<String> shown(ExperimentData data) {
        return data.params().stream()
                .map(param -> param.key() + "=" + param.value() + (param.isOverride() ? "!" : ""))
                .toList();
    }
}
