package dev.daybook.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.Origin;
import dev.daybook.lifecycle.ParamValue;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What the codec must never do, whatever it is given. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CodecLimitsTest {

    private static final List<UnaryOperator<ParamValue>> LEVELS =
            List.of(value -> ParamValue.of(List.of(value)), value -> ParamValue.of(Map.of("k", value)));

    @Test
    void small_damaged_bytes_that_claim_much_do_not_take_much_memory() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {2, 1, 1, 0, 1, 2, 'k'}); // ParamsSet of one key
        for (int depth = 0; depth < 250; depth++) {
            bytes.writeBytes(new byte[] {6, (byte) 0xF0, (byte) 0xBA, 0x79}); // a list of 1,990,000
        }
        bytes.writeBytes(new byte[1_995_000]);
        var meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = meter.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> EventCodec.decode(bytes.toByteArray())).isInstanceOf(CodecException.class);

        assertThat(meter.getCurrentThreadAllocatedBytes() - before).isLessThan(600L << 20);
    }

    @Test
    void events_in_events_are_refused_before_they_take_all_of_the_stack() {
        var bytes = EventCodec.encode(new Event.Tagged("a"));
        for (int depth = 0; depth < 5_000; depth++) {
            bytes = beginningWith(bytes);
        }
        var nested = bytes;

        assertThatThrownBy(() -> EventCodec.decode(nested))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("an artifact that is none");
    }

    /** The start of an experiment that took over what these bytes say is an artifact. */
    private static byte[] beginningWith(byte[] artifact) {
        var origin = new Origin(
                ExperimentId.of(1, new UUID(0, 0)),
                "x",
                1,
                "0".repeat(40),
                Map.of(),
                List.of(),
                List.of(new Event.ArtifactAdded("p", "md5", "0".repeat(32), 1, 1)));
        var whole = EventCodec.encode(new Event.ExperimentInitialized(
                "x",
                new Code("0".repeat(40), "0".repeat(40)),
                Map.of(),
                new Author("a", "a@b"),
                "dvclive",
                Optional.empty(),
                Map.of(),
                Optional.of(origin)));
        int length = EventCodec.encode(origin.artifacts().get(0)).length;
        var out = new ByteArrayOutputStream();
        out.write(whole, 0, whole.length - length - 1);
        for (int rest = artifact.length; ; rest >>>= 7) {
            out.write(rest < 0x80 ? rest : rest & 0x7F | 0x80);
            if (rest < 0x80) {
                break;
            }
        }
        out.writeBytes(artifact);
        return out.toByteArray();
    }

    @Test
    void what_is_nested_too_deep_to_be_read_is_not_written() {
        assertThatThrownBy(() -> EventCodec.encode(initialized(300, value -> ParamValue.of(Map.of("k", value)))))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("nested deeper than 250");
        assertThatThrownBy(() -> EventCodec.encode(initialized(100_000, value -> ParamValue.of(List.of(value)))))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void bytes_that_are_never_written_are_not_read() {
        var longType = new byte[] {(byte) 0x86, 0, 1, 2, 'a'};
        var needlessUtf16 = new byte[] {6, 1, 5, 0, 'a'};
        var longLength = new byte[] {6, 1, (byte) 0x82, 0, 'a'};

        for (var bytes : List.of(longType, needlessUtf16, longLength)) {
            assertThatThrownBy(() -> EventCodec.decode(bytes)).isInstanceOf(CodecException.class);
        }
        assertThat(EventCodec.decode(new byte[] {6, 1, 2, 'a'})).isEqualTo(new Event.Tagged("a"));
    }

    @Test
    void the_deepest_value_is_read_back_and_one_level_more_is_neither_written_nor_read() {
        for (UnaryOperator<ParamValue> wrapping : LEVELS) {
            var deepest = initialized(250 - 1, wrapping);
            assertThat(EventCodec.decode(EventCodec.encode(deepest))).isEqualTo(deepest);
            assertThatThrownBy(() -> EventCodec.encode(initialized(250, wrapping)))
                    .hasMessage("a parameter's value is nested deeper than 250");
        }
        for (var level : List.of(new byte[] {6, 1}, new byte[] {7, 1, 2, 'k'})) { // a list, a map
            assertThat(EventCodec.decode(nested(250, level))).isInstanceOf(Event.ParamsSet.class);
            assertThatThrownBy(() -> EventCodec.decode(nested(251, level)))
                    .hasMessage("not an event: a value is nested deeper than 250");
        }
    }

    @Test
    void an_integer_has_64_bits_and_no_more() {
        var largest = new byte[10];
        Arrays.fill(largest, 0, 9, (byte) 0xFF);
        largest[9] = 1;
        assertThat(new ByteSource(largest).unsigned()).isEqualTo(-1);

        largest[9] = 3;
        assertThatThrownBy(() -> new ByteSource(largest).unsigned())
                .hasMessage("not an event: an integer has more than 64 bits");
    }

    /** ParamsSet of one key: a list, and levels in each other around a null. */
    private static byte[] nested(int depth, byte[] level) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {2, 1, 1, 0, 1, 2, 'k', 6, 1});
        for (int i = 1; i < depth; i++) {
            bytes.writeBytes(level);
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    private static Event initialized(int depth, UnaryOperator<ParamValue> wrapping) {
        ParamValue value = ParamValue.of(1);
        for (int i = 0; i < depth; i++) {
            value = wrapping.apply(value);
        }
        var content = new ParamValue.MapValue(Map.of("k", value));
        return new Event.ExperimentInitialized(
                "x",
                new Code("1".repeat(40), "2".repeat(40)),
                Map.of("params.yaml", content),
                new Author("", ""),
                "dvclive",
                Optional.empty(),
                Map.of());
    }
}
