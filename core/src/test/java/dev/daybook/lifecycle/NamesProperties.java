package dev.daybook.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** Which names are let in, against rules that are written down here once more. */
class NamesProperties {

    /** git-check-ref-format(1), rule by rule, for a full ref name; independent of the code under test. */
    private static boolean isRef(String ref) {
        for (var component : ref.split("/", -1)) {
            if (component.isEmpty() || component.startsWith(".") || component.endsWith(".lock")) {
                return false; // rules 1, 6
            }
        }
        boolean forbidden = ref.chars().anyMatch(c -> c < 0x20 || c == 0x7f || " ~^:?*[\\".indexOf(c) >= 0);
        return ref.contains("/") // rule 2
                && !ref.contains("..") // rule 3
                && !forbidden // rules 4, 5, 10
                && !ref.endsWith(".") // rule 7
                && !ref.contains("@{"); // rule 8; 9 is about "@" alone
    }

    @Property(tries = 20_000)
    void an_experiments_name_that_is_let_in_is_a_ref_and_nothing_else(@ForAll("hostile") String name) {
        var reason = Names.experiment(name);
        Statistics.label("accepted").collect(reason.isEmpty()).coverage(coverage -> {
            coverage.check(true).percentage(percentage -> percentage > 0.5);
            coverage.check(false).percentage(percentage -> percentage > 0.5);
        });
        if (reason.isPresent()) {
            assertThat(reason.get()).startsWith("experiment name '").matches(NamesProperties::isPrintable);
            return;
        }
        assertThat(isRef("refs/exps/11/" + "1".repeat(38) + "/" + name)).isTrue();
        assertThat(name).doesNotContain("/").doesNotStartWith("-").isNotIn("@", "HEAD", "stash", "workspace");
        assertThat(name).doesNotMatch("[0-9a-fA-F]{4,40}").doesNotMatch(".*-g[0-9a-fA-F]{4,40}");
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 200);
        assertThat(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(name);
        assertThat(Normalizer.normalize(name, Normalizer.Form.NFC)).isEqualTo(name);
        assertThat(name.codePoints()).noneMatch(Character::isISOControl);
    }

    @Property(tries = 2_000)
    void a_plain_name_is_let_in(@ForAll("plain") String name) {
        assertThat(Names.experiment(name)).isEmpty();
        assertThat(Names.metric(name)).isEmpty();
        assertThat(Names.tag(name)).isEmpty();
        assertThat(Names.parameter(ParamKey.of(name, name))).isEmpty();
    }

