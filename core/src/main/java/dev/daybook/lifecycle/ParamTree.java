package dev.daybook.lifecycle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parameters as trees: the leaves of nested maps, and the place of a key among the files and the overrides. */
final class ParamTree {

    private ParamTree() {}

    /** The leaves of nested maps; an empty map is a leaf. */
    static Map<ParamKey, ParamValue> leaves(ParamKey key, ParamValue value) {
        var leaves = new LinkedHashMap<ParamKey, ParamValue>();
        collect(key, value, leaves);
        return leaves;
    }

    private static void collect(ParamKey key, ParamValue value, Map<ParamKey, ParamValue> leaves) {
        if (value instanceof ParamValue.MapValue map && !map.entries().isEmpty()) {
            map.entries().forEach((name, child) -> collect(key.child(name), child, leaves));
        } else {
            leaves.put(key, value);
        }
    }

    /** The leaves of one file as it stood at init. */
    static Map<ParamKey, ParamValue> fileLeaves(String file, ParamValue.MapValue content) {
        var leaves = new LinkedHashMap<ParamKey, ParamValue>();
        content.entries()
                .forEach((name, value) -> collect(new ParamKey(Optional.of(file), List.of(name)), value, leaves));
        return leaves;
    }

    /** What stands at a path in a file as it was at init. */
    static Optional<ParamValue> find(ParamValue.MapValue content, List<String> path) {
        ParamValue at = content;
        for (var segment : path) {
            if (!(at instanceof ParamValue.MapValue map) || !map.entries().containsKey(segment)) {
                return Optional.empty();
            }
            at = map.entries().get(segment);
        }
        return Optional.of(at);
    }

    static ParamKey resolve(ExperimentData data, ParamKey key) {
        if (key.file().isPresent()) {
            return key;
        }
        for (var override : data.overrides().keySet()) {
            if (override.path().equals(key.path())) {
                return override;
            }
        }
        return new ParamKey(Optional.of(fileOf(data, key.path())), key.path());
    }

    private static String fileOf(ExperimentData data, List<String> path) {
        for (var file : data.facts().fileParams().entrySet()) {
            if (find(file.getValue(), path).isPresent()) {
                return file.getKey();
            }
        }
        return data.ownParamsFile();
    }

    static List<Param> params(ExperimentData data) {
        var result = new LinkedHashMap<ParamKey, Param>();
        data.initialized()
                .ifPresent(facts -> facts.fileParams()
                        .forEach((file, content) -> fileLeaves(file, content)
                                .forEach((key, value) -> result.put(key, new Param(key, value, false)))));
        data.overrides().forEach((key, value) -> {
            result.keySet().removeIf(other -> !other.equals(key) && key.isAncestorOrSelf(other));
            result.put(key, new Param(key, value, true));
        });
        return new ArrayList<>(result.values());
    }

    /** The name under which DVC shows a leaf: its path joined by dots, whatever dots the segments hold themselves. */
    static String flatName(ParamKey key) {
        return String.join(".", key.path());
    }
}
