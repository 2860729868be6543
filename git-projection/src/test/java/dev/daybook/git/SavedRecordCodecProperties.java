package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.DoubleValue;
import dev.daybook.port.SavedRecord;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class SavedRecordCodecProperties {

    private static final String BASELINE = "0123456789abcdef0123456789abcdef01234567";

    private static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.of("", "a", "lr", "\0", "\ud800", "\udc00\ud800", "\ud83d\ude00", "\u00ff", "\u0100", "\n"),
                Arbitraries.strings().all().ofMaxLength(300));
    }

    private static Arbitrary<ParamValue> values(int depth) {
        var leaves = Arbitraries.oneOf(
                Arbitraries.just(ParamValue.ofNull()),
                Arbitraries.of(true, false).map(ParamValue::of),
                Arbitraries.longs().map(ParamValue::of),
                Arbitraries.longs().map(Double::longBitsToDouble).map(ParamValue::of),
                Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0)
                        .map(ParamValue::of),
                texts().map(ParamValue::of));
        if (depth == 0) {
            return leaves;
        }
        var below = Arbitraries.lazy(() -> values(depth - 1));
        return Arbitraries.frequencyOf(
                Tuple.of(6, leaves),
                Tuple.of(1, below.list().ofMaxSize(3).map(ParamValue::of)),
                Tuple.of(1, Arbitraries.maps(texts(), below).ofMaxSize(3).map(ParamValue::of)));
    }

    private static Arbitrary<ParamKey> keys() {
        return Combinators.combine(
                        texts().optional(), texts().list().ofMinSize(1).ofMaxSize(3))
                .as(ParamKey::new);
    }

    @Provide
    Arbitrary<SavedRecord> records() {
        var ids = Arbitraries.strings().withChars("0123456789abcdef").ofLength(40);
        var times = Combinators.combine(
                        Arbitraries.longs().between(-1_000_000_000_000L, 1_000_000_000_000L),
                        Arbitraries.integers().between(0, 999_999_999))
                .as(Instant::ofEpochSecond);
        var experiments = Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                .as(UUID::new)
                .map(ExperimentId::new)
                .optional();
        return Combinators.combine(
                        ids,
                        times,
                        experiments,
                        Arbitraries.maps(keys(), values(3)).ofMaxSize(6),
                        Arbitraries.maps(texts(), values(3)).ofMaxSize(6),
                        texts().optional(),
                        texts().list().ofMaxSize(3))
                .as((commit, time, id, params, metrics, failure, problems) -> new SavedRecord(
                        "x", "refs/exps/x", commit, BASELINE, time, id, params, metrics, failure, problems));
    }

    private static SavedRecord decoded(SavedRecordCodec.Decoder decoder, int offset, SavedRecord expected) {
        return decoder.decode(offset, expected.name(), expected.ref(), expected.commit(), expected.baseline());
    }

    @Property(tries = 500)
    void decoded_is_what_was_encoded(@ForAll("records") SavedRecord record) {
        var decoded = decoded(new SavedRecordCodec.Decoder(SavedRecordCodec.encode(record)), 0, record);

        assertThat(decoded).isEqualTo(record);
        assertThat(order(decoded)).isEqualTo(order(record));
    }

    /** Maps do not look at the order of their keys when they are compared. */
    private static List<Object> order(SavedRecord record) {
        var order = new ArrayList<Object>();
        record.params().forEach((key, value) -> order.addAll(List.of(key, String.valueOf(value))));
        record.metrics().forEach((key, value) -> order.addAll(List.of(key, String.valueOf(value))));
        return order;
    }

    @Property(tries = 200)
    void records_with_shapes_that_were_seen_before_and_others_can_be_read_in_any_order(
            @ForAll("records") SavedRecord first, @ForAll("records") SavedRecord second) {
        var out = new ByteArrayOutputStream();
        var offsets = new ArrayList<Integer>();
        for (var record : List.of(first, second, first)) {
            offsets.add(out.size());
            out.writeBytes(SavedRecordCodec.encode(record));
        }
        var decoder = new SavedRecordCodec.Decoder(out.toByteArray());

        assertThat(decoded(decoder, offsets.get(2), first)).isEqualTo(first);
        assertThat(decoded(decoder, offsets.get(1), second)).isEqualTo(second);
        assertThat(decoded(decoder, offsets.get(0), first)).isEqualTo(first);
    }

    @Example
    void the_bits_of_a_double_survive() {
        var odd = Double.longBitsToDouble(0x7FF8_0000_DEAD_BEEFL);
        var record = new SavedRecord(
                "x",
                "refs/exps/x",
                BASELINE,
                BASELINE,
                Instant.EPOCH,
                java.util.Optional.empty(),
                Map.of(),
                Map.of("odd", ParamValue.of(odd), "minus", ParamValue.of(-0.0)),
                java.util.Optional.empty(),
                List.of());

        var metrics = decoded(new SavedRecordCodec.Decoder(SavedRecordCodec.encode(record)), 0, record)
                .metrics();

        assertThat(metrics.get("minus")).isEqualTo(ParamValue.of(-0.0));
        assertThat(metrics.get("odd"))
                .isInstanceOfSatisfying(
                        DoubleValue.class,
                        value -> assertThat(Double.doubleToRawLongBits(value.value()))
                                .isEqualTo(Double.doubleToRawLongBits(odd)));
    }
}
