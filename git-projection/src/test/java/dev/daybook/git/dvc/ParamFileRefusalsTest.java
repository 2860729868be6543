package dev.daybook.git.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused of JSON and TOML, and how it is said; {@link YamlRefusalsTest} has YAML's. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ParamFileRefusalsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": 1,\\n \"b\": 2,\\n \"a\": 3} | conf.json, line 3: key 'a' stands twice in one map; remove one",
                "{\"a\": {\"\\u0062\": 1,\\n \"b\": 2}} | conf.json, line 2: key 'b' stands twice in one map; remove one",
                "[1] | conf.json, line 1: the root is a list, not a map; parameters need names",
                "12 | conf.json, line 1: the root is a single value, not a map; parameters need names",
                "{} {} | conf.json, line 1: something follows the end of the JSON value; remove it",
                "{\"a\": [1,\\n NaN]} | conf.json, line 2: the value NaN is no JSON, though Python reads it; write null or a string, or keep the parameters in a YAML file",
                "{\"a\": -Infinity} | conf.json, line 1: the value -Infinity is no JSON, though Python reads it; write null or a string, or keep the parameters in a YAML file",
                "{\"a\": \"\\ud800\"} | conf.json, line 1: a text holds half of a surrogate pair, which UTF-8 cannot write; correct it",
                "\uFEFF{} | conf.json, line 1: the file begins with a byte order mark, which DVC cannot read in JSON; save it without one",
                "` ` | conf.json: the file is empty, which is no JSON; write {} into it",
            })
    void names_file_line_and_way_out_in_json(String text, String message) {
        assertRefused(() -> json(text.replace("\\n", "\n")), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"a\": }",
                "{\"a\": 1,}",
                "{'a': 1}",
                "{\"a\": 01}",
                "{\"a\": tru}",
                "{\"a\": \"\n\"}",
                "// x\n{}"
            })
    void says_of_what_is_no_json_where_and_why(String text) {
        assertThatThrownBy(() -> json(text))
                .isInstanceOf(ParamFileException.class)
                .hasMessageMatching("conf\\.json, line [12]: this is not valid JSON \\(.+\\); correct it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a = 1\na = 2",
                "[t]\n[t]",
                "a = {b = 1,\n c = 2}",
                "a = {b = 1,}",
                "[a]\nb.c = 1\n[a.b]\nd = 1",
                "a = 012",
                "a = 9223372036854775808",
                "a = \"\\x41\"",
                "a = 1 b = 2",
                "a = \"\u0000\"",
                "= 1",
                "a"
            })
    void says_of_what_is_no_toml_where_and_why(String text) {
        assertThatThrownBy(() -> toml(text))
                .isInstanceOf(ParamFileException.class)
                .hasMessageMatching("(?s)conf\\.toml, line [1-4]: this is not valid TOML \\(.+\\); correct it");
    }

    @Test
    void what_the_parser_of_toml_breaks_at_is_refused_too() {
        var text = "a.b = {c = 1, d = [\n  1" + "\u0000".repeat(13) + ", # \u0001\u0003A\u0006{\n  \"lone\n  2,\nr]";
        assertRefused(() -> toml(text), "conf.toml: this is not valid TOML, and nobody can say where; correct it");
    }

    @Test
    void refuses_a_carriage_return_by_itself_in_toml() {
        var message = ": a carriage return stands by itself; end the line with a line feed";
        assertRefused(() -> toml("a = 1\r\nb = \"\"\"x\r\r\n\"\"\""), "conf.toml, line 2" + message);
        assertRefused(() -> toml("a = 1\r"), "conf.toml, line 1" + message);
        assertThat(toml("a = 1\r\n").values()).containsOnlyKeys("a");
    }

    @Test
    void refuses_a_byte_order_mark_in_toml() {
        assertRefused(
                () -> toml("\uFEFFa = 1"),
                "conf.toml, line 1: the file begins with a byte order mark, which DVC cannot read in TOML; save it"
                        + " without one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v.x | conf.json, line 2: v is not a map but a value; set v as a whole",
                "l.x | conf.json, line 3: l is a list, not a map; name an element by its number",
                "l.2 | conf.json, line 3: l has no element 2; set the whole list",
                "l.01 | conf.json, line 3: l has no element 01; set the whole list",
            })
    void says_why_json_cannot_be_edited_in_place(String key, String message) {
        var params = json("{\n \"v\": 1,\n \"l\": [1, 2]}");
        assertRefused(() -> params.with(ParamKey.parse(key).path(), ParamValue.of(7)), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v.x | conf.toml, line 1: v is not a map but a value; set v as a whole",
                "l.2 | conf.toml, line 2: l has no element 2; set the whole list",
                "d | conf.toml, line 3: d is a table with its own lines; it can be changed key by key only",
                "t | conf.toml, line 4: t is a table with its own lines; it can be changed key by key only",
                "t.s | conf.toml, line 5: t.s is a table with its own lines; it can be changed key by key only",
                "e | conf.toml, line 6: e is a table with its own lines; it can be changed key by key only",
                "e.0 | conf.toml, line 6: e.0 is a table with its own lines; it can be changed key by key only",
                "e.1.x | conf.toml, line 6: e has no element 1; set the whole list",
                "e.x | conf.toml, line 6: e is a list, not a map; name an element by its number",
            })
    void says_why_toml_cannot_be_edited_in_place(String key, String message) {
        var params = toml("v = 1\nl = [1, 2]\nd.x = 1\n[t]\n[t.s]\n[[e]]\n");
        assertRefused(() -> params.with(ParamKey.parse(key).path(), ParamValue.of(7)), message);
    }

    @Test
    void refuses_values_that_a_format_does_not_have() {
        var nan = ParamValue.of(List.of(ParamValue.of(Double.NaN)));
        assertRefused(
                () -> json("{}").with(List.of("a"), nan),
                "conf.json: JSON has no nan; keep the parameter in a YAML or TOML file, or set it as text");
        assertRefused(
                () -> json("{}").with(List.of("a"), ParamValue.of(Double.NEGATIVE_INFINITY)),
                "conf.json: JSON has no -inf; keep the parameter in a YAML or TOML file, or set it as text");
        assertRefused(
                () -> toml("").with(List.of("a"), ParamValue.of(Map.of("b", ParamValue.ofNull()))),
                "conf.toml: TOML has no null; leave the key out, or keep the parameter in a YAML file");
        for (var file : List.of(json("{}"), toml(""))) {
            assertThatThrownBy(() -> file.with(List.of("a"), ParamValue.of("\uD800")))
                    .hasMessageEndingWith(
                            "a text holds half of a surrogate pair, which UTF-8 cannot write; correct it");
        }
    }

    @Test
    void limits_size_and_depth() {
        for (var file : List.of("conf.json", "conf.toml")) {
            assertRefused(
                    () -> ParamFile.parse(file, new byte[(1 << 20) + 1]),
                    file + ": the file is larger than 1 MiB; keep data out of parameter files");
        }
        assertRefused(
                () -> json("{\"a\": " + "[".repeat(5000) + "]".repeat(5000) + "}"),
                "conf.json, line 1: the values are nested deeper than 100; make them flatter");
        assertRefused(
                () -> json("{\"a\": " + "1".repeat(4301) + "}").values(),
                "conf.json, line 1: this is not valid JSON (Number value length (4301) exceeds the maximum allowed"
                        + " (4300, from `StreamReadConstraints.getMaxNumberLength()`)); correct it");
        assertThatThrownBy(() -> toml("a = " + "[".repeat(5000) + "]".repeat(5000)))
                .isInstanceOf(ParamFileException.class)
                .hasMessageContaining("100");
        assertThatThrownBy(() -> toml("a" + ".a".repeat(5000) + " = 1"))
                .isInstanceOf(ParamFileException.class)
                .hasMessageContaining("100");
        var deep = new ArrayList<String>(List.of("a".repeat(101).split("")));
        for (var file : List.of(json("{}"), toml(""))) {
            assertThatThrownBy(() -> file.with(deep, ParamValue.of(1)))
                    .hasMessageEndingWith(": the values are nested deeper than 100; make them flatter");
        }
    }

    @Test
    void refuses_other_formats_and_says_what_to_do() {
        assertRefused(
                () -> ParamFile.parse("conf/params.py", new byte[0]),
                "conf/params.py: a Python file is a program and cannot be edited safely; keep the parameters in a YAML,"
                        + " JSON or TOML file and read it from there");
        for (var name : List.of("params.ini", "params", "json", "a.yaml/b", ".toml.bak")) {
            assertRefused(
                    () -> ParamFile.empty(name),
                    name + ": the name ends in none of .yaml, .yml, .json and .toml, so that nobody knows how to read"
                            + " the file; rename it");
        }
        assertThat(ParamFile.empty("CONF.JSON").values()).isEmpty();
    }

    private static ParamFile json(String text) {
        return ParamFile.parse("conf.json", text.getBytes(UTF_8));
    }

    private static ParamFile toml(String text) {
        return ParamFile.parse("conf.toml", text.getBytes(UTF_8));
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(ParamFileException.class).hasMessage(message);
    }
}
