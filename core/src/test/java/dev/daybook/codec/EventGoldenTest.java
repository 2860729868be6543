package dev.daybook.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.lifecycle.ArtifactTraits;
import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.MetricSummary;
import dev.daybook.lifecycle.Origin;
import dev.daybook.lifecycle.Outcome;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.PlotView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The bytes of all versions, which are never edited: journals that hold them replay for ever. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EventGoldenTest {

    private static final Code CODE =
            new Code("0123456789abcdef0123456789abcdef01234567", "89abcdef0123456789abcdef0123456789abcdef");
    private static final String COMMIT = "fedcba9876543210fedcba9876543210fedcba98";

    private static final List<Event> EVENTS = List.of(
            new Event.ExperimentInitialized(
                    "lr-sweep",
                    CODE,
                    Map.of("params.yaml", content()),
                    new Author("Ada \u00c9", "ada@example.org"),
                    "dvclive",
                    Optional.of(COMMIT),
                    Map.of("java", "17.0.15")),
            new Event.ParamsSet(overrides()),
            new Event.MetricDefined(300, "train/loss"),
            new Event.CheckpointMade(COMMIT, CODE, "epoch 3"),
            new Event.ArtifactAdded("data/raw", "md5", "0123456789abcdef0123456789abcdef.dir", 1L << 40, 2_000),
            new Event.Tagged("baseline"),
            new Event.NoteTaken("half a pair: \ud800\0"),
            new Event.ExperimentCompleted(Outcome.failed("out of memory"), Optional.of(CODE)),
            new Event.SavePrepared(
                    "refs/exps/01/23456789abcdef0123456789abcdef01234567/lr-sweep",
                    COMMIT,
                    CODE.tree(),
                    Optional.empty()),
            new Event.SaveAbandoned("the ref was taken"),
            new Event.ExperimentPersisted("refs/exps/01/23456789abcdef0123456789abcdef01234567/lr-sweep", COMMIT),
            new Event.ExperimentDiscarded(),
            new Event.ExperimentResumed("20261123-101530-4711", 65_536, 12, 100_000_000, Map.of("pid", "4711")),
            new Event.PlotLogged(
                    "val/roc",
                    List.of(new ParamValue.MapValue(Map.of("fpr", ParamValue.of(0.5)))),
                    new PlotView("fpr", "fpr", "linear", Optional.of("ROC"), Optional.empty(), Optional.of("rate"))));

    /** Of an experiment that begins with a checkpoint. */
    private static final Event WITH_ORIGIN = new Event.ExperimentInitialized(
            "lr-sweep-2",
            CODE,
            Map.of(),
            new Author("Ada", "ada@example.org"),
            "dvclive",
            Optional.empty(),
            Map.of("java", "17.0.15"),
            Optional.of(new Origin(
                    ExperimentId.parse("0190a1b2-0000-7000-8000-000000000001"),
                    "lr-sweep",
                    3,
                    COMMIT,
                    overrides(),
                    List.of(new MetricSummary(0, "train/loss", 300, -1, 0.5, -0.0, 2.5, 1.25, 4, 370)),
                    List.of(new Event.ArtifactAdded("model.bin", "md5", "0".repeat(32), 12, 1)))));

    private static ParamValue.MapValue content() {
        var entries = new LinkedHashMap<String, ParamValue>();
        entries.put("null", ParamValue.ofNull());
        entries.put("no", ParamValue.of(false));
        entries.put("yes", ParamValue.of(true));
        entries.put("least", ParamValue.of(Long.MIN_VALUE));
        entries.put("lr", ParamValue.of(1e-3));
        entries.put("nan", ParamValue.of(Double.longBitsToDouble(0x7FF8_0000_DEAD_BEEFL)));
        entries.put("text", ParamValue.of("\ud83d\ude00"));
        entries.put("list", ParamValue.of(List.of(ParamValue.of(-1), ParamValue.of(List.of()))));
        entries.put("map", new ParamValue.MapValue(Map.of()));
        return new ParamValue.MapValue(entries);
    }

    private static Map<ParamKey, ParamValue> overrides() {
        var values = new LinkedHashMap<ParamKey, ParamValue>();
        values.put(new ParamKey(Optional.of("conf/train.yaml"), List.of("model", "depth")), ParamValue.of(64));
        values.put(ParamKey.of("a.b"), ParamValue.of(-0.0));
        return values;
    }

    @Test
    void each_event_has_its_golden_bytes_and_the_bytes_their_event() {
        var golden = golden("event-v1.golden");
        assertThat(golden).hasSameSizeAs(EVENTS).hasSize(Event.class.getPermittedSubclasses().length);
        for (var event : EVENTS) {
            var name = event.getClass().getSimpleName();
            var hex = Objects.requireNonNull(golden.get(name), name);

            assertThat(HexFormat.of().formatHex(EventCodec.encode(event)))
                    .as(name)
                    .isEqualTo(hex);
            var decoded = EventCodec.decode(HexFormat.of().parseHex(hex));
            assertThat(decoded).isEqualTo(event);
            assertThat(EventCodec.encode(decoded)).asHexString().isEqualToIgnoringCase(hex);
        }
    }

    @Test
    void an_artifact_with_traits_has_version_2_and_bytes_of_its_own() {
        var event = new Event.ArtifactAdded(
                "bin/train",
                "md5",
                "0123456789abcdef0123456789abcdef",
                300,
                1,
                new ArtifactTraits(
                        true, 0, Optional.of("trainer"), Optional.empty(), Optional.of("\u00c9"), List.of("a", "b")));
        var hex = "0502" + "12" + HexFormat.of().formatHex("bin/train".getBytes(StandardCharsets.UTF_8))
                + "06" + "6d6435"
                + "40" + HexFormat.of().formatHex(event.hash().getBytes(StandardCharsets.UTF_8))
                + "ac02" + "01"
                + "01" + "00"
                + "01" + "0e" + "747261696e6572"
                + "00"
                + "01" + "04" + "c389"
                + "02" + "0261" + "0262";

        assertThat(EventCodec.encode(event)).asHexString().isEqualToIgnoringCase(hex);
        assertThat(EventCodec.decode(HexFormat.of().parseHex(hex))).isEqualTo(event);
    }

    @Test
    void an_artifact_without_traits_has_one_spelling() {
        var hex = "0502" + "0278" + "00" + "00" + "0001" + "00" + "808080" + "05" + "00000000";

        assertThatThrownBy(() -> EventCodec.decode(HexFormat.of().parseHex(hex)))
                .isInstanceOf(CodecException.class)
                .hasMessage("not an event: an artifact without traits is written in version 1");
    }

    @Test
    void an_experiment_that_begins_with_a_checkpoint_is_written_in_version_2() {
        var hex = Objects.requireNonNull(golden("event-v2.golden").get("ExperimentInitialized"));

        assertThat(HexFormat.of().formatHex(EventCodec.encode(WITH_ORIGIN))).isEqualTo(hex);
        assertThat(EventCodec.decode(HexFormat.of().parseHex(hex))).isEqualTo(WITH_ORIGIN);
    }

    @Test
    void no_two_events_share_a_number() {
        assertThat(golden("event-v1.golden").values().stream()
                        .map(hex -> hex.substring(0, 2))
                        .sorted()
                        .toList())
                .containsExactly("01", "02", "03", "04", "05", "06", "07", "08", "09", "0a", "0b", "0c", "0d", "0e");
    }

    @Test
    void an_event_of_a_newer_daybook_is_refused_and_never_skipped() {
        assertThatThrownBy(() -> EventCodec.decode(new byte[] {15, 1}))
                .isInstanceOf(CodecException.class)
                .hasMessage("an event of type 15, version 1, was written by a newer Daybook; update this one");
        assertThatThrownBy(() -> EventCodec.decode(new byte[] {12, 2}))
                .hasMessage("an event of type 12, version 2, was written by a newer Daybook; update this one");
        assertThatThrownBy(() -> EventCodec.decode(new byte[] {5, 3}))
                .hasMessage("an event of type 5, version 3, was written by a newer Daybook; update this one");
        assertThatThrownBy(() -> EventCodec.decode(new byte[] {0, 1})).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> EventCodec.decode(new byte[] {})).isInstanceOf(CodecException.class);
    }

    @Test
    void what_a_constructor_refuses_the_decoder_refuses() {
        // Tagged with an empty text; MetricDefined without a name; ParamsSet of nothing
        for (var hex : List.of("060100", "03010000", "020100")) {
            assertThatThrownBy(() -> EventCodec.decode(HexFormat.of().parseHex(hex)))
                    .as(hex)
                    .isInstanceOf(CodecException.class)
                    .hasMessageStartingWith("not an event: ");
        }
    }

    @Test
    void damaged_lengths_and_flags_are_refused_with_the_reason() {
        var reasons = new LinkedHashMap<String, String>();
        reasons.put("0601ffffffffffffffffff01", "a text is cut off");
        reasons.put("0601ffffffffffffffffff02", "an integer has more than 64 bits");
        reasons.put("0601ffffffffffffffffffff01", "an integer has more than 64 bits");
        reasons.put("060180", "an integer is cut off");
        reasons.put("060104c328", "a text is not UTF-8");
        reasons.put("06010341", "a UTF-16 text has half a character");
        reasons.put("080102", "a flag is neither 0 nor 1");
        reasons.put("0801", "a flag is cut off");
        reasons.put("0201ff7f", "a count is larger than what follows");
        reasons.put("03018080808008" + "0278", "a number is too large");
        reasons.put("0201010000" + "00", "a parameter key without a segment");
        reasons.put("0201010001027808", "a value of kind 8");
        reasons.put("02010200010278000001027800", "a key stands twice in a map");
        reasons.forEach((hex, reason) -> assertThatThrownBy(
                        () -> EventCodec.decode(HexFormat.of().parseHex(hex)))
                .as(hex)
                .isInstanceOf(CodecException.class)
                .hasMessageEndingWith(reason));
    }

    @Test
    void values_nested_deeper_than_any_that_was_let_in_are_refused() {
        var hex = "020101000102" + "78" + "0601".repeat(10_000) + "00";
        assertThatThrownBy(() -> EventCodec.decode(HexFormat.of().parseHex(hex)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("nested deeper than");
    }

    @Test
    void an_event_may_be_as_large_as_the_limit_and_no_larger() {
        int overhead = EventCodec.encode(new Event.NoteTaken("x".repeat(1_999_000))).length - 1_999_000;
        var largest = new Event.NoteTaken("x".repeat(EventCodec.MAX_BYTES - overhead));
        assertThat(EventCodec.encode(largest)).hasSize(EventCodec.MAX_BYTES);
        assertThat(EventCodec.decode(EventCodec.encode(largest))).isEqualTo(largest);

        var larger = new Event.NoteTaken(largest.text() + "x");
        assertThatThrownBy(() -> EventCodec.encode(larger))
                .isInstanceOf(CodecException.class)
                .hasMessage("an event of 2000001 bytes is larger than the 2000000 that the journal takes; "
                        + "keep large values in a file of their own");
    }

    private static Map<String, String> golden(String file) {
        try (var in = Objects.requireNonNull(EventGoldenTest.class.getResourceAsStream(file))) {
            var lines = new LinkedHashMap<String, String>();
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                int space = line.indexOf(' ');
                assertThat(lines.put(line.substring(0, space), line.substring(space + 1)))
                        .isNull();
            }
            return lines;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
