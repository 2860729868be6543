package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.Params.Origin;
import dev.daybook.lifecycle.Event.ParamsSet;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.port.InMemoryProjection.Step;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ParamsTest {

    private final World world = new World();
    private final World.Worker process = world.process();

    @AfterEach
    void the_journal_is_sound_whatever_was_done() {
        world.requireSound();
    }

    private enum Optimizer {
        SGD,
        ADAM {
            @Override
            public String toString() {
                return "Adam!";
            }
        }
    }

    private record Layer(int width, Optional<String> activation) {}

    private record Config(double lr, Optimizer optimizer, List<Layer> layers, Layer head) {}

    private static Config config() {
        return new Config(
                0.5,
                Optimizer.ADAM,
                List.of(new Layer(8, Optional.of("relu")), new Layer(4, Optional.empty())),
                new Layer(2, Optional.of("softmax")));
    }

    /** A file with these values. */
    private static ParamValue.MapValue file(Object params) {
        return (ParamValue.MapValue) ParamValues.of(params, "file");
    }

    private static Map<String, @Nullable Object> map(@Nullable Object... keysAndValues) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }

    /** The values as they are found by a process that has only the journal. */
    private Map<String, Object> inTheJournal() {
        return world.process().find("x").params().asMap();
    }

    static Stream<Arguments> values() {
        var self = new int[][] {{1, 2}, {}};
        return Stream.of(
                Arguments.of(true, true),
                Arguments.of((byte) -3, -3L),
                Arguments.of((short) 300, 300L),
                Arguments.of(7, 7L),
                Arguments.of(Long.MIN_VALUE, Long.MIN_VALUE),
                Arguments.of(0.1, 0.1),
                Arguments.of(0.1f, 0.1),
                Arguments.of(Float.MIN_VALUE, 1.4e-45),
                Arguments.of(Float.NaN, Double.NaN),
                Arguments.of(Float.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY),
                Arguments.of(-0.0f, -0.0),
                Arguments.of(1e300, 1e300),
                Arguments.of(new BigDecimal("0.25"), 0.25),
                Arguments.of(new BigDecimal("9007199254740993"), 9_007_199_254_740_993L),
                Arguments.of(new BigDecimal("1e3"), 1_000L),
                Arguments.of(new BigDecimal("1e30"), 1e30),
                Arguments.of(new BigDecimal("0E-400"), 0.0),
                Arguments.of(BigInteger.valueOf(Long.MAX_VALUE), Long.MAX_VALUE),
                Arguments.of(new AtomicInteger(5), 5L),
                Arguments.of("text", "text"),
                Arguments.of("", ""),
                Arguments.of(java.nio.CharBuffer.wrap("built"), "built"),
                Arguments.of('c', "c"),
                Arguments.of(Optimizer.ADAM, "ADAM"),
                Arguments.of(Path.of("a", "b"), "a/b"),
                Arguments.of(URI.create("s3://b/k"), "s3://b/k"),
                Arguments.of(new UUID(0, 1), "00000000-0000-0000-0000-000000000001"),
                Arguments.of(LocalDate.of(2026, 1, 2), "2026-01-02"),
                Arguments.of(Duration.ofSeconds(90), "PT1M30S"),
                Arguments.of(Optional.of(3), 3L),
                Arguments.of(Optional.of(List.of(Optional.of(1f))), List.of(1.0)),
                Arguments.of(List.of(1, "two", 3.0), List.of(1L, "two", 3.0)),
                Arguments.of(List.of(), List.of()),
                Arguments.of(new TreeSet<>(List.of(3, 1)), List.of(1L, 3L)),
                Arguments.of(new int[] {1, 2}, List.of(1L, 2L)),
                Arguments.of(new float[] {0.1f}, List.of(0.1)),
                Arguments.of(new boolean[] {true}, List.of(true)),
                Arguments.of(new String[] {"a", null}, Arrays.asList("a", null)),
                Arguments.of(self, List.of(List.of(1L, 2L), List.of())),
                Arguments.of(Map.of(), Map.of()),
                Arguments.of(
                        List.of(new Layer(8, Optional.empty())),
                        List.of(new HashMap<>(map("width", 8L, "activation", null)))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void a_value_comes_back_as_its_plain_type(Object given, Object plain) {
        var run = process.begin("x");
        run.setParam("p", given);

        assertThat(run.params().get("p")).contains(plain);
        assertThat(inTheJournal()).isEqualTo(Map.of("p", plain));
    }

    @ParameterizedTest
    @MethodSource("nothings")
    void null_and_empty_are_a_parameter_without_a_value(@Nullable Object nothing) {
        var run = process.begin("x");
        run.setParam("p", nothing);

        assertThat(run.params().contains("p")).isTrue();
        assertThat(run.params().get("p")).isEmpty();
        assertThat(run.params().entries()).singleElement().satisfies(entry -> {
            assertThat(entry.key()).isEqualTo("p");
            assertThat(entry.value()).isEmpty();
        });
        assertThat(inTheJournal()).isEqualTo(map("p", null));
    }

    static Stream<Arguments> nothings() {
        return Stream.of(
                Arguments.of((Object) null),
                Arguments.of(Optional.empty()),
                Arguments.of(Optional.of(Optional.empty())));
    }

    @Test
    void a_record_is_its_components_nested() {
        var run = process.begin("x");
        run.setParams(config());

        var expected = map(
                "lr",
                0.5,
                "optimizer",
                "ADAM",
                "layers",
                List.of(map("width", 8L, "activation", "relu"), map("width", 4L, "activation", null)),
                "head.width",
                2L,
                "head.activation",
                "softmax");
        assertThat(run.params().asMap()).isEqualTo(expected);
        assertThat(run.params().asMap().keySet()).containsExactlyElementsOf(expected.keySet());
        assertThat(inTheJournal()).isEqualTo(expected);
    }

    @Test
    void a_local_record_in_a_map_is_read_too() {
        record Local(int seed, Layer layer) {}
        var run = process.begin("x");
        run.setParams(Map.of("run", new Local(42, new Layer(1, Optional.empty()))));

        assertThat(run.params().asMap())
                .isEqualTo(map("run.seed", 42L, "run.layer.width", 1L, "run.layer.activation", null));
    }

    @Test
    void a_record_whose_accessor_throws_is_refused_with_the_place() {
        @SuppressWarnings("UnusedMethod") // called by reflection
        record Bad(int fine, int broken) {
            @Override
            public int broken() {
                throw new IllegalStateException("not yet");
            }
        }
        var run = process.begin("x");

        assertThatThrownBy(() -> run.setParam("conf", new Bad(1, 2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("parameter 'conf.broken' cannot be read from the record ")
                .hasMessageEndingWith("; make it accessible or pass a map");
        assertThat(run.params().asMap()).isEmpty();
    }

    @Test
    void the_keys_of_a_map_are_written_keys_and_those_below_are_segments() {
        var run = process.begin("x");
        run.setParams(map("model.depth", 3, "a\\.b", 4, "conf", map("x.y", 5)));

        assertThat(run.params().asMap()).isEqualTo(map("model.depth", 3L, "a\\.b", 4L, "conf.x\\.y", 5L));
        assertThat(run.params().get("conf.x\\.y")).contains(5L);
        assertThat(run.params().get("conf.x.y")).isEmpty();
        assertThat(world.lastEvent())
                .isEqualTo(new ParamsSet(linked(
                        new ParamKey(Optional.of("dvclive/params.yaml"), List.of("model", "depth")),
                        ParamValue.of(3),
                        new ParamKey(Optional.of("dvclive/params.yaml"), List.of("a.b")),
                        ParamValue.of(4),
                        new ParamKey(Optional.of("dvclive/params.yaml"), List.of("conf", "x.y")),
                        ParamValue.of(5))));
    }

    private static Map<ParamKey, ParamValue> linked(Object... keysAndValues) {
        var map = new LinkedHashMap<ParamKey, ParamValue>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((ParamKey) keysAndValues[i], (ParamValue) keysAndValues[i + 1]);
        }
        return map;
    }

    @Test
    void a_backslash_in_a_key_is_escaped_too() {
        var run = process.begin("x");
        run.setParam("a\\\\b", 1);
        run.setParam("trailing\\", 2);

        assertThat(run.params().get("a\\\\b")).contains(1L);
        assertThat(run.params().get("trailing\\\\")).contains(2L);
        assertThat(run.params().asMap().keySet()).containsExactly("a\\\\b", "trailing\\\\");
    }

    @Test
    void a_map_may_have_enums_and_numbers_as_keys_but_not_one_name_twice() {
        var run = process.begin("x");
        run.setParam("by", Map.of(Optimizer.ADAM, 1, 10, 2));
        assertThat(run.params().asMap()).isEqualTo(map("by.ADAM", 1L, "by.10", 2L));

        var twice = new LinkedHashMap<Object, Object>();
        twice.put(10, 1);
        twice.put("10", 2);
        assertThatThrownBy(() -> run.setParam("by", twice)).hasMessage("parameter 'by' has the key '10' twice");
        var nullKey = new HashMap<@Nullable String, Object>();
        nullKey.put(null, 1);
        assertThatThrownBy(() -> run.setParam("by", nullKey))
                .hasMessage("parameter 'by' has a map key of null; use text");
        assertThatThrownBy(() -> run.setParam("by", Map.of(List.of(), 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("parameter 'by' has a map key of ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "-9223372036854775809",
                "1606938044258990275541962092341162602522202993782792835301376"
            })
    void an_integer_beyond_a_long_is_refused(String digits) {
        var run = process.begin("x");
        var before = world.journal();

        assertThatThrownBy(() -> run.setParam("seed", new BigInteger(digits)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("parameter 'seed' is " + digits + ", which ")
                .hasMessageEndingWith("; give it as text");
        assertThat(world.journal()).isEqualTo(before);
    }

    @Test
    void a_number_of_another_class_is_not_cut_to_an_integer() {
        var sum = new DoubleAdder();
        sum.add(0.5);
        var run = process.begin("x");
        try {
            run.setParam("lr", sum);
        } catch (InvalidInputException e) {
            return;
        }
        assertThat(run.params().get("lr")).contains(0.5);
    }

    @Test
    void a_decimal_beyond_a_double_is_made_neither_infinite_nor_zero() {
        var run = process.begin("x");
        for (var beyond : List.of("1e400", "-1e400", "1e-400", "-1e-400", "1e999999999")) {
            assertThatThrownBy(() -> run.setParam("lr", new BigDecimal(beyond)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageEndingWith("which is beyond a double; give it as text");
        }
    }

    @Test
    void a_file_whose_path_holds_a_colon_has_no_keys() {
        var run = process.begin("x");
        assertThatThrownBy(() -> run.paramsFile("a:b.yaml").set("lr", 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is in a file whose path holds ':'");
    }

    @Test
    void keys_that_no_file_can_hold_are_refused_wherever_they_stand() {
        var run = process.begin("x");
        assertThatThrownBy(() -> run.setParam("a", List.of(Map.of("k".repeat(901), 1))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has a key of more than 900 characters");
        var deep = ParamKey.of(Collections.nCopies(61, "k").toArray(String[]::new));
        Object list = 1;
        for (int depth = 0; depth < 60; depth++) {
            list = List.of(list);
        }
        var value = list;
        assertThatThrownBy(() -> run.setParam(deep.toString(), value))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("nested deeper than 100");
    }

    @Test
    void what_holds_itself_is_refused() {
        var run = process.begin("x");
        var list = new ArrayList<Object>();
        list.add(list);
        list.add(list);
        var map = new HashMap<String, Object>();
        map.put("self", map);
        map.put("other", map);
        var array = new Object[2];
        Arrays.fill(array, array);
        record Holder(List<Object> items) {}
        var items = new ArrayList<Object>();
        items.add(new Holder(items));
        for (var cycle : List.of(list, map, array, items)) {
            assertThatThrownBy(() -> run.setParam("p", cycle))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(" is nested deeper than 100, or holds itself; give it a plain value");
        }
        assertThat(run.params().asMap()).isEmpty();
    }

    @Test
    void what_has_no_plain_form_is_refused_by_its_class() {
        var run = process.begin("x");
        for (var strange : List.of(new Object(), Thread.currentThread(), Stream.of(1))) {
            assertThatThrownBy(() -> run.setParam("p", strange))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("parameter 'p' is a " + strange.getClass().getName()
                            + "; give it as null, a boolean, number, text, enum, record, map, list or array");
        }
        assertThatThrownBy(() -> run.setParams(List.of(1, 2)))
                .hasMessageStartingWith("setParams takes a record or a map of parameters, not ")
                .hasMessageEndingWith("; use setParam(key, value) for a single value");
        assertThatThrownBy(() -> run.setParam("p", Map.of("q", List.of(new Object()))))
                .hasMessageStartingWith("parameter 'p.q' is a java.lang.Object; ");
    }

    @Test
    void text_that_is_no_text_is_refused() {
        var run = process.begin("x");
        assertThatThrownBy(() -> run.setParam("p", "\uD800"))
                .hasMessage("parameter 'p' has a value with half a surrogate pair, which no file can hold");
        assertThatThrownBy(() -> run.setParam("p", List.of(Map.of("k", "\uD800"))))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> run.setParam("a\u0000b", 1)).isInstanceOf(InvalidInputException.class);
        assertThat(run.params().asMap()).isEmpty();
    }

    @Test
    void the_files_are_the_beginning_and_what_is_set_overrides_them() {
        world.git.setParams(linkedFiles("params.yaml", file(map("lr", 0.1, "model", map("depth", 3, "width", 8)))));
        var run = process.begin("x");
        assertThat(run.params().asMap()).isEqualTo(map("lr", 0.1, "model.depth", 3L, "model.width", 8L));
        assertThat(run.params().origin("model.depth")).contains(new Origin("params.yaml", false));
        assertThat(run.params().origin("model.depth").orElseThrow()).hasToString("params.yaml");

        run.setParam("model.depth", 5);
        run.setParam("fresh", "new");
        var params = run.params();
        assertThat(params.asMap()).isEqualTo(map("lr", 0.1, "model.depth", 5L, "model.width", 8L, "fresh", "new"));
        assertThat(params.asMap().keySet()).containsExactly("lr", "model.depth", "model.width", "fresh");
        assertThat(params.origin("model.depth")).contains(new Origin("params.yaml", true));
        assertThat(params.origin("model.depth").orElseThrow()).hasToString("set, for params.yaml");
        assertThat(params.origin("lr")).contains(new Origin("params.yaml", false));
        assertThat(params.origin("fresh")).contains(new Origin("dvclive/params.yaml", true));
        assertThat(params.origin("none")).isEmpty();
        assertThat(params).hasToString("{lr=0.1, model.depth=5, model.width=8, fresh=new}");
        assertThat(params.entries())
                .extracting(Params.Entry::key)
                .containsExactly("lr", "model.depth", "model.width", "fresh");
    }

    private static Map<String, ParamValue.MapValue> linkedFiles(Object... namesAndFiles) {
        var files = new LinkedHashMap<String, ParamValue.MapValue>();
        for (int i = 0; i < namesAndFiles.length; i += 2) {
            files.put((String) namesAndFiles[i], (ParamValue.MapValue) namesAndFiles[i + 1]);
        }
        return files;
    }

    @Test
    void a_key_can_name_its_file() {
        world.git.setParams(
                linkedFiles("params.yaml", file(map("lr", 0.1)), "conf/train.yaml", file(map("lr", 0.2, "only", 1))));
        var run = process.begin("x");
        assertThat(run.params().asMap()).isEqualTo(map("params.yaml:lr", 0.1, "conf/train.yaml:lr", 0.2, "only", 1L));
        assertThat(run.params().get("lr")).contains(0.1);
        assertThat(run.params().get("conf/train.yaml:lr")).contains(0.2);
        assertThat(run.params().get("none.yaml:lr")).isEmpty();

        run.setParam("conf/train.yaml:lr", 0.3);
        run.setParam("only", 2);
        assertThat(run.params().asMap()).isEqualTo(map("params.yaml:lr", 0.1, "conf/train.yaml:lr", 0.3, "only", 2L));
        assertThat(run.params().origin("only")).contains(new Origin("conf/train.yaml", true));
    }

    @Test
    void a_key_without_a_file_is_of_the_file_that_has_it_whatever_was_set_elsewhere() {
        world.git.setParams(linkedFiles("params.yaml", file(map("lr", 0.1))));
        var run = process.begin("x");
        run.setParam("conf/train.yaml:lr", 0.3);
        run.setParam("lr", 0.2);

        assertThat(run.params().get("params.yaml:lr")).contains(0.2);
        assertThat(run.params().get("conf/train.yaml:lr")).contains(0.3);
    }

    @Test
    void what_another_experiment_has_left_in_the_output_folder_is_no_parameter_of_this_one() {
        world.git.setParams(linkedFiles(
                "params.yaml", file(map("lr", 0.1)), "dvclive/params.yaml", file(map("old", 1, "depth", 2))));
        var run = process.begin("x");
        run.setParam("depth", 3);

        assertThat(run.params().asMap()).isEqualTo(map("lr", 0.1, "depth", 3L));
    }

    @Test
    void a_file_of_the_work_tree_is_edited_and_the_same_is_recorded() {
        world.git.setParams(linkedFiles("conf/m.json", file(map("lr", 0.1, "model", map("depth", 3, "width", 8)))));
        var run = process.begin("x");
        run.paramsFile("conf/m.json")
                .set("lr", 0.3)
                .setAll(map("model", map("depth", 4), "conf/m.json:seed", 7))
                .set("a\\.b", null);

        assertThat(world.git.edits())
                .containsOnlyKeys("conf/m.json")
                .extractingByKey("conf/m.json")
                .isEqualTo(Map.of(
                        "lr", ParamValue.of(0.3),
                        "model.depth", ParamValue.of(4),
                        "seed", ParamValue.of(7),
                        "a\\.b", ParamValue.ofNull()));
        assertThat(run.params().asMap())
                .isEqualTo(map("lr", 0.3, "model.depth", 4L, "model.width", 8L, "seed", 7L, "a\\.b", null));
        assertThat(run.params().origin("seed")).contains(new Origin("conf/m.json", true));
        assertThat(world.git.editsOpen()).isZero();
    }

    @Test
    void an_edit_that_is_refused_records_nothing_and_a_value_that_is_refused_edits_nothing() {
        world.git.setParams(linkedFiles("params.yaml", file(map("model", 3))));
        var run = process.begin("x");
        var file = run.paramsFile("params.yaml");
        var before = world.journal();

        world.git.fail(Step.BEFORE_EDIT, () -> new RepositoryException("params.yaml is a symbolic link"));
        assertThatThrownBy(() -> file.set("lr", 1)).hasMessage("params.yaml is a symbolic link");
        world.git.heal();
        assertThatThrownBy(() -> file.set("model.depth", 1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> file.set("q.yaml:lr", 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("parameter 'q.yaml:lr' names another file than params.yaml, which is being edited; leave "
                        + "the file out of the key");
        assertThatThrownBy(() -> run.paramsFile("../params.yaml").set("lr", 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("not a path inside the repository");
        assertThatThrownBy(() -> run.paramsFile("params.py").set("lr", 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is in a Python file");

        assertThat(world.journal()).isEqualTo(before);
        assertThat(world.git.edits()).isEmpty();
        assertThat(world.git.editsOpen()).isZero();
    }

    @Test
    void a_file_that_cannot_be_replaced_leaves_the_record_and_says_so() {
        var run = process.begin("x");
        world.git.fail(Step.AFTER_EDIT, () -> new RepositoryException("the values are recorded, but"));

        assertThatThrownBy(() -> run.paramsFile("params.yaml").set("lr", 1)).hasMessage("the values are recorded, but");

        assertThat(run.params().get("lr")).contains(1L);
        assertThat(world.git.edits()).isEmpty();
        assertThat(world.git.editsOpen()).isZero();
    }

    @Test
    void a_map_set_whole_stands_for_all_that_the_file_had_below() {
        world.git.setParams(linkedFiles("params.yaml", file(map("model", map("depth", 3, "width", 8), "lr", 1))));
        var run = process.begin("x");
        run.setParam("model", "none");
        assertThat(run.params().asMap()).isEqualTo(map("lr", 1L, "model", "none"));
        run.setParam("model", Map.of());
        assertThat(run.params().asMap()).isEqualTo(map("lr", 1L, "model", Map.of()));
    }

    @Test
    void a_value_inside_a_value_of_the_file_is_refused() {
        world.git.setParams(linkedFiles("params.yaml", file(map("model", 3))));
        var run = process.begin("x");
        var before = world.journal();

        assertThatThrownBy(() -> run.setParam("params.yaml:model.depth", 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "parameter 'params.yaml:model.depth' cannot be set: 'model' is a value in that file, not a map; ");
        assertThat(world.journal()).isEqualTo(before);
    }

    @Test
    void two_keys_of_one_dotted_name_are_refused() {
        var run = process.begin("x");
        run.setParam("a.b", 1);
        var before = world.journal();

        assertThatThrownBy(() -> run.setParam("a\\.b", 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "parameters 'dvclive/params.yaml:a.b' and 'dvclive/params.yaml:a\\.b' have one name in DVC's"
                                + " tables, 'a.b', which makes them fail for the whole repository; rename one");
        assertThatThrownBy(() -> run.setParams(map("fine", 1, "c", map("d", 1), "c\\.d", 2)))
                .isInstanceOf(InvalidInputException.class);
        assertThat(world.journal()).isEqualTo(before);
    }

    @Test
    void the_last_value_wins_and_the_journal_keeps_all() {
        var run = process.begin("x");
        run.setParam("lr", 1);
        run.setParam("depth", 1);
        run.setParam("lr", 2);
        run.setParam("lr", 1);
        run.setParams(Map.of());

        assertThat(run.params().asMap()).isEqualTo(map("lr", 1L, "depth", 1L));
        assertThat(world.events().stream()
                        .filter(ParamsSet.class::isInstance)
                        .map(event -> ((ParamsSet) event).values().values()))
                .hasToString(
                        "[[LongValue[value=1]], [LongValue[value=1]], [LongValue[value=2]], [LongValue[value=1]]]");
    }

    @Test
    void a_value_replaces_what_was_set_above_and_below_it() {
        var run = process.begin("x");
        run.setParam("a", Map.of("b", Map.of("c", 1)));
        run.setParam("a.b", 2);
        assertThat(run.params().asMap()).isEqualTo(map("a.b", 2L));
        run.setParam("a.b.c", 3);
        assertThat(run.params().asMap()).isEqualTo(map("a.b.c", 3L));
        run.setParam("a", 4);
        assertThat(run.params().asMap()).isEqualTo(map("a", 4L));
    }

    @Test
    void parameters_are_of_one_moment_and_cannot_be_changed() {
        var run = process.begin("x");
        var list = new ArrayList<>(List.of(1, 2));
        run.setParam("list", list);
        list.add(3);
        var params = run.params();
        run.setParam("lr", 1);

        assertThat(params.asMap()).isEqualTo(map("list", List.of(1L, 2L)));
        assertThatThrownBy(() -> params.asMap().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) params.get("list").orElseThrow()).clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> params.entries().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(Collections.frequency(params.asMap().keySet(), "lr")).isZero();
    }

    @Test
    void parameters_stay_readable_after_the_end() {
        var run = process.begin("x");
        run.setParam("lr", 1);
        run.save();
        assertThat(run.params().asMap()).isEqualTo(map("lr", 1L));
        run.close();
        assertThat(run.params().get("lr")).contains(1L);
    }

    @Test
    void the_heir_of_an_experiment_has_its_parameters_and_origins() {
        world.git.setParams(linkedFiles("params.yaml", file(map("lr", 0.1, "seed", 1))));
        var run = process.begin("x");
        run.setParam("lr", 0.2);
        run.setParam("fresh", 1);
        process.die();
        world.git.setParams(linkedFiles("params.yaml", file(map("lr", 9, "other", 9))));

        var heir = world.process().daybook().resume("x");
        heir.setParam("seed", 2);
        assertThat(heir.params().asMap()).isEqualTo(map("lr", 0.2, "seed", 2L, "fresh", 1L));
        assertThat(heir.params().origin("seed")).contains(new Origin("params.yaml", true));
        var saved = heir.save();
        assertThat(world.git.commit(saved.commit()).orElseThrow().record().params())
                .isEqualTo(linked(
                        new ParamKey(Optional.of("params.yaml"), List.of("lr")),
                        ParamValue.of(0.2),
                        new ParamKey(Optional.of("params.yaml"), List.of("seed")),
                        ParamValue.of(2),
                        new ParamKey(Optional.of("dvclive/params.yaml"), List.of("fresh")),
                        ParamValue.of(1)));
    }
}
