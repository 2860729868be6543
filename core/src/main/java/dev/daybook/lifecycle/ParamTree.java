package dev.daybook.lifecycle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Parameters as trees: the leaves of nested maps, and the place of a key among the files and the overrides. */
final class ParamTree {

    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final ParamValue NOTHING = ParamValue.of(Map.of());

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

    /** What stands at a path in a value; a number addresses an element of a list. */
    static Optional<ParamValue> find(ParamValue value, List<String> path) {
        var at = Optional.of(value);
        for (var segment : path) {
            at = at.flatMap(whole -> child(whole, segment));
        }
        return at;
    }

    private static Optional<ParamValue> child(ParamValue whole, String segment) {
        if (whole instanceof ParamValue.MapValue map) {
            return Optional.ofNullable(map.entries().get(segment));
        }
        return whole instanceof ParamValue.ListValue list && hasElement(list, segment)
                ? Optional.of(list.values().get(Integer.parseInt(segment)))
                : Optional.empty();
    }

    private static boolean hasElement(ParamValue.ListValue list, String segment) {
        return INDEX.matcher(segment).matches()
                && Integer.parseInt(segment) < list.values().size();
    }

    /** A value with one inside of it replaced or added; empty if that would be an element that a list does not have. */
    private static Optional<ParamValue> with(ParamValue whole, List<String> path, ParamValue value) {
        if (path.isEmpty()) {
            return Optional.of(value);
        }
        var segment = path.get(0);
        var edited = with(child(whole, segment).orElse(NOTHING), path.subList(1, path.size()), value);
        if (whole instanceof ParamValue.ListValue list) {
            return edited.filter(element -> hasElement(list, segment)).map(element -> {
                var elements = new ArrayList<>(list.values());
                elements.set(Integer.parseInt(segment), element);
                return ParamValue.of(elements);
            });
        }
        return edited.map(entry -> {
            var entries = new LinkedHashMap<>(whole instanceof ParamValue.MapValue map ? map.entries() : Map.of());
            entries.put(segment, entry);
            return ParamValue.of(entries);
        });
    }

    static List<Param> params(ExperimentData data) {
        var leaves = new Leaves();
        data.initialized()
                .ifPresent(facts -> facts.fileParams()
                        .forEach((file, content) -> content.entries()
                                .forEach((name, value) -> leaves(new ParamKey(Optional.of(file), List.of(name)), value)
                                        .forEach(leaves::put))));
        var set = new HashSet<ParamKey>();
        data.overrides().forEach((key, value) -> set.add(leaves.put(key, value)));
        var params = new ArrayList<Param>();
        leaves.byKey.forEach((key, value) -> params.add(new Param(key, value, set.contains(key))));
        return params;
    }

    /** The name under which DVC shows a leaf: its path joined by dots, whatever dots the segments hold themselves. */
    static String flatName(ParamKey key) {
        return String.join(".", key.path());
    }

    /**
     * Values by key, none of which stands above another: what is put takes the place of all that it is above or below of, but for an element
     * of a list, which is put into that. Costs the same however many there are, because a sweep may set thousands.
     */
    static final class Leaves {

        final Map<ParamKey, ParamValue> byKey = new LinkedHashMap<>();
        private final Set<ParamKey> above = new HashSet<>();

        /** @return the key whose value it is, or is in, now */
        ParamKey put(ParamKey key, ParamValue value) {
            if (above.contains(key)) {
                byKey.keySet().removeIf(other -> !other.equals(key) && key.isAncestorOrSelf(other));
            }
            for (int length = 1; length < key.path().size(); length++) {
                var ancestor = new ParamKey(key.file(), key.path().subList(0, length));
                if (byKey.get(ancestor) instanceof ParamValue.ListValue list) {
                    var edited =
                            with(list, key.path().subList(length, key.path().size()), value);
                    if (edited.isPresent()) {
                        byKey.put(ancestor, edited.get());
                        return ancestor;
                    }
                }
                byKey.remove(ancestor);
                above.add(ancestor);
            }
            byKey.put(key, value);
            return key;
        }
    }

    /**
     * Finds the file that a key without one is meant for: the one that has it, else one in which it was set, else the output folder's own.
     */
    static final class Homes {

        private final ExperimentData data;
        private final Map<List<String>, Param> setByPath = new HashMap<>();

        Homes(ExperimentData data) {
            this.data = data;
            data.overrides().forEach(this::know);
        }

        private void know(ParamKey key, ParamValue value) {
            setByPath.compute(
                    key.path(),
                    (path, first) -> first == null || first.key().equals(key) ? new Param(key, value, true) : first);
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
            for (int length = key.path().size(); length > 0; length--) {
                var known = setByPath.get(key.path().subList(0, length));
                var rest = key.path().subList(length, key.path().size());
                if (known != null && find(known.value(), rest).isPresent()) {
                    return new ParamKey(known.key().file(), key.path());
                }
            }
            return new ParamKey(Optional.of(data.ownParamsFile()), key.path());
        }

        /** Resolves a key that is about to be set; the next ones will find it there. */
        ParamKey settle(ParamKey key, ParamValue value) {
            var settled = resolve(key);
            know(settled, value);
            return settled;
        }
    }
}
