package dev.daybook.codec;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Every event, made of the worst texts and numbers that its constructor lets in. */
final class CodecArbitraries {

    private CodecArbitraries() {}

    static Arbitrary<String> texts() {
        var fragments = Arbitraries.of(
                "",
                "a",
                "\0",
                "\ud800",
                "\udc00",
                "\ud83d\ude00",
                "\u00e9",
                "e\u0301",
                "\ufeff",
                "\ufffe",
                "\n",
                "\u007f",
                "x".repeat(200));
        return Arbitraries.oneOf(
                fragments.list().ofMaxSize(5).map(parts -> String.join("", parts)),
                Arbitraries.strings().all().ofMaxLength(20));
    }

    private static Arbitrary<String> names() {
        return texts().map(text -> text.isEmpty() ? "n" : text);
    }

    private static Arbitrary<Double> doubles() {
        return Arbitraries.oneOf(
                Arbitraries.longs().map(Double::longBitsToDouble),
                Arbitraries.of(
                                0x7FF8_0000_0000_0000L,
                                0x7FF8_0000_DEAD_BEEFL,
                                0xFFF8_0000_0000_0001L,
                                0x8000_0000_0000_0000L,
                                0x7FF0_0000_0000_0000L,
                                0xFFF0_0000_0000_0000L,
                                1L)
                        .map(Double::longBitsToDouble));
    }

    static Arbitrary<ParamValue> values() {
        return values(3);
    }

    private static Arbitrary<ParamValue> values(int depth) {
        var leaves = Arbitraries.oneOf(
                Arbitraries.just(ParamValue.ofNull()),
                Arbitraries.of(true, false).map(ParamValue::of),
                Arbitraries.longs().map(ParamValue::of),
                doubles().map(ParamValue::of),
                texts().map(ParamValue::of));
        if (depth == 0) {
            return leaves;
        }
        return Arbitraries.frequencyOf(
                Tuple.of(5, leaves),
                Tuple.of(
                        1,
                        Arbitraries.lazy(() -> values(depth - 1))
                                .list()
                                .ofMaxSize(3)
                                .map(ParamValue::of)),
                Tuple.of(1, Arbitraries.lazy(() -> maps(depth - 1)).map(map -> map)));
    }

    private static Arbitrary<ParamValue.MapValue> maps(int depth) {
        return Arbitraries.maps(texts(), values(depth)).ofMaxSize(3).map(ParamValue.MapValue::new);
    }

    /** An event sets leaves; a map is one only if it is empty. */
    private static boolean isFilledMap(ParamValue value) {
        return value instanceof ParamValue.MapValue map && !map.entries().isEmpty();
    }

    private static Arbitrary<ParamKey> keys() {
        return Combinators.combine(
                        texts().optional(), texts().list().ofMinSize(1).ofMaxSize(3))
                .as(ParamKey::new);
    }

    private static Arbitrary<String> objectIds() {
        return Arbitraries.strings().withChars("0123456789abcdef").ofLength(40);
    }

    private static Arbitrary<Code> codes() {
        return Combinators.combine(objectIds(), objectIds()).as(Code::new);
    }

