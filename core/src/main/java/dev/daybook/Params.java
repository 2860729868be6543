package dev.daybook;

import dev.daybook.lifecycle.ExperimentData;
import dev.daybook.lifecycle.Param;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.port.SharedKeys;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The parameters of an experiment as they stood at one moment: the files' values at {@code init}, and what was set since. Immutable.
 *
 * <p>Keys are written as they are for {@link Experiment#setParam}: {@code lr}, {@code model.depth}, {@code layers.0} for an element of a list,
 * {@code conf.yaml:lr}. Values are
 * {@code null} (as an empty {@link Optional} where one is asked for), {@link Boolean}, {@link Long}, {@link Double}, {@link String},
 * {@link List} and {@link Map}.
 */
public final class Params {

    private final ExperimentData data;
    private final Map<ParamKey, Param> leaves;

    Params(ExperimentData data) {
        this.data = data;
        this.leaves = new LinkedHashMap<>();
        data.params().forEach(param -> leaves.put(param.key(), param));
    }

    /** The value of a parameter; empty if there is none or it is {@code null}. */
    public Optional<Object> get(String key) {
        return find(key).map(param -> ParamValues.toObject(param.value()));
    }

    public boolean contains(String key) {
        return find(key).isPresent();
    }

    /** Where the value comes from; empty if there is no such parameter. */
    public Optional<Origin> origin(String key) {
        return find(key).map(Params::originOf);
    }

    /** All parameters: leaves, in the order of the files and then of being set. */
    public Collection<Entry> entries() {
        return leaves.values().stream()
                .map(param -> new Entry(
                        param.key().dotted(),
                        Optional.ofNullable(ParamValues.toNullable(param.value())),
                        originOf(param)))
                .toList();
    }

    /** Values by dotted key, without files and origins; a key that two files have is written with its file. */
    public Map<String, Object> asMap() {
        var values = new LinkedHashMap<ParamKey, ParamValue>();
        leaves.forEach((key, param) -> values.put(key, param.value()));
        return asMap(values);
    }

    static Map<String, Object> asMap(Map<ParamKey, ParamValue> values) {
        if (values instanceof SharedKeys.Values<ParamKey, ParamValue> shared) {
            return shared.shared().derived(Params::names).with(ParamValues.toObjects(shared.values()));
        }
        var names = names(values.keySet());
        var map = new LinkedHashMap<String, Object>();
        int i = 0;
        for (var value : values.values()) {
            map.put(names.get(i++), ParamValues.toObject(value));
        }
        return Collections.unmodifiableMap(map);
    }

    /** How keys are written that stand beside one another: with their files where they are the same otherwise. */
    private static List<String> names(Collection<ParamKey> keys) {
        var names = keys.stream().map(ParamKey::dotted).toList();
        var counts = names.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return counts.size() == names.size()
                ? names
                : keys.stream()
                        .map(key -> counts.getOrDefault(key.dotted(), 0L) > 1 ? key.toString() : key.dotted())
                        .toList();
    }

    private Optional<Param> find(String text) {
        var key = ParamKey.parse(text);
        if (data.initialized().isEmpty()) {
            return Optional.empty();
        }
        var resolved = data.resolve(key);
        for (int length = resolved.path().size(); length > 0; length--) {
            var leaf = leaves.get(new ParamKey(resolved.file(), resolved.path().subList(0, length)));
            if (leaf != null) {
                return leaf.element(resolved);
            }
        }
        return Optional.empty();
    }

    private static Origin originOf(Param param) {
        return new Origin(param.key().file().orElse(""), param.isOverride());
    }

    @Override
    public String toString() {
        return asMap().toString();
    }

    /**
     * One parameter.
     *
     * @param value empty for {@code null}
     */
    public record Entry(String key, Optional<Object> value, Origin origin) {}

    /**
     * Where a value comes from.
     *
     * @param file the parameter file that holds it, or will hold it in the commit
     * @param isSet whether the experiment set it; else it is the file's own value at {@code init}
     */
    public record Origin(String file, boolean isSet) {
        @Override
        public String toString() {
            return isSet ? "set, for " + file : file;
        }
    }
}
