package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Puts an experiment's overrides into parameter files: edited into those of the code, and what they do not take into the output folder's
 * own file. None stops a save: one that no file of parameters can hold is left out with a warning, and the others stay.
 */
public final class ParamFiles {

    /** The parameter files of the code. */
    public interface CodeFiles {
        /**
         * A file, parsed; empty if there is none.
         *
         * @throws IOException if it cannot be edited: something else than a file is in its place, say
         * @throws ParamFileException if it cannot be read as what its name says
         */
        Optional<ParamFile> read(String file) throws IOException;
    }

    /**
     * What to write.
     *
     * @param edited by path from the root
     * @param own the output folder's own file, if it holds anything
     * @param warnings sentences on what had to go elsewhere
     */
    public record Edited(Map<String, byte[]> edited, Optional<byte[]> own, List<String> warnings) {}

    private final CodeFiles code;
    private final String ownFile;
    private final Map<String, byte[]> edited = new LinkedHashMap<>();
    private final Map<String, Object> own = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private ParamFiles(CodeFiles code, String ownFile) {
        this.code = code;
        this.ownFile = ownFile;
    }

    /**
     * @param overrides by full key, in the order in which they were set
     * @param ownFile the output folder's own file, from the root
     */
    public static Edited edit(Map<ParamKey, ParamValue> overrides, String ownFile, CodeFiles code) {
        var files = new ParamFiles(code, ownFile);
        var byFile = new LinkedHashMap<String, Map<ParamKey, ParamValue>>();
        overrides.forEach(
                (key, value) -> byFile.computeIfAbsent(key.file().orElse(ownFile), file -> new LinkedHashMap<>())
                        .put(key, value));
        var ours = byFile.remove(ownFile);
        if (ours != null) {
            ours.forEach((key, value) -> files.putOwn(key.path(), value));
        }
        for (var entry : byFile.entrySet()) {
            files.edit(entry.getKey(), entry.getValue());
        }
        return new Edited(files.edited, files.writeOwn(), files.warnings);
    }

    private void edit(String file, Map<ParamKey, ParamValue> overrides) {
        ParamFile params;
        try {
            params = code.read(file).orElseGet(() -> ParamFile.empty(file));
        } catch (ParamFileException | IOException e) {
            overrides.forEach((key, value) -> moveToOwn(file, key, value, e));
            return;
        }
        boolean hasEdit = false;
        for (var override : overrides.entrySet()) {
            try {
                params = params.with(override.getKey().path(), override.getValue());
                hasEdit = true;
            } catch (ParamFileException e) {
                moveToOwn(file, override.getKey(), override.getValue(), e);
            }
        }
        if (hasEdit) {
            edited.put(file, params.toBytes());
        }
    }

    private void moveToOwn(String file, ParamKey key, ParamValue value, Exception cause) {
        if (!putOwn(key.path(), value)) {
            var longer = new ArrayList<String>();
            longer.add(file);
            longer.addAll(key.path());
            putOwn(longer, value);
        }
        warnings.add("the override " + key.dotted() + " stands in " + ownFile + " because it could not be set in "
                + file + ": " + cause.getMessage());
    }

    /** False, and nothing done, if something else is in the way. */
    private boolean putOwn(List<String> path, ParamValue value) {
        var map = own;
        for (var segment : path.subList(0, path.size() - 1)) {
            var child = map.computeIfAbsent(segment, name -> new LinkedHashMap<String, Object>());
            if (!(child instanceof Map)) {
                return false;
            }
            map = asMap(child);
        }
        return map.putIfAbsent(path.get(path.size() - 1), value) == null;
    }

    private Optional<byte[]> writeOwn() {
        if (own.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(YamlParams.write(values(own)));
        } catch (ParamFileException e) {
            return writeWhatFits(e);
        }
    }

    /** All but the parameters that no file of parameters can hold, and of the others the largest as long as they are too many. */
    private Optional<byte[]> writeWhatFits(ParamFileException whole) {
        var sizes = new ArrayList<Sized>();
        leaves(own, List.of(), (path, value) -> {
            try {
                sizes.add(new Sized(path, YamlParams.write(only(path, value)).length));
            } catch (ParamFileException e) {
                leaveOut(path, e);
            }
        });
        sizes.sort(Comparator.comparingInt(Sized::bytes));
        long bytes = sizes.stream().mapToLong(Sized::bytes).sum();
        while (!sizes.isEmpty()) {
            if (bytes <= ParamLimits.MAX_BYTES) {
                try {
                    return Optional.of(YamlParams.write(values(own)));
                } catch (ParamFileException e) {
                    whole = e;
                }
            }
            var largest = sizes.remove(sizes.size() - 1);
            bytes -= largest.bytes();
            leaveOut(largest.path(), whole);
        }
        return Optional.empty();
    }

    /** What a parameter takes in a file of its own. */
    private record Sized(List<String> path, int bytes) {}

    private void leaveOut(List<String> path, ParamFileException cause) {
        remove(own, path);
        warnings.add("the parameter " + new ParamKey(Optional.empty(), path).dotted() + " is not in " + ownFile
                + " and stands in the history of daybook.json alone: " + cause.getMessage());
    }

    /** Empty maps go with what was in them. */
    private static void remove(Map<String, Object> map, List<String> path) {
        if (map.get(path.get(0)) instanceof Map<?, ?> child) {
            remove(asMap(child), path.subList(1, path.size()));
            if (!child.isEmpty()) {
                return;
            }
        }
        map.remove(path.get(0));
    }

    private static void leaves(Map<String, Object> map, List<String> above, BiConsumer<List<String>, ParamValue> sees) {
        // a copy: what is seen may be removed
        new LinkedHashMap<>(map).forEach((name, child) -> {
            var path = new ArrayList<>(above);
            path.add(name);
            if (child instanceof Map) {
                leaves(asMap(child), path, sees);
            } else {
                sees.accept(path, (ParamValue) child);
            }
        });
    }

    private static Map<String, ParamValue> only(List<String> path, ParamValue value) {
        var nested = value;
        for (int i = path.size() - 1; i > 0; i--) {
            nested = ParamValue.of(Map.of(path.get(i), nested));
        }
        return Map.of(path.get(0), nested);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object child) {
        return (Map<String, Object>) child;
    }

    private static Map<String, ParamValue> values(Map<String, Object> map) {
        var values = new LinkedHashMap<String, ParamValue>();
        map.forEach((name, child) ->
                values.put(name, child instanceof Map ? ParamValue.of(values(asMap(child))) : (ParamValue) child));
        return values;
    }
}
