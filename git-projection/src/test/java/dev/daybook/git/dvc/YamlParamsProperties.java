package dev.daybook.git.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.git.dvc.YamlArbitraries.Document;
import dev.daybook.git.dvc.YamlArbitraries.Edit;
import dev.daybook.lifecycle.ParamValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class YamlParamsProperties {

    @Property(tries = 400)
    void a_document_reads_as_the_values_it_was_made_of(@ForAll("documents") Document document) {
        assertThat(document.parse().values()).isEqualTo(document.values());
        assertThat(document.parse().toBytes()).isEqualTo(document.text().getBytes(UTF_8));
    }

    @Property(tries = 400)
    void an_edit_reads_as_the_old_values_with_the_new_one(@ForAll("edits") Edit edit) {
        var edited = edit.document().parse().with(edit.path(), edit.value());
        var expected = ParamPaths.with(edit.document().values(), edit.path(), edit.value());
        assertThat(edited.values()).isEqualTo(expected);
        assertThat(YamlParams.parse("again", edited.toBytes()).values()).isEqualTo(expected);
        assertThat(edited.get(edit.path())).contains(edit.value());
    }

    @Property(tries = 400)
    void an_edit_leaves_the_text_of_every_other_key_alone(@ForAll("edits") Edit edit) {
        var edited = new String(
                edit.document().parse().with(edit.path(), edit.value()).toBytes(), UTF_8);
        var chunks = edit.document().chunks();
        int touched = new ArrayList<>(edit.document().values().keySet())
                        .indexOf(edit.path().get(0))
                + 1;
        int before = touched == 0 ? chunks.size() - 1 : touched;
        assertThat(edited).startsWith(String.join("", chunks.subList(0, before)));
        int after = touched == 0 ? chunks.size() - 1 : touched + 1;
        assertThat(edited).endsWith(String.join("", chunks.subList(after, chunks.size())));
    }

    @Property(tries = 400)
    void a_scalar_that_replaces_a_scalar_changes_its_line_only(
            @ForAll("edits") Edit edit, @ForAll("scalars") ParamValue value) {
        var old = edit.document().parse();
        var text = edit.document().text();
        boolean blockScalar = text.contains(" |") || text.contains(" >-");
        if (blockScalar
                || !old.get(edit.path()).map(YamlParamsProperties::isScalar).orElse(false)) {
            return;
        }
        var before = text.split("(?<=\n)", -1);
        var after = new String(old.with(edit.path(), value).toBytes(), UTF_8).split("(?<=\n)", -1);
        assertThat(after).hasSameSizeAs(before);
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            changed += before[i].equals(after[i]) ? 0 : 1;
        }
        assertThat(changed).isLessThanOrEqualTo(1);
    }

    @Property(tries = 400)
    void a_value_set_to_itself_changes_no_byte(@ForAll("edits") Edit edit) {
        var old = edit.document().parse();
        old.get(edit.path())
                .ifPresent(value -> assertThat(old.with(edit.path(), value)).isSameAs(old));
    }

    @Property(tries = 400)
    void what_is_written_reads_back_the_same(@ForAll("maps") Map<String, ParamValue> values) {
        var bytes = YamlParams.write(values);
        var read = YamlParams.parse("params.yaml", bytes);
        assertThat(read.values()).isEqualTo(values);
        assertThat(new ArrayList<>(read.values().keySet())).isEqualTo(new ArrayList<>(values.keySet()));
        assertThat(bytes).doesNotContain('\r');
    }

    @Property(tries = 400)
    void any_string_can_be_a_key_and_a_value_in_every_style(
            @ForAll("strings") String key, @ForAll("strings") String value, @ForAll("styles") String text) {
        var edited = YamlParams.parse("params.yaml", text.getBytes(UTF_8))
                .with(List.of("old"), ParamValue.of(value))
                .with(List.of("map", key), ParamValue.of(value));
        assertThat(edited.get(List.of("old"))).contains(ParamValue.of(value));
        assertThat(edited.get(List.of("map", key))).contains(ParamValue.of(value));
    }

    @Property(tries = 5000)
    void doubles_round_trip_with_the_fewest_digits(@ForAll("doubles") double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        var text = Numbers.shortest(value);
        assertThat(Double.doubleToLongBits(Double.parseDouble(text))).isEqualTo(Double.doubleToLongBits(value));
        assertThat(text).matches("-?[0-9]+\\.[0-9]+(e[-+][0-9]{2,3})?");
        assertThat(digits(text)).isLessThanOrEqualTo(digits(Double.toString(value)));
        assertThat(YamlParams.parse("x", ("a: " + text).getBytes(UTF_8)).values())
                .containsEntry("a", ParamValue.of(value));
    }

    @Property(tries = 1000)
    void damage_is_refused_or_read_but_never_anything_else(
            @ForAll("documents") Document document, @ForAll("damage") String damage, @ForAll("places") int place) {
        var text = document.text();
        int at = Math.floorMod(place, text.length() + 1);
        var damaged = text.substring(0, at) + damage + text.substring(at);
        try {
            var params = YamlParams.parse("params.yaml", damaged.getBytes(UTF_8));
            var edited = params.with(List.of("new"), ParamValue.of(1));
            assertThat(edited.values()).isEqualTo(ParamPaths.with(params.values(), List.of("new"), ParamValue.of(1)));
        } catch (ParamFileException e) {
            assertThat(e.getMessage()).startsWith("params.yaml").contains("; ");
        }
    }

    private static boolean isScalar(ParamValue value) {
        return !(value instanceof ParamValue.ListValue) && !(value instanceof ParamValue.MapValue);
    }

    private static int digits(String text) {
        return new BigDecimal(text).stripTrailingZeros().precision();
    }

    @Provide
    Arbitrary<Document> documents() {
        return YamlArbitraries.documents();
    }

    @Provide
    Arbitrary<Edit> edits() {
        return YamlArbitraries.edits();
    }

    @Provide
    Arbitrary<Map<String, ParamValue>> maps() {
        return YamlArbitraries.maps(3);
    }

    @Provide
    Arbitrary<ParamValue> scalars() {
        return YamlArbitraries.scalars();
    }

    @Provide
    Arbitrary<String> strings() {
        return YamlArbitraries.strings();
    }

    @Provide
    Arbitrary<Double> doubles() {
        return YamlArbitraries.doubles();
    }

    @Provide
    Arbitrary<String> styles() {
        return Arbitraries.of(
                "old: 1\nmap:\n  x: 1\n",
                "old: 'x'\nmap: {x: 1}\n",
                "{\"old\": \"x\", \"map\": {\"x\": 1}}\n",
                "{old: [1], map: {}}",
                "map:\n  x: |\n    text\nold: |\n  text");
    }

    @Provide
    Arbitrary<String> damage() {
        var pieces = Arbitraries.of(
                " ", "\t", "\n", "- ", ": ", "#", "[", "]", "{", "}", ",", "&a ", "*a", "!", "|", ">", "'", "\"", "%",
                "?", "---", "...", "<<: ", "😀", "\u0085", "\uFEFF", "\\");
        return Combinators.combine(pieces, pieces).as(String::concat);
    }

    @Provide
    Arbitrary<Integer> places() {
        return Arbitraries.integers();
    }
}