    @Property(tries = 20_000)
    void a_metrics_name_that_is_let_in_is_a_path_of_file_names(@ForAll("hostile") String name) {
        var reason = Names.metric(name);
        if (reason.isPresent()) {
            assertThat(reason.get()).startsWith("metric name '").matches(NamesProperties::isPrintable);
            return;
        }
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 200);
        assertThat(name).isNotEqualTo("step").doesNotContain("\\");
        for (var part : name.split("/", -1)) {
            assertThat(part).isNotIn("", ".", "..").isEqualTo(part.trim());
            assertThat(part.codePoints()).noneMatch(c -> c == 0 || Character.isISOControl(c));
        }
    }

    @Property(tries = 5_000)
    void a_parameters_key_that_is_let_in_can_be_written_to_a_file(
            @ForAll("hostile") String first, @ForAll("hostile") String last) {
        var reason = Names.parameter(new ParamKey(Optional.of("p.yaml"), List.of(first, last)));
        if (reason.isPresent()) {
            assertThat(reason.get()).startsWith("parameter '").matches(NamesProperties::isPrintable);
        } else {
            assertThat(first).isNotEmpty();
            assertThat(last).isNotEmpty();
            assertThat(first + "." + last).matches(NamesProperties::isPrintable);
        }
    }

    @Property(tries = 5_000)
    void a_parameter_file_that_is_let_in_is_inside_the_repository(@ForAll("hostile") String file) {
        var key = new ParamKey(Optional.of(file + ".yaml"), List.of("lr"));
        if (Names.parameter(key).isEmpty()) {
            var path = Path.of("/repository").resolve(file + ".yaml").normalize();
            assertThat(path.startsWith("/repository")).isTrue();
            assertThat(file).doesNotStartWith("/").doesNotContain("//");
            assertThat(List.of((file + ".yaml").split("/", -1))).doesNotContain(".", "..", ".git", "");
        }
    }

    @Property(tries = 5_000)
    void a_key_that_is_let_in_is_read_back_from_what_it_is_written_as(
            @ForAll("hostile") String first, @ForAll("hostile") String last) {
        var key = new ParamKey(Optional.of("conf/p.yaml"), List.of(first, last));
        if (Names.parameter(key).isEmpty()) {
            assertThat(ParamKey.parse(key.toString())).isEqualTo(key);
        }
    }

    @Property(tries = 5_000)
    void every_text_is_some_key(@ForAll("hostile") String text) {
        assertThat(ParamKey.parse(text).path()).isNotEmpty();
    }

    @Property(tries = 2_000)
    void ids_sort_by_time_and_are_version_7(
            @ForAll("times") long earlier, @ForAll("times") long later, @ForAll long high, @ForAll long low) {
        var random = new UUID(high, low);
        var id = ExperimentId.of(Math.min(earlier, later), random);
        var next = ExperimentId.of(Math.max(earlier, later) + 1, new UUID(~high, ~low));

        assertThat(id.uuid().version()).isEqualTo(7);
        assertThat(id.uuid().variant()).isEqualTo(2);
        assertThat(id).isLessThan(next);
        assertThat(id.toString()).isLessThan(next.toString());
        assertThat(ExperimentId.parse(id.toString())).isEqualTo(id);
    }

    @Example
    void the_longest_name_is_200_bytes() {
        assertThat(Names.experiment("x".repeat(200))).isEmpty();
        assertThat(Names.experiment("x".repeat(201)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("is longer than 200 bytes"));
        assertThat(Names.experiment("\u00e9".repeat(100))).isEmpty();
        assertThat(Names.experiment("\u00e9".repeat(101))).isPresent();
        assertThat(Names.metric("\u00e9".repeat(101))).isPresent();
    }

    @Example
    void what_git_would_take_for_something_else_is_refused() {
        for (var name : List.of("HEAD", "FETCH_HEAD", "ORIG_HEAD", "@", "stash", "workspace", "cafe", "CAFE", "-x")) {
            assertThat(Names.experiment(name)).as(name).isPresent();
        }
        for (var name : List.of("v1.2-3-gdeadbeef", "x-g1234", "0".repeat(40), "x@1", "a@b@12")) {
            assertThat(Names.experiment(name)).as(name).isPresent();
        }
        for (var name : List.of(
                "head", "caf", "0".repeat(41), "cafe-x", "x@y", "x@1a", "1@x", "a.b", "lock", "a.lock.b", "main")) {
            assertThat(Names.experiment(name)).as(name).isEmpty();
        }
    }

    @Example
    void what_no_ref_can_hold_is_said() {
        for (var name : List.of(".a", "a.", "a.lock")) {
            assertThat(Names.experiment(name))
                    .contains("experiment name '" + name
                            + "' starts or ends with '.', or ends with '.lock', which a Git ref cannot");
        }
        for (var name : List.of("a..b", "a@{b")) {
            assertThat(Names.experiment(name))
                    .contains("experiment name '" + name + "' holds '..' or '@{', which a Git ref cannot");
        }
    }

    @Example
    void what_is_no_text_or_cannot_be_seen_is_in_no_name() {
        assertThat(Names.experiment("a\ud800"))
                .contains("experiment name 'a\\ud800' holds half a surrogate pair, which is no text");
        for (var separator : List.of("\u2028", "\u2029")) {
            var shown = "%04x".formatted((int) separator.charAt(0));
            assertThat(Names.tag("a" + separator))
                    .contains("tag 'a\\u" + shown + "' holds an invisible character (U+" + shown + ")");
        }
    }

    /** A terminal would obey what such a name holds. */
    @Example
    void no_refusal_repeats_what_cannot_be_seen() {
        var name = "a\u001bb";
        var half = ParamValue.of("\ud800");
        var traits = new ArtifactTraits(false, 0, Optional.of(name), Optional.empty(), Optional.empty(), List.of());
        for (var reason : List.of(
                Names.plot(name),
                Names.value(ParamKey.of(name), half),
                Names.artifact(name + "/../c"),
                Names.artifactTraits(new Event.ArtifactAdded("x", "md5", "0".repeat(32), 1, 1, traits)))) {
            assertThat(reason)
                    .hasValueSatisfying(
                            text -> assertThat(text).contains("a\\u001bb").matches(NamesProperties::isPrintable));
        }
    }

    @Example
    void a_refusal_repeats_a_hundred_characters_of_a_name_at_most() {
        var name = "a".repeat(120);
        var half = new ParamValue.MapValue(Map.of("x", ParamValue.of("\ud800")));
        var artifact = new Event.ArtifactAdded(name + "/b", "md5", "0".repeat(32), 1, 1);
        var own = new Event.ArtifactAdded("dvclive/plots/" + name, "md5", "0".repeat(32), 1, 1);
        var bad = new ArtifactTraits(false, 0, Optional.of("-"), Optional.empty(), Optional.empty(), List.of());
        var data = LifecycleFixture.fold(LifecycleFixture.initialized(), artifact);
        for (var reason : List.of(
                Names.points(name, List.of(half)),
                Names.artifactNeighbours(own.path(), data),
                Names.artifactNeighbours(artifact.path() + "/c", data),
                Names.artifactTraits(new Event.ArtifactAdded(name, "md5", "0".repeat(32), 1, 1, bad)))) {
            assertThat(reason).hasValueSatisfying(text -> assertThat(text).matches("[a-z]+ '[^']{100}' .*"));
        }
    }

    /** Shown on a terminal it does no harm and is what it seems. */
    private static boolean isPrintable(String text) {
        return text.codePoints()
                .noneMatch(c -> Character.isISOControl(c)
                        || c < 0x10000 && Character.getType(c) == Character.FORMAT
                        || Character.getType(c) == Character.SURROGATE);
    }

    @Provide
    Arbitrary<String> hostile() {
        return LifecycleArbitraries.hostileTexts();
    }

    @Provide
    Arbitrary<String> plain() {
        return LifecycleArbitraries.plainNames();
    }

    @Provide
    Arbitrary<Long> times() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 1L << 20),
                        Arbitraries.of(0L, 1_700_000_000_000L, (1L << 48) - (1L << 21)))
                .as(Long::sum);
    }
}
