package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts an experiment's overrides into parameter files: edited into those of the code, and what they do not take into the output folder's
 * own file. No override is lost and none stops a save.
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
    @SuppressWarnings("unchecked")
    private boolean putOwn(List<String> path, ParamValue value) {
        var map = own;
        for (var segment : path.subList(0, path.size() - 1)) {
            var child = map.computeIfAbsent(segment, name -> new LinkedHashMap<String, Object>());
            if (!(child instanceof Map)) {
                return false;
            }
            map = (Map<String, Object>) child;
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
            warnings.add("the parameters of " + ownFile
                    + " could not be written and stand in the history of daybook.json alone: " + e.getMessage());
            return Optional.empty();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ParamValue> values(Map<String, Object> map) {
        var values = new LinkedHashMap<String, ParamValue>();
        map.forEach((name, child) -> values.put(
                name, child instanceof Map ? ParamValue.of(values((Map<String, Object>) child)) : (ParamValue) child));
        return values;
    }
}