    private static Arbitrary<ArtifactTraits> traits() {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.of(ArtifactTraits.DEFAULT.maxBlobBytes(), 0L, Long.MAX_VALUE),
                        texts().optional(),
                        texts().optional(),
                        texts().optional(),
                        texts().list().ofMaxSize(2))
                .as(ArtifactTraits::new);
    }

    private static Arbitrary<Long> sizes() {
        return Arbitraries.longs().greaterOrEqual(0);
    }

    private static Arbitrary<Map<String, String>> environments() {
        return Arbitraries.maps(texts(), texts()).ofMaxSize(3);
    }

    private static Arbitrary<MetricSummary> summaries() {
        return Combinators.combine(
                        names(), sizes(), Arbitraries.longs(), doubles().list().ofSize(5), sizes())
                .as((name, one, step, of, other) -> new MetricSummary(
                        0,
                        name,
                        Math.max(1, Math.max(one, other)),
                        step,
                        of.get(0),
                        of.get(1),
                        of.get(2),
                        of.get(3),
                        Math.min(one, other),
                        of.get(4)));
    }

    private static List<MetricSummary> numbered(List<MetricSummary> metrics) {
        var numbered = new ArrayList<MetricSummary>();
        for (var of : metrics) {
            numbered.add(new MetricSummary(
                    numbered.size(),
                    of.name(),
                    of.count(),
                    of.lastStep(),
                    of.last(),
                    of.min(),
                    of.max(),
                    of.mean(),
                    of.nans(),
                    of.sum()));
        }
        return numbered;
    }

    private static Arbitrary<Event.ArtifactAdded> artifacts() {
        return Arbitraries.oneOf(
                Combinators.combine(names().map(name -> "p" + name), texts(), texts(), sizes(), sizes())
                        .as((path, algorithm, hash, bytes, files) ->
                                new Event.ArtifactAdded(path, algorithm, hash, bytes, files)),
                Combinators.combine(names().map(name -> "p" + name), sizes(), traits())
                        .as((path, size, traits) ->
                                new Event.ArtifactAdded(path, "md5", "0".repeat(32), size, 1, traits)));
    }

    private static Arbitrary<Origin> origins() {
        return Combinators.combine(
                        Arbitraries.create(UUID::randomUUID).map(uuid -> ExperimentId.of(1, uuid)),
                        texts(),
                        Arbitraries.integers().greaterOrEqual(1),
                        objectIds(),
                        Arbitraries.maps(keys(), values().filter(value -> !isFilledMap(value)))
                                .ofMaxSize(2),
                        summaries()
                                .list()
                                .uniqueElements(MetricSummary::name)
                                .ofMaxSize(2)
                                .map(CodecArbitraries::numbered),
                        artifacts()
                                .list()
                                .uniqueElements(Event.ArtifactAdded::path)
                                .ofMaxSize(2))
                .as(Origin::new);
    }

    private static Arbitrary<PlotView> views() {
        return Combinators.combine(
                        names(), names(), names(), texts().optional(), texts().optional(), texts().optional())
                .as(PlotView::new);
    }

    static Arbitrary<Event> events() {
        return Arbitraries.oneOf(List.<Arbitrary<? extends Event>>of(
                        Combinators.combine(
                                        names(),
                                        codes(),
                                        Arbitraries.maps(texts(), maps(2)).ofMaxSize(2),
                                        Combinators.combine(texts(), texts()).as(Author::new),
                                        names(),
                                        objectIds().optional(),
                                        environments(),
                                        origins().optional())
                                .as(Event.ExperimentInitialized::new),
                        Arbitraries.maps(keys(), values().filter(value -> !isFilledMap(value)))
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .map(Event.ParamsSet::new),
                        Combinators.combine(Arbitraries.integers().greaterOrEqual(0), names())
                                .as(Event.MetricDefined::new),
                        Combinators.combine(objectIds(), codes(), texts()).as(Event.CheckpointMade::new),
                        artifacts(),
                        Combinators.combine(names(), maps(2).list().ofMinSize(1).ofMaxSize(3), views())
                                .as(Event.PlotLogged::new),
                        names().map(Event.Tagged::new),
                        names().map(Event.NoteTaken::new),
                        Combinators.combine(texts().optional().map(Outcome::new), codes().optional())
                                .as(Event.ExperimentCompleted::new),
                        Combinators.combine(
                                        texts().map(text -> "refs/exps/" + text),
                                        objectIds(),
                                        objectIds(),
                                        codes().optional())
                                .as(Event.SavePrepared::new),
                        texts().map(Event.SaveAbandoned::new),
                        Combinators.combine(texts(), objectIds()).as(Event.ExperimentPersisted::new),
                        Arbitraries.just(new Event.ExperimentDiscarded()),
                        Combinators.combine(
                                        texts(),
                                        sizes(),
                                        sizes().map(size -> Math.max(size, 1)),
                                        sizes(),
                                        environments())
                                .as(Event.ExperimentResumed::new)))
                .map(event -> event);
    }

    /** Bytes that begin like an event now and then. */
    static Arbitrary<byte[]> bytes() {
        var small = Arbitraries.integers().between(0, 15).map(Integer::byteValue);
        var any = Arbitraries.bytes();
        var tails = Arbitraries.oneOf(any, small).list().ofMaxSize(60);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 15),
                        Arbitraries.frequency(Tuple.of(9, 1), Tuple.of(1, 2)),
                        tails)
                .as((type, version, tail) -> {
                    var bytes = new byte[tail.size() + 2];
                    bytes[0] = type.byteValue();
                    bytes[1] = version.byteValue();
                    for (int i = 0; i < tail.size(); i++) {
                        bytes[i + 2] = tail.get(i);
                    }
                    return bytes;
                });
    }
}
