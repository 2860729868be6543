package dev.daybook.git.dvc;

import dev.daybook.git.dvc.YamlNode.Alias;
import dev.daybook.git.dvc.YamlNode.Document;
import dev.daybook.git.dvc.YamlNode.Entry;
import dev.daybook.git.dvc.YamlNode.Mapping;
import dev.daybook.git.dvc.YamlNode.Scalar;
import dev.daybook.git.dvc.YamlNode.Sequence;
import dev.daybook.git.dvc.YamlScalars.ScalarType;
import dev.daybook.lifecycle.ParamValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The values that DVC's reader sees: aliases and merge keys resolved, merged keys first, each node's value built once and shared. */
final class YamlValues {

    private static final long MAX_EXPANDED = 1_000_000;

    private final YamlSource source;
    private final YamlScalars scalars;
    private final boolean exact;
    private final Map<YamlNode, ParamValue> values = YamlNode.identityMap();
    private final Map<YamlNode, Long> sizes = YamlNode.identityMap();
    private final Map<YamlNode, Integer> depths = YamlNode.identityMap();
    private final Map<YamlNode, Map<String, Scalar>> keys = YamlNode.identityMap();
    private final Optional<Mapping> root;

    private YamlValues(Document document, boolean exact) {
        this.source = document.source();
        this.scalars = new YamlScalars(source);
        this.exact = exact;
        this.root = document.root();
    }

    /** The values as Daybook shows them: dates and integers of more than 64 bits are strings. */
    static YamlValues shown(Document document) {
        return new YamlValues(document, false);
    }

    /** The values to compare: dates and integers of more than 64 bits equal nothing else. */
    static YamlValues exact(Document document) {
        return new YamlValues(document, true);
    }

    Map<String, ParamValue> root() {
        return root.map(map -> ((ParamValue.MapValue) value(map)).entries()).orElse(Map.of());
    }

    /** The keys of a map by name, merged ones too; only after the root was asked for. */
    Map<String, Scalar> keys(Mapping map) {
        value(map);
        return keys.getOrDefault(map, Map.of());
    }

    private ParamValue value(YamlNode node) {
        var known = values.get(node);
        if (known != null) {
            return known;
        }
        var value = build(node);
        values.put(node, value);
        return value;
    }

    private ParamValue build(YamlNode node) {
        if (node instanceof Alias alias) {
            var value = value(alias.target());
            resize(node, size(alias.target()));
            deepen(node, depth(alias.target()));
            return value;
        }
        if (node instanceof Sequence list) {
            var items = list.items().stream().map(this::value).toList();
            resize(node, total(list.items()));
            deepen(node, 1 + deepest(list.items().stream()));
            return ParamValue.of(items);
        }
        if (node instanceof Mapping map) {
            return map(map);
        }
        var reading = scalars.read((Scalar) node);
        return exact && reading.type().isForeign()
                ? ParamEdit.foreign(reading.type().name(), reading.value())
                : reading.value();
    }

    private ParamValue map(Mapping map) {
        refuseDuplicates(map);
        var found = new LinkedHashMap<String, ParamValue>();
        var foundKeys = new HashMap<String, Scalar>();
        int merged = 1;
        for (var entry : map.entries()) {
            if (entry.key().isMergeKey()) {
                for (var source : sources(entry)) {
                    merge(source, found, foundKeys);
                    merged = Math.max(merged, depth(source));
                }
            }
        }
        for (var entry : map.entries()) {
            if (!entry.key().isMergeKey()) {
                put(entry.key(), value(entry.value()), found, foundKeys);
            }
        }
        resize(map, total(map.children()));
        deepen(
                map,
                Math.max(
                        merged,
                        1
                                + deepest(map.entries().stream()
                                        .filter(entry -> !entry.key().isMergeKey())
                                        .map(Entry::value))));
        keys.put(map, foundKeys);
        return ParamValue.of(found);
    }

