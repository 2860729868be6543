package dev.daybook.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ParamValue;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever goes in comes out; whatever else comes is refused, and in one way. */
class EventCodecProperties {

    @Property(tries = 3_000)
    void what_is_written_is_read_back(@ForAll("events") Event event) {
        var bytes = EventCodec.encode(event);
        var read = EventCodec.decode(bytes);

        assertThat(read).isEqualTo(event);
        assertThat(EventCodec.encode(read))
                .as("the bits of NaN and the order of keys too")
                .isEqualTo(bytes);
    }

    @Property(tries = 1_000)
    void a_value_keeps_all_its_bits(@ForAll double value, @ForAll long bits) {
        for (double each :
                new double[] {value, Double.longBitsToDouble(bits), Double.longBitsToDouble(bits | 0x7FF8L << 48)}) {
            var event = new Event.ExperimentInitialized(
                    "x",
                    new Code("1".repeat(40), "2".repeat(40)),
                    Map.of("p.yaml", new ParamValue.MapValue(Map.of("v", ParamValue.of(each)))),
                    new Author("", ""),
                    "dvclive",
                    Optional.empty(),
                    Map.of());
            var read = (Event.ExperimentInitialized) EventCodec.decode(EventCodec.encode(event));
            var content = Objects.requireNonNull(read.fileParams().get("p.yaml"));
            var back = (ParamValue.DoubleValue)
                    Objects.requireNonNull(content.entries().get("v"));
            assertThat(Double.doubleToRawLongBits(back.value())).isEqualTo(Double.doubleToRawLongBits(each));
        }
    }

    @Property(tries = 50_000)
    void any_bytes_are_an_event_or_refused(@ForAll("bytes") byte[] bytes) {
        assertEventOrRefused(bytes);
    }

    @Property(tries = 2_000)
    void a_flipped_byte_gives_an_event_or_is_refused(@ForAll("events") Event event, @ForAll int at, @ForAll byte flip) {
        var bytes = EventCodec.encode(event);
        bytes[Math.floorMod(at, bytes.length)] ^= flip;
        assertEventOrRefused(bytes);
    }

    private static void assertEventOrRefused(byte[] bytes) {
        Event event;
        try {
            event = EventCodec.decode(bytes);
        } catch (CodecException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        assertThat(EventCodec.encode(event)).isEqualTo(bytes);
    }

    @Property(tries = 300)
    void every_truncation_is_refused_and_so_is_more(@ForAll("events") Event event) {
        var bytes = EventCodec.encode(event);
        for (int length = 0; length < bytes.length; length++) {
            var cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> EventCodec.decode(cut)).isInstanceOf(CodecException.class);
        }
        var more = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> EventCodec.decode(more)).hasMessage("not an event: bytes follow behind the end");
    }

    @Provide
    Arbitrary<Event> events() {
        return CodecArbitraries.events();
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        return CodecArbitraries.bytes();
    }
}
