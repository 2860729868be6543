package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.BooleanValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.LongValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.StringValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder that stands in DVC's cache and not in Git, as a {@code .dvc} file or a {@code dvc.lock} refers to it.
 *
 * @param path as written, from the folder of the file that refers to it
 * @param hash MD5, for a folder with {@code .dir}
 * @param bytes the size, if it is written
 * @param isCurrent whether the hash is DVC 3's; older ones are of text with other line ends, and stand elsewhere in the cache
 */
public record DataOutput(String path, String hash, OptionalLong bytes, boolean isExecutable, boolean isCurrent) {

    private static final String MD5 = "[0-9a-f]{32}(\\.dir)?";

    public boolean isFolder() {
        return hash.endsWith(DirObject.SUFFIX);
    }

    /** Those of a {@code .dvc} file. */
    public static List<DataOutput> ofPointer(Map<String, ParamValue> pointer) {
        return outputs(pointer.get("outs"), text(pointer.get("wdir")), Set.of());
    }

    /**
     * Those of a {@code dvc.lock}.
     *
     * @param dvcYaml of the same folder; it says which outputs are not cached, and where a stage runs
     */
    public static List<DataOutput> ofLock(Map<String, ParamValue> lock, Map<String, ParamValue> dvcYaml) {
        var all = new ArrayList<DataOutput>();
        var stages = map(dvcYaml.get("stages"));
        map(lock.get("stages")).forEach((name, stage) -> {
            var described = map(stages.get(name.replaceFirst("@.*$", "")));
            var inside = map(described.get("do")).isEmpty() ? described : map(described.get("do"));
            all.addAll(outputs(map(stage).get("outs"), text(inside.get("wdir")), uncached(inside)));
        });
        return all;
    }

    private static Set<String> uncached(Map<String, ParamValue> stage) {
        var paths = new HashSet<String>();
        for (var list : List.of("outs", "metrics", "plots")) {
            if (stage.get(list) instanceof ListValue entries) {
                for (var entry : entries.values()) {
                    map(entry).forEach((path, options) -> {
                        if (map(options).get("cache") instanceof BooleanValue flag && !flag.value()) {
                            paths.add(path);
                        }
                    });
                }
            }
        }
        return paths;
    }

    private static List<DataOutput> outputs(@Nullable ParamValue list, Optional<String> folder, Set<String> uncached) {
        var all = new ArrayList<DataOutput>();
        if (list instanceof ListValue entries) {
            for (var entry : entries.values()) {
                var out = map(entry);
                var path = text(out.get("path"));
                var hash = text(out.get("md5")).filter(md5 -> md5.matches(MD5));
                boolean isCached = !(out.get("cache") instanceof BooleanValue flag) || flag.value();
                if (path.isPresent() && hash.isPresent() && isCached && !uncached.contains(path.get())) {
                    all.add(new DataOutput(
                            folder.map(prefix -> prefix + "/").orElse("") + path.get(),
                            hash.get(),
                            out.get("size") instanceof LongValue size
                                    ? OptionalLong.of(size.value())
                                    : OptionalLong.empty(),
                            out.get("isexec") instanceof BooleanValue flag && flag.value(),
                            text(out.get("hash")).filter("md5"::equals).isPresent()));
                }
            }
        }
        return all;
    }

    private static Map<String, ParamValue> map(@Nullable ParamValue value) {
        return value instanceof MapValue map ? map.entries() : Map.of();
    }

    private static Optional<String> text(@Nullable ParamValue value) {
        return value instanceof StringValue text ? Optional.of(text.value()) : Optional.empty();
    }

    /**
     * The files of a folder: their MD5s by their paths from there.
     *
     * @throws IOException if that is no list of a folder
     */
    public static Map<String, String> files(byte[] dirObject) throws IOException {
        var files = new LinkedHashMap<String, String>();
        for (var entry : Json.read(dirObject)) {
            var path = entry.path("relpath").asText("");
            var hash = entry.path("md5").asText("");
            if (path.isEmpty() || !hash.matches(MD5)) {
                throw new IOException("it is no list of a folder's files");
            }
            files.put(path, hash);
        }
        return files;
    }
}