    private void merge(Mapping from, Map<String, ParamValue> found, Map<String, Scalar> foundKeys) {
        ((ParamValue.MapValue) value(from)).entries().forEach((name, value) -> {
            var key = keys(from).get(name);
            if (key != null) {
                put(key, value, found, foundKeys);
            }
        });
    }

    private void put(Scalar key, ParamValue value, Map<String, ParamValue> found, Map<String, Scalar> foundKeys) {
        var name = key.text();
        var other = foundKeys.get(name);
        if (other != null && scalars.read(other).type() != scalars.read(key).type()) {
            throw source.refusal(
                    key.extent().start(),
                    "key '" + name + "' is a string in one place and something else in a merged map; spell both alike");
        }
        found.put(name, value);
        foundKeys.put(name, key);
    }

    /** The maps that a merge key names, the strongest last. */
    private List<Mapping> sources(Entry entry) {
        var target = resolved(entry.value());
        var sources = new ArrayList<Mapping>();
        for (var node : target instanceof Sequence list ? list.items() : List.of(target)) {
            if (!(resolved(node) instanceof Mapping map)) {
                throw source.refusal(
                        entry.key().extent().start(), "a merge key needs a map or a list of maps; correct it");
            }
            sources.add(map);
        }
        Collections.reverse(sources);
        value(entry.value()); // counts and checks what the sources hold
        return sources;
    }

    private static YamlNode resolved(YamlNode node) {
        return node instanceof Alias alias ? alias.target() : node;
    }

    /** Refuses keys that DVC takes for the same one, and those that have the same name here ({@code 1} and {@code "1"}). */
    private void refuseDuplicates(Mapping map) {
        var seen = new HashSet<Object>();
        for (var entry : map.entries()) {
            var key = entry.key();
            if (key.extent().tag().isPresent()) {
                throw source.refusal(key.extent().start(), "a key with a tag is not supported; remove the tag");
            }
            boolean fresh = seen.add(key.text());
            if (!key.isMergeKey() && !key.text().equals("=")) {
                var reading = scalars.read(key);
                if (reading.type() == ScalarType.NULL) {
                    throw source.refusal(key.extent().start(), "a key is null; give it a name");
                }
                fresh &= reading.type() == ScalarType.STRING || seen.add(asNumber(reading.value()));
            }
            if (!fresh) {
                throw source.refusal(key.extent().start(), ParamLimits.twice(key.text()));
            }
        }
    }

    /** In Python {@code 1}, {@code 1.0} and {@code true} are one key. */
    private static Object asNumber(ParamValue value) {
        if (value instanceof ParamValue.BooleanValue bool) {
            return bool.value() ? 1.0 : 0.0;
        }
        if (value instanceof ParamValue.LongValue number) {
            return (double) number.value() == number.value() ? (Object) (number.value() + 0.0) : value;
        }
        return value instanceof ParamValue.DoubleValue number ? (Object) (number.value() + 0.0) : value;
    }

    private long total(List<YamlNode> nodes) {
        return nodes.stream().mapToLong(this::size).sum();
    }

    private long size(YamlNode node) {
        return sizes.getOrDefault(node, 1L);
    }

    private int deepest(Stream<? extends YamlNode> nodes) {
        return nodes.mapToInt(this::depth).max().orElse(0);
    }

    private int depth(YamlNode node) {
        return depths.getOrDefault(node, 1);
    }

    /** Aliases can nest values deeper than the text is. */
    private void deepen(YamlNode node, int depth) {
        if (depth > ParamLimits.MAX_DEPTH) {
            throw source.refusal(node.extent().start(), ParamLimits.tooDeep());
        }
        depths.put(node, depth);
    }

    private void resize(YamlNode node, long below) {
        if (below >= MAX_EXPANDED) {
            throw source.refusal(
                    node.extent().start(),
                    "the aliases expand to more than " + MAX_EXPANDED + " values; write fewer of them");
        }
        sizes.put(node, below + 1);
    }
}
