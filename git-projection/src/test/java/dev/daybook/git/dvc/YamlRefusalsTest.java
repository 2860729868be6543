package dev.daybook.git.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and how it is said. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class YamlRefusalsTest {

    @ParameterizedTest
    @ValueSource(strings = {"a: |\n \n  x\n", "a: >- # why\n \n\n    x\n", "a:\n- &b |\r\n  \r\n   \r\n   x\r\n"})
    void refuses_a_block_scalar_that_begins_with_a_blank_line_of_fewer_spaces(String text) {
        assertThatThrownBy(() -> YamlParams.parse("params.yaml", text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ParamFileException.class)
                .hasMessageContaining("a block scalar begins with a blank line of fewer spaces than follow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: |\n\n  x\n", "a: |\n  \n  x\n \n   y\n", "a: |2\n \n  x\n", "a: | #\tb\n  x\n"})
    void takes_other_block_scalars(String text) {
        assertThat(YamlParams.parse("params.yaml", text.getBytes(StandardCharsets.UTF_8))
                        .values())
                .containsOnlyKeys("a");
    }

    @Test
    void refuses_a_carriage_return_by_itself() {
        assertThatThrownBy(() -> YamlParams.parse("params.yaml", "a: |\r\n \r  x\r\n".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ParamFileException.class)
                .hasMessageContaining("a carriage return stands by itself; end the line with a line feed");
        assertThat(YamlParams.parse("params.yaml", "a: 1\r\n".getBytes(StandardCharsets.UTF_8))
                        .values())
                .containsOnlyKeys("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: 1\\n---\\nb: 2 | line 2: the file holds more than one YAML document; keep one",
                "a: 1\\nb: 2\\na: 3 | line 3: key 'a' stands twice in one map; remove one",
                "1: 1\\n1.0: 3 | line 2: key '1.0' stands twice in one map; remove one",
                "1: 1\\n\"1\": 3 | line 2: key '1' stands twice in one map; remove one",
                "%YAML 1.2\\n---\\na: 1 | line 1: a %YAML or %TAG directive is not supported; remove it",
                "? a\\n: 1 | line 1: the form '? key' is not supported; write 'key: value'",
                "x: {? a : 1} | line 1: the form '? key' is not supported; write 'key: value'",
                "- 1 | line 1: the root is a list, not a map; parameters need names",
                "hello | line 1: the root is a single value, not a map; parameters need names",
                "a: 1\\nb:\\tx | line 2: a tab stands where DVC allows only spaces; replace it",
                "a: >\\t\\n  x | line 1: a tab stands where DVC allows only spaces; replace it",
                "a: >-\\t# b\\n  x | line 1: a tab stands where DVC allows only spaces; replace it",
                "a: x\\ty | line 1: a tab stands where DVC allows only spaces; replace it",
                "a: !mine 1 | line 1: the tag !mine is not supported for '1'; remove it",
                "a: !mine [1] | line 1: the tag !mine is not supported; remove it",
                "!!str a: 1 | line 1: a key with a tag is not supported; remove the tag",
                "a: = | line 1: the value '=' cannot be read by DVC; put it in quotes",
                "a: << | line 1: the value '<<' cannot be read by DVC; put it in quotes",
                "a: 2020-13-45 | line 1: the value '2020-13-45' cannot be read by DVC; put it in quotes",
                "~: 1 | line 1: a key is null; give it a name",
                "[a]: 1 | line 1: a key is a list, a map or an alias; write it as text",
                "a: *b | line 1: the alias *b has no anchor above it; add &b",
                "a: &a [*a] | line 1: the alias *a stands inside its own anchor; remove it",
                "<<: 1 | line 1: a merge key needs a map or a list of maps; correct it",
                "a: {b:, c: 1} | line 1: a colon has no space behind it, which DVC reads as part of the key; add one",
                "a: \\x85 | line 1: the character U+0085 may not stand here; write it as an escape in double quotes",
            })
    void names_the_line_and_the_way_out(String text, String message) {
        var content = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\x85", "\u0085");
        assertRefused(() -> parse(content), "params.yaml, " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "base.x | line 1: base carries the anchor &b, which is used 2 more times: changing it would change those too; edit the file by hand",
                "base | line 1: base carries the anchor &b, which is used 2 more times: changing it would change those too; edit the file by hand",
                "c.x | line 2: c is the alias *b; set c as a whole",
                "d.x.y | line 3: d.x comes from a merge key; set d.x as a whole",
                "v.x | line 4: v is not a map but a value; set v as a whole",
                "l.x | line 5: l is a list, not a map; name an element by its number",
                "l.2 | line 5: l has no element 2; set the whole list",
                "p.0.k | line 6: p.0 is a map without braces; write it in braces first",
            })
    void says_why_an_edit_cannot_be_made_in_place(String key, String message) {
        var params = parse("base: &b {x: {y: 1}}\nc: *b\nd: {<<: *b}\nv: 1\nl: [1, 2]\np: [q: 1]\n");
        var path = ParamKey.parse(key).path();
        assertRefused(() -> params.with(path, ParamValue.of(7)), "params.yaml, " + message);
    }

    @Test
    void refuses_what_no_file_can_hold() {
        var params = parse("a: 1\n");
        assertRefused(
                () -> params.with(List.of("b"), ParamValue.of("\uD800")),
                "params.yaml: a text holds half of a surrogate pair, which UTF-8 cannot write; correct it");
        assertThatThrownBy(() -> params.with(List.of("k".repeat(901)), ParamValue.of(1)))
                .isInstanceOf(ParamFileException.class)
                .hasMessageEndingWith("is longer than 900 characters; shorten it");
    }

    @Test
    void limits_size_depth_and_aliases() {
        assertRefused(
                () -> YamlParams.parse("params.yaml", new byte[(1 << 20) + 1]),
                "params.yaml: the file is larger than 1 MiB; keep data out of parameter files");
        assertRefused(
                () -> parse("a: " + "[".repeat(200) + "]".repeat(200)),
                "params.yaml, line 1: the values are nested deeper than 100; make them flatter");
        var deep = new ArrayList<String>(List.of("a".repeat(101).split("")));
        var params = parse("b: 1\n");
        assertRefused(
                () -> params.with(deep, ParamValue.of(1)),
                "params.yaml: the values are nested deeper than 100; make them flatter");
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a%d: &a%d [%s]\n"
                    .formatted(
                            i,
                            i,
                            String.join(
                                    ", ",
                                    List.of(("*a" + (i - 1) + ",").repeat(10).split(",")))));
        }
        assertRefused(
                () -> parse(bomb.toString()),
                "params.yaml, line 6: the aliases expand to more than 1000000 values; write fewer of them");
    }

    @Test
    void limits_the_depth_that_aliases_give() {
        var chain = new StringBuilder("a0: &a0 [x]\n");
        var merges = new StringBuilder("m0: &m0 {k: x}\n");
        for (int i = 1; i <= 98; i++) {
            chain.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
            merges.append("m%d: &m%d {<<: *m%d}\n".formatted(i, i, i - 1));
        }
        assertThat(parse(merges + "m: {<<: *m98}\nl: [*m98]\n").values()).hasSize(101);
        assertRefused(
                () -> parse(chain.toString()),
                "params.yaml, line 1: the values are nested deeper than 100; make them flatter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: {\n  \"\\u", "a: \"x\\x", "a: \"\\U", "0: 0.\nb: \"x\\u", "a: \"\\UFFFFFFFF\""})
    void refuses_an_escape_that_is_cut_off_or_no_character(String text) {
        assertRefused(
                () -> parse(text),
                "params.yaml: the file is not valid YAML (an escape in double quotes is cut off, or is no character);"
                        + " correct it");
    }

    @Test
    void refuses_bytes_that_are_not_utf_8() {
        assertRefused(
                () -> YamlParams.parse("params.yaml", new byte[] {'a', ':', ' ', (byte) 0xFF}),
                "params.yaml: the file is not valid UTF-8; save it as UTF-8");
    }

    @Test
    void knows_file_and_line() {
        assertThatThrownBy(() -> parse("a: 1\na: 2\n")).isInstanceOfSatisfying(ParamFileException.class, e -> {
            assertThat(e.fileName()).isEqualTo("params.yaml");
            assertThat(e.line()).hasValue(2);
        });
    }

    private static YamlParams parse(String text) {
        return YamlParams.parse("params.yaml", text.getBytes(UTF_8));
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(ParamFileException.class).hasMessage(message);
    }
}
