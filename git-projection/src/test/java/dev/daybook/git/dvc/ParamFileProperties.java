package dev.daybook.git.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.lifecycle.ParamValue;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of JSON and TOML files alike; those of YAML are in {@link YamlParamsProperties}. */
class ParamFileProperties {

    @Property(tries = 300)
    void a_document_reads_as_the_values_it_was_made_of(@ForAll("documents") ParamCase.Document document) {
        assertThat(document.parse().values()).isEqualTo(document.values());
        assertThat(document.parse().toBytes()).isEqualTo(document.text().getBytes(UTF_8));
    }

    @Property(tries = 400)
    void an_edit_reads_as_the_old_values_with_the_new_one(@ForAll("cases") ParamCase edit) {
        var edited = edit.document().parse().with(edit.path(), edit.value());
        assertThat(edited.values()).isEqualTo(edit.expected());
        assertThat(ParamFile.parse(edit.document().fileName(), edited.toBytes()).values())
                .isEqualTo(edit.expected());
        assertThat(edited.get(edit.path())).contains(edit.value());
    }

    @Property(tries = 400)
    void every_byte_outside_the_value_stays(@ForAll("cases") ParamCase edit) {
        var before = edit.document().text();
        var after = text(edit.document().parse().with(edit.path(), edit.value()));
        // two numbers in the value's place: what they have in common is what is around it
        var one = text(edit.document().parse().with(edit.path(), ParamValue.of(1_111_111)));
        var two = text(edit.document().parse().with(edit.path(), ParamValue.of(2_222_222)));
        var head = one.substring(0, commonPrefix(one, two));
        var tail = one.substring(one.length() - commonSuffix(one, two));

        assertThat(one).hasSize(head.length() + 7 + tail.length());
        assertThat(after).startsWith(head).endsWith(tail);
        if (edit.document().parse().get(edit.path()).isPresent()) {
            assertThat(before)
                    .startsWith(head)
                    .endsWith(tail)
                    .hasSizeGreaterThanOrEqualTo(head.length() + tail.length());
        } else {
            int start = commonPrefix(before, one);
            int end = Math.min(commonSuffix(before, one), before.length() - start);
            // but for space in an empty map nothing goes
            assertThat(before.substring(start, before.length() - end)).isBlank();
        }
    }

    @Property(tries = 300)
    void an_edit_made_twice_is_the_edit_made_once(@ForAll("cases") ParamCase edit) {
        var once = edit.document().parse().with(edit.path(), edit.value());
        assertThat(once.with(edit.path(), edit.value())).isSameAs(once);
    }

    @Property(tries = 300)
    void a_value_set_to_itself_changes_no_byte(@ForAll("cases") ParamCase edit) {
        var old = edit.document().parse();
        old.get(edit.path())
                .ifPresent(value -> assertThat(old.with(edit.path(), value)).isSameAs(old));
    }

    @Property(tries = 300)
    void an_edit_that_is_taken_back_leaves_the_values_as_they_were(@ForAll("cases") ParamCase edit) {
        var old = edit.document().parse();
        old.get(edit.path()).ifPresent(value -> {
            var back = old.with(edit.path(), edit.value()).with(edit.path(), value);
            assertThat(back.values()).isEqualTo(old.values());
        });
    }

    @Property(tries = 400)
    void damage_is_refused_or_read_but_never_anything_else(@ForAll("damaged") ParamCase.Document document) {
        try {
            var params = document.parse();
            var edited = params.with(List.of("fresh", "key"), ParamValue.of(1));
            assertThat(edited.values())
                    .isEqualTo(ParamPaths.with(params.values(), List.of("fresh", "key"), ParamValue.of(1)));
        } catch (ParamFileException e) {
            assertThat(e.getMessage()).startsWith("conf.").contains("; ");
        }
    }

    private static String text(ParamFile file) {
        return new String(file.toBytes(), UTF_8);
    }

    private static int commonPrefix(String one, String other) {
        int length = 0;
        while (length < Math.min(one.length(), other.length()) && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length;
    }

    private static int commonSuffix(String one, String other) {
        return commonPrefix(
                new StringBuilder(one).reverse().toString(),
                new StringBuilder(other).reverse().toString());
    }

    @Provide
    Arbitrary<ParamCase.Document> documents() {
        return Arbitraries.oneOf(JsonArbitraries.documents(), TomlArbitraries.documents());
    }

    @Provide
    Arbitrary<ParamCase> cases() {
        return Arbitraries.oneOf(ParamCases.json(), ParamCases.toml());
    }

    @Provide
    Arbitrary<ParamCase.Document> damaged() {
        return ParamCases.damaged();
    }
}
