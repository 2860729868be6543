package dev.daybook.git.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** New values look like the old ones: JSON and TOML. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ParamFileStyleTest {

    private static final ParamValue MAP = ParamValue.of(Map.of("x", ParamValue.of(List.of(ParamValue.of(1)))));

    @Nested
    class Json {

        @Test
        void follows_indentation_by_spaces() {
            var text = """
                    {
                      "lr": 1e-3,
                      "model": {
                        "depth": 3
                      },
                      "layers": [1, 2]
                    }
                    """;
            assertThat(edited("c.json", text, "lr", ParamValue.of(0.5), "model.name", ParamValue.of("é"), "new", MAP))
                    .isEqualTo("""
                            {
                              "lr": 0.5,
                              "model": {
                                "depth": 3,
                                "name": "é"
                              },
                              "layers": [1, 2],
                              "new": {
                                "x": [1]
                              }
                            }
                            """);
        }

        @Test
        void follows_tabs_and_carriage_returns() {
            assertThat(edited("c.json", "{\r\n\t\"a\": {},\r\n\t\"b\": []\r\n}", "a.c", ParamValue.of(true)))
                    .isEqualTo("{\r\n\t\"a\": {\r\n\t\t\"c\": true\r\n\t},\r\n\t\"b\": []\r\n}");
        }

        @Test
        void follows_compactness_and_escapes() {
            assertThat(edited("c.json", "{\"a\":\"\\u00e9\",\"l\":[1,2]}", "b", ParamValue.of("ü😀"), "l", MAP))
                    .isEqualTo("{\"a\":\"\\u00e9\",\"l\":{\"x\":[1]},\"b\":\"\\u00fc\\ud83d\\ude00\"}");
            assertThat(edited("c.json", "{\"a\": 1}", "m.n", ParamValue.of(2)))
                    .isEqualTo("{\"a\": 1, \"m\": {\"n\": 2}}");
        }

        @Test
        void fills_a_file_that_was_not_there() {
            var file = ParamFile.empty("c.json").with(List.of("m", "n"), ParamValue.of(2));
            assertThat(file.toBytes()).asString(UTF_8).isEqualTo("{\n    \"m\": {\n        \"n\": 2\n    }\n}\n");
        }

        @Test
        void keeps_integers_of_any_size_and_the_spelling_of_what_is_equal() {
            var text = "{\"big\": 123456789012345678901234567890, \"a\": 1E2, \"b\": \"\\u0041\", \"z\": -0}";
            var file = ParamFile.parse("c.json", text.getBytes(UTF_8));
            assertThat(file.values()).containsEntry("big", ParamValue.of("123456789012345678901234567890"));
            assertThat(edited(
                            "c.json", text, "a", ParamValue.of(100.0), "b", ParamValue.of("A"), "z", ParamValue.of(0)))
                    .isEqualTo(text);
            assertThat(edited("c.json", text, "a", ParamValue.of(100))).isEqualTo(text.replace("1E2", "100"));
            assertThat(edited("c.json", text, "big", ParamValue.of("123456789012345678901234567890")))
                    .isEqualTo(text.replace("123456789012345678901234567890", "\"123456789012345678901234567890\""));
        }
    }

    @Nested
    class Toml {

        private static final String TEXT = """
                # training
                lr = 1e-3  # learning rate
                opt.name = 'adam'

                # the model
                [model.conv]
                  kernel = 3
                  sizes = [
                    1, # one
                  ]

                [[stage]]
                name = "a"
                [[stage]]
                name = "b"
                args = { x = 1 }
                """;

        @Test
        void replaces_a_value_and_nothing_else() {
            assertThat(edited("c.toml", TEXT, "lr", ParamValue.of(1e-5), "opt.name", ParamValue.of("sgd")))
                    .isEqualTo(TEXT.replace("1e-3", "1.0e-05").replace("'adam'", "'sgd'"));
            assertThat(edited(
                            "c.toml", TEXT, "stage.1.args.x", ParamValue.of(false), "opt.name", ParamValue.of("it's")))
                    .isEqualTo(TEXT.replace("x = 1", "x = false").replace("'adam'", "\"it's\""));
        }

        @Test
        void adds_keys_where_their_table_is() {
            assertThat(edited("c.toml", TEXT, "seed", ParamValue.of(1)))
                    .isEqualTo(TEXT.replace("'adam'\n", "'adam'\nseed = 1\n"));
            assertThat(edited("c.toml", TEXT, "opt.beta", ParamValue.of(0.9)))
                    .isEqualTo(TEXT.replace("'adam'\n", "'adam'\nopt.beta = 0.9\n"));
            assertThat(edited("c.toml", TEXT, "model.conv.stride", ParamValue.of(2)))
                    .isEqualTo(TEXT.replace("  ]\n", "  ]\n  stride = 2\n"));
            assertThat(edited("c.toml", TEXT, "model.depth", ParamValue.of(2)))
                    .isEqualTo(TEXT.replace("# the model\n", "[model]\ndepth = 2\n\n# the model\n"));
            assertThat(edited("c.toml", TEXT, "stage.0.new key.y", ParamValue.of(List.of())))
                    .isEqualTo(TEXT.replace("\"a\"\n", "\"a\"\n\"new key\".y = []\n"));
            assertThat(edited("c.toml", TEXT, "stage.1.args.y", MAP))
                    .isEqualTo(TEXT.replace("x = 1 }", "x = 1, y = {x = [1]} }"));
        }

        @Test
        void adds_to_files_without_a_last_line_break_and_without_a_key() {
            assertThat(edited("c.toml", "a=1", "b", ParamValue.of(Double.NaN)))
                    .isEqualTo("a=1\nb=nan\n".stripTrailing());
            assertThat(edited("c.toml", "# only\r\n", "b", ParamValue.of(Double.NEGATIVE_INFINITY)))
                    .isEqualTo("# only\r\nb = -inf\r\n");
            assertThat(edited("c.toml", "[t]", "b", ParamValue.of(1), "t.c", ParamValue.of(2)))
                    .isEqualTo("b = 1\n\n[t]\nc = 2");
            assertThat(ParamFile.empty("c.toml")
                            .with(List.of("a", "b"), ParamValue.of(1))
                            .toBytes())
                    .asString(UTF_8)
                    .isEqualTo("a.b = 1\n");
        }

        @Test
        void shows_dates_as_text_and_never_takes_one_for_it() {
            var text = "d = 2026-11-26 07:32:00Z\n";
            var file = ParamFile.parse("c.toml", text.getBytes(UTF_8));
            assertThat(file.values()).containsEntry("d", ParamValue.of("2026-11-26T07:32Z"));
            assertThat(edited("c.toml", text, "d", ParamValue.of("2026-11-26T07:32Z")))
                    .isEqualTo("d = \"2026-11-26T07:32Z\"\n");
        }
    }

    private static String edited(String fileName, String text, Object... keysAndValues) {
        var file = ParamFile.parse(fileName, text.getBytes(UTF_8));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            file = file.with(ParamKey.parse((String) keysAndValues[i]).path(), (ParamValue) keysAndValues[i + 1]);
        }
        return new String(file.toBytes(), UTF_8);
    }
}
