package dev.daybook.lifecycle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    static List<Param> params(ExperimentData data) {
        var leaves = new Leaves<Param>();
        data.initialized()
                .ifPresent(facts -> facts.fileParams()
                        .forEach((file, content) -> content.entries()
                                .forEach((name, value) -> leaves(new ParamKey(Optional.of(file), List.of(name)), value)
                                        .forEach((key, leaf) -> leaves.put(key, new Param(key, leaf, false))))));
        data.overrides().forEach((key, value) -> leaves.put(key, new Param(key, value, true)));
        return new ArrayList<>(leaves.byKey.values());
    }

    /** The name under which DVC shows a leaf: its path joined by dots, whatever dots the segments hold themselves. */
    static String flatName(ParamKey key) {
        return String.join(".", key.path());
    }

    /**
     * Values by key, none of which stands above another: what is put takes the place of all that it is above or below of. Costs the same
     * however many there are, because a sweep may set thousands.
     */
    static final class Leaves<T> {

        final Map<ParamKey, T> byKey = new LinkedHashMap<>();
        private final Set<ParamKey> above = new HashSet<>();

        void put(ParamKey key, T value) {
            if (above.contains(key)) {
                byKey.keySet().removeIf(other -> !other.equals(key) && key.isAncestorOrSelf(other));
            }
            for (int length = 1; length < key.path().size(); length++) {
                var ancestor = new ParamKey(key.file(), key.path().subList(0, length));
                byKey.remove(ancestor);
                above.add(ancestor);
            }
            byKey.put(key, value);
        }
    }

    /**
     * Finds the file that a key without one is meant for: the one that has it, else one in which it was set, else the output folder's own.
     */
    static final class Homes {

        private final ExperimentData data;
        private final Map<List<String>, ParamKey> setByPath = new HashMap<>();

        Homes(ExperimentData data) {
            this.data = data;
            data.overrides().keySet().forEach(key -> setByPath.putIfAbsent(key.path(), key));
        }

        ParamKey resolve(ParamKey key) {
            if (key.file().isPresent()) {
                return key;
            }
            for (var file : data.facts().fileParams().entrySet()) {
                if (find(file.getValue(), key.path()).isPresent()) {
                    return new ParamKey(Optional.of(file.getKey()), key.path());
                }
            }
            var known = setByPath.get(key.path());
            return known != null ? known : new ParamKey(Optional.of(data.ownParamsFile()), key.path());
        }

        /** Resolves a key that is about to be set; the next ones will find it there. */
        ParamKey settle(ParamKey key) {
            var settled = resolve(key);
            setByPath.putIfAbsent(settled.path(), settled);
            return settled;
        }
    }
}
