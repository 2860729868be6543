package dev.daybook.git.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class YamlParamsTest {

    private static final String TRAINING = """
            # training parameters
            lr: 0.1          # learning rate
            model:
              depth: 3       # layers
              name: "resnet" # quoted on purpose
            seed: 42
            """;

    @Nested
    class Reading {

        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '`',
                value = {
                    "010, 10",
                    "0o10, 8",
                    "0x1F, 31",
                    "-0b11, -3",
                    "1_000, 1000",
                    "+7, 7",
                    "-0, 0",
                    "9223372036854775807, 9223372036854775807"
                })
        void reads_integers_as_dvc_does(String spelling, long value) {
            assertThat(only(spelling)).isEqualTo(ParamValue.of(value));
        }

        @ParameterizedTest
        @CsvSource({
            "1e-3, 0.001",
            "1., 1",
            "-.5, -0.5",
            ".5e+5, 50000",
            "1_0.5, 10.5",
            ".inf, Infinity",
            "-.INF, -Infinity",
            ".nan, NaN",
            "-0.0, -0.0",
            "1e400, Infinity"
        })
        void reads_floats_as_dvc_does(String spelling, double value) {
            assertThat(only(spelling)).isEqualTo(ParamValue.of(value));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "no", "yes", "on", "y", "12:30", ".5e5", "0o8", "nULL", "tRUE", "-.nan", "1e+5_0", "~x", "1.2.3"
                })
        void reads_words_of_other_yaml_versions_as_strings(String spelling) {
            assertThat(only(spelling)).isEqualTo(ParamValue.of(spelling));
        }

        @Test
        void reads_dates_and_large_integers_as_strings() {
            assertThat(only("2020-01-31")).isEqualTo(ParamValue.of("2020-01-31"));
            assertThat(only("0x1_0000_0000_0000_0000")).isEqualTo(ParamValue.of("18446744073709551616"));
        }

        @Test
        void resolves_aliases_and_merge_keys_with_merged_keys_first() {
            var params = parse("""
                    base: &base {lr: 0.1, depth: 3}
                    other: &other {depth: 4, wide: true}
                    run:
                      seed: 1
                      <<: [*base, *other]
                      lr: 0.2
                    copy: *base
                    """);
            assertThat(params.get(List.of("copy"))).isEqualTo(params.get(List.of("base")));
            var run = new LinkedHashMap<String, ParamValue>();
            run.put("depth", ParamValue.of(3));
            run.put("wide", ParamValue.of(true));
            run.put("lr", ParamValue.of(0.2));
            run.put("seed", ParamValue.of(1));
            assertThat(params.get(List.of("run"))).contains(ParamValue.of(run));
            assertThat(((ParamValue.MapValue) params.get(List.of("run")).orElseThrow())
                            .entries()
                            .keySet())
                    .containsExactly("depth", "wide", "lr", "seed");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "\n", "# only a comment\n", "---\n", "\uFEFF# c"})
        void an_empty_file_holds_no_parameters(String text) {
            assertThat(parse(text).values()).isEmpty();
        }

        @Test
        void a_block_scalar_at_the_end_without_a_line_break_ends_without_one() {
            assertThat(parse("a: |\n  x").values()).containsEntry("a", ParamValue.of("x"));
        }

        @Test
        void finds_values_by_path() {
            var params = parse("a:\n- b: 1\n- [x, {c: 2}]\n");
            assertThat(params.get(List.of("a", "1", "1", "c"))).contains(ParamValue.of(2));
            assertThat(params.get(List.of("a", "2"))).isEmpty();
            assertThat(params.get(List.of("a", "x"))).isEmpty();
            assertThat(params.get(List.of("b"))).isEmpty();
            assertThat(params.get(List.of("a", "0", "b", "c"))).isEmpty();
        }
    }

    @Nested
    class Editing {

        @Test
        void replaces_values_and_keeps_every_other_byte() {
            var edited = parse(TRAINING)
                    .with(List.of("lr"), ParamValue.of(1e-5))
                    .with(List.of("model", "name"), ParamValue.of("vgg"))
                    .with(List.of("model", "depth"), ParamValue.of(5));
            assertThat(text(edited)).isEqualTo("""
                    # training parameters
                    lr: 1.0e-05          # learning rate
                    model:
                      depth: 5       # layers
                      name: "vgg" # quoted on purpose
                    seed: 42
                    """);
        }

        @Test
        void creates_keys_and_the_maps_that_are_missing() {
            assertThat(edit(TRAINING, "model.head.bias", ParamValue.of(true))).isEqualTo("""
                    # training parameters
                    lr: 0.1          # learning rate
                    model:
                      depth: 3       # layers
                      name: "resnet" # quoted on purpose
                      head:
                        bias: true
                    seed: 42
                    """);
            assertThat(edit("# c", "a.b", ParamValue.of(1))).isEqualTo("# c\na:\n  b: 1\n");
            assertThat(edit("", "a", ParamValue.of("x"))).isEqualTo("a: x\n");
            assertThat(edit("a: 1", "b", ParamValue.of(2))).isEqualTo("a: 1\nb: 2");
        }

        @Test
        void a_value_that_is_equal_keeps_its_spelling() {
            var text = "a: 1_0\nb: 1e3\nc: 'x'\nd: ~\ne: &e [1, 2]\nf: *e\n";
            var params = parse(text);
            for (var entry : params.values().entrySet()) {
                assertThat(params.with(List.of(entry.getKey()), entry.getValue()))
                        .isSameAs(params);
            }
            assertThat(edit(text, "a", ParamValue.of(10.0))).startsWith("a: 10.0\n");
            assertThat(edit(text, "d", ParamValue.of("~"))).contains("d: \"~\"\n");
        }

        @Test
        void a_date_is_not_the_string_of_the_same_letters() {
            assertThat(edit("a: 2020-01-01\n", "a", ParamValue.of("2020-01-01")))
                    .isEqualTo("a: \"2020-01-01\"\n");
        }

        @Test
        void follows_the_files_indentation_and_line_breaks() {
            assertThat(edit("a:\r\n    b:\r\n      - 1\r\n", "c.d", ParamValue.of(List.of(ParamValue.of(1)))))
                    .isEqualTo("a:\r\n    b:\r\n      - 1\r\nc:\r\n    d:\r\n      - 1\r\n");
        }

        @Test
        void edits_flow_style_in_place() {
            assertThat(edit("{a: 1, b: [1, 2 ]} # c\n", "b.1", ParamValue.of(3)))
                    .isEqualTo("{a: 1, b: [1, 3 ]} # c\n");
            assertThat(edit("{a: 1, }", "b.c", ParamValue.of("x"))).isEqualTo("{a: 1, b: {c: x}, }");
            assertThat(edit("{}", "a", ParamValue.of("x"))).isEqualTo("{a: x}");
            assertThat(edit("{a, b: }", "a", ParamValue.of(1))).isEqualTo("{a: 1, b: }");
            assertThat(edit("{a, b: }", "b", ParamValue.of(1))).isEqualTo("{a, b: 1 }");
            assertThat(edit("{\"a\": 1}", "b", ParamValue.of("x"))).isEqualTo("{\"a\": 1, \"b\": \"x\"}");
            assertThat(edit("{\n  a: 1,\n  b: 2,\n}\n", "c", ParamValue.of(3)))
                    .isEqualTo("{\n  a: 1,\n  b: 2,\n  c: 3,\n}\n");
            assertThat(edit("{\n  a: 1 # x\n}\n", "c", ParamValue.of(3))).isEqualTo("{\n  a: 1, c: 3 # x\n}\n");
        }

        @Test
        void edits_elements_of_lists_and_maps_inside_them() {
            var text = "a:\n- 1 # one\n- x: 2\n  y: 3\n-\n";
            assertThat(edit(text, "a.0", ParamValue.of(9))).isEqualTo("a:\n- 9 # one\n- x: 2\n  y: 3\n-\n");
            assertThat(edit(text, "a.1.z", ParamValue.of(9))).isEqualTo("a:\n- 1 # one\n- x: 2\n  y: 3\n  z: 9\n-\n");
            assertThat(edit(text, "a.1", ParamValue.of(9))).isEqualTo("a:\n- 1 # one\n- 9\n-\n");
            assertThat(edit(text, "a.2", ParamValue.of(9))).isEqualTo("a:\n- 1 # one\n- x: 2\n  y: 3\n- 9\n");
            assertThat(edit(text, "a.2", map("p", ParamValue.of(1))))
                    .isEqualTo("a:\n- 1 # one\n- x: 2\n  y: 3\n- p: 1\n");
        }

        @Test
        void a_comment_on_the_keys_line_stays_there() {
            var list = ParamValue.of(List.of(ParamValue.of(1), ParamValue.of(2)));
            assertThat(edit("a: 1 # c\nb: 2\n", "a", list)).isEqualTo("a: # c\n- 1\n- 2\nb: 2\n");
            assertThat(edit("a: # c\n  x: 1 # lost\nb: 2\n", "a", ParamValue.of(1)))
                    .isEqualTo("a: 1 # c\nb: 2\n");
            assertThat(edit("a: # c\n  x: 1\nb: 2\n", "a", map("z", ParamValue.of(1))))
                    .isEqualTo("a: # c\n  z: 1\nb: 2\n");
            assertThat(edit("a: | # c\n  x\n\nb: 2\n", "a", ParamValue.of("z"))).isEqualTo("a: z # c\n\nb: 2\n");
            assertThat(edit("a: # c\nb: 2\n", "a", ParamValue.of("z"))).isEqualTo("a: z # c\nb: 2\n");
        }

        @Test
        void a_list_at_its_keys_indent_makes_way_for_an_indented_map() {
            assertThat(edit("a:\n- 1\nb: 2\n", "a", map("x", ParamValue.of(1)))).isEqualTo("a:\n  x: 1\nb: 2\n");
        }

        @Test
        void a_new_key_never_becomes_part_of_a_block_scalar() {
            assertThat(edit("a: |\n  x\n\n# c\n", "b", ParamValue.of(1))).isEqualTo("a: |\n  x\n\nb: 1\n# c\n");
            assertThat(edit("a: |\n  x", "b", ParamValue.of(1))).isEqualTo("b: 1\na: |\n  x");
            assertThat(edit("a: |+\n  x\n\n", "b", ParamValue.of(1))).isEqualTo("a: |+\n  x\n\nb: 1\n");
        }

        @Test
        void keeps_a_byte_order_mark_and_an_anchor_that_nobody_uses() {
            assertThat(edit("\uFEFFa: &x 1\n", "a", ParamValue.of(2))).isEqualTo("\uFEFFa: &x 2\n");
        }

        @Test
        void counts_in_characters_beyond_the_basic_plane() {
            assertThat(edit("😀: 😀 # 😀\na: 1 # 😀\n", "a", ParamValue.of("😀😀")))
                    .isEqualTo("😀: 😀 # 😀\na: \"😀😀\" # 😀\n");
        }

        @Test
        void an_alias_and_a_merged_key_are_replaced_locally() {
            var text = "base: &b {x: 1, 2: y}\nc: *b\nd:\n  <<: *b\n";
            assertThat(edit(text, "c", ParamValue.of(5))).contains("\nc: 5\n");
            assertThat(edit(text, "d.x", ParamValue.of(5))).endsWith("d:\n  <<: *b\n  x: 5\n");
            assertThat(edit(text, "d.2", ParamValue.of(5))).endsWith("d:\n  <<: *b\n  2: 5\n");
        }

        @Test
        void an_escaped_dot_is_part_of_a_key() {
            assertThat(edit("a.b: 1\n", "a\\.b", ParamValue.of(2))).isEqualTo("a.b: 2\n");
        }

        @Test
        void a_path_needs_a_key() {
            var params = parse("a: 1\n");
            assertThatIllegalArgumentException().isThrownBy(() -> params.with(List.of(), ParamValue.of(1)));
        }
    }

    @Nested
    class Writing {

        @Test
        void writes_dvclives_style() {
            var optimizer = new LinkedHashMap<String, ParamValue>();
            optimizer.put("name", ParamValue.of("adam"));
            optimizer.put("beta1", ParamValue.of(0.9));
            var values = new LinkedHashMap<String, ParamValue>();
            values.put("optimizer", ParamValue.of(optimizer));
            values.put("layers", ParamValue.of(List.of(ParamValue.of(1), ParamValue.of(2))));
            values.put("tag", ParamValue.ofNull());
            assertThat(new String(YamlParams.write(values), UTF_8)).isEqualTo("""
                    optimizer:
                      name: adam
                      beta1: 0.9
                    layers:
                    - 1
                    - 2
                    tag: null
                    """);
        }

        @Test
        void writes_empty_and_nested_collections() {
            var inner = List.of(
                    ParamValue.of(List.of(ParamValue.of(1))),
                    map("x", ParamValue.of(List.of(map("z", ParamValue.of(Map.of()))))));
            var values = new LinkedHashMap<String, ParamValue>();
            values.put("l", ParamValue.of(inner));
            values.put("e", ParamValue.of(List.of()));
            assertThat(new String(YamlParams.write(values), UTF_8)).isEqualTo("""
                    l:
                    - - 1
                    - x:
                      - z: {}
                    e: []
                    """);
            assertThat(YamlParams.write(Map.of())).asString(UTF_8).isEqualTo("{}\n");
        }
    }

    @Nested
    class Doubles {

        @ParameterizedTest
        @CsvSource({
            "1e-5, 1.0e-05",
            "1e22, 1.0e+22",
            "1e16, 1.0e+16",
            "1e15, 1000000000000000.0",
            "0.0001, 0.0001",
            "-0.0, -0.0",
            "3, 3.0",
            "0.1, 0.1",
            "123456.789, 123456.789",
            "2e-323, 2.0e-323",
            "4.9e-324, 5.0e-324",
            "1.7976931348623157e308, 1.7976931348623157e+308",
            "2e23, 2.0e+23",
            "2.2250738585072014e-308, 2.2250738585072014e-308",
            "9007199254740993, 9007199254740992.0",
            "1.234e-150, 1.234e-150",
            "9.5367431640625e-7, 9.5367431640625e-07"
        })
        void are_written_with_the_fewest_digits(double value, String text) {
            assertThat(Numbers.shortest(value)).isEqualTo(text);
        }

        @Test
        void nan_and_infinity_have_no_digits() {
            assertThatIllegalArgumentException().isThrownBy(() -> Numbers.shortest(Double.NaN));
            assertThatIllegalArgumentException().isThrownBy(() -> Numbers.shortest(Double.NEGATIVE_INFINITY));
        }
    }

    private static YamlParams parse(String text) {
        return YamlParams.parse("params.yaml", text.getBytes(UTF_8));
    }

    private static String text(YamlParams params) {
        return new String(params.toBytes(), UTF_8);
    }

    private static String edit(String text, String key, ParamValue value) {
        return text(parse(text).with(ParamKey.parse(key).path(), value));
    }

    private static ParamValue only(String spelling) {
        return parse("a: " + spelling + "\n").get(List.of("a")).orElseThrow();
    }

    private static ParamValue map(String key, ParamValue value) {
        return ParamValue.of(Map.of(key, value));
    }
}
