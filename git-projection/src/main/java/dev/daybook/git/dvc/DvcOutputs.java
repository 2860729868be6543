package dev.daybook.git.dvc;

import dev.daybook.git.dvc.DvcCache.Stored;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.LongValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.StringValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads which data a {@code .dvc} file or a {@code dvc.lock} refers to. */
public final class DvcOutputs {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}(?:\\.dir)?");

    /** A pointer as DVC and Daybook write it: read without a YAML parser, because there may be a thousand of them. */
    private static final Pattern PLAIN =
            Pattern.compile("outs:\\n- md5: ([0-9a-f]{32}(?:\\.dir)?)\\n  size: (\\d{1,18})\\n"
                    + "(?:  nfiles: (\\d{1,18})\\n)?  hash: md5\\n  path: ([A-Za-z_][A-Za-z0-9_.+-]*)\\n");

    private static final Stored UNKNOWN = new Stored("", 0, 0);

    private DvcOutputs() {}

    /**
     * Data that DVC keeps in its cache.
     *
     * @param path from the root of the repository; as it is written, if it leads elsewhere
     * @param hash 32 hex digits, and {@code .dir} behind them for a folder; empty if nobody knows, because DVC lists files of a folder without
     *     theirs
     * @param bytes as the file says; 0 if it does not
     * @param files how many a folder holds, as the file says; 0 if it does not
     * @param remote of its own, if it has one
     * @param isLegacy whether DVC 2 wrote it, whose cache is laid out otherwise
     * @param isSent whether DVC sends it to remotes: not what was imported from another repository, and what says so
     */
    public record Output(
            String path,
            String hash,
            long bytes,
            long files,
            Optional<String> remote,
            boolean isLegacy,
            boolean isExecutable,
            boolean isSent) {

        public boolean isKnown() {
            return !hash.isEmpty();
        }

        public boolean isFolder() {
            return hash.endsWith(DirObject.SUFFIX);
        }

        /** A file of this folder, whose size is not known. */
        public Output file(String path, String md5) {
            return new Output(path, md5, 0, 0, remote, isLegacy, false, isSent);
        }
    }

    /** Whether a file of this name refers to data. */
    public static boolean isPointer(String fileName) {
        return fileName.equals("dvc.lock") || fileName.endsWith(".dvc") && fileName.length() > ".dvc".length();
    }

    /**
     * What a file refers to.
     *
     * @param file its path from the root
     * @param files those around it: the {@code dvc.yaml} beside a {@code dvc.lock} says where the outputs are, and what DVC does with them
     * @throws ParamFileException if it cannot be read
     * @throws IOException if another one is needed and cannot be read
     */
    public static List<Output> of(String file, byte[] content, FileSource files) throws IOException {
        var folder = file.substring(0, file.lastIndexOf('/') + 1);
        return file.endsWith("dvc.lock") ? ofLock(file, folder, content, files) : ofPointer(file, folder, content);
    }

    private static List<Output> ofPointer(String file, String folder, byte[] content) {
        var plain = PLAIN.matcher(new String(content, StandardCharsets.ISO_8859_1));
        if (plain.matches()
                && YamlText.of(plain.group(4), YamlText.Quotes.AS_NEEDED).equals(plain.group(4))) {
            return List.of(new Output(
                    folder + plain.group(4),
                    plain.group(1),
                    Long.parseLong(plain.group(2)),
                    plain.group(3) == null ? 0 : Long.parseLong(plain.group(3)),
                    Optional.empty(),
                    false,
                    false,
                    true));
        }
        var values = YamlParams.parse(file, content).values();
        // what was imported from another repository DVC gets from there
        boolean isImported = list(values, "deps").stream()
                .anyMatch(dep -> dep instanceof MapValue map && map.entries().containsKey("repo"));
        var place = text(values, "wdir").map(wdir -> folder + wdir + "/").orElse(folder);
        var outputs = new ArrayList<Output>();
        for (var out : list(values, "outs")) {
            if (out instanceof MapValue map) {
                output(place, map.entries(), map.entries(), !isImported).ifPresent(outputs::add);
            }
        }
        return outputs;
    }

    private static List<Output> ofLock(String file, String folder, byte[] content, FileSource files)
            throws IOException {
        var declared = declared(folder, files);
        var outputs = new ArrayList<Output>();
        DvcLock.parse(file, Optional.of(content)).stages().forEach((name, stage) -> {
            if (stage instanceof MapValue map) {
                var said = Optional.ofNullable(declared.get(name))
                        .or(() -> Optional.ofNullable(declared.get(base(name))))
                        .orElseGet(() -> new Declared(folder, Map.of()));
                for (var out : DvcLock.entries(map.entries(), "outs")) {
                    if (out instanceof MapValue data) {
                        var options = said.outs().getOrDefault(fromRoot(said.folder(), DvcLock.path(out)), Map.of());
                        output(said.folder(), data.entries(), options, true).ifPresent(outputs::add);
                    }
                }
            }
        });
        return outputs;
    }

    /** The stage that one of many was made of. */
    private static String base(String stage) {
        int at = stage.indexOf('@');
        return at < 0 ? stage : stage.substring(0, at);
    }

    /**
     * What a stage says that its lock does not.
     *
     * @param folder in which it runs, with {@code /} at the end
     * @param outs what DVC is to do with each thing that it makes, by its path from the root
     */
    private record Declared(String folder, Map<String, Map<String, ParamValue>> outs) {}

    /** By stage; of a file that cannot be read nothing is known, and all of it counts as data. */
    private static Map<String, Declared> declared(String folder, FileSource files) throws IOException {
        var declared = new HashMap<String, Declared>();
        var file = folder + "dvc.yaml";
        var content = files.read(file);
        if (content.isEmpty()) {
            return declared;
        }
        try {
            var dvcYaml = YamlParams.parse(file, content.get()).values();
            if (dvcYaml.get("stages") instanceof MapValue stages) {
                for (var each : stages.entries().entrySet()) {
                    if (each.getValue() instanceof MapValue options) {
                        add(new DvcStage(folder, each.getKey(), options.entries()), dvcYaml, files, declared);
                    }
                }
            }
        } catch (ParamFileException e) {
            return Map.of();
        }
        return declared;
    }

    /** A template as it is written, for what it was filled in with before, and each stage that is made of it. */
    private static void add(
            DvcStage stage, Map<String, ParamValue> dvcYaml, FileSource files, Map<String, Declared> declared)
            throws IOException {
        var each = stage.declared().get("do") instanceof MapValue one ? one.entries() : stage.declared();
        declared.put(stage.name(), declared(new DvcStage(stage.folder(), stage.name(), each)));
        if (!stage.isPlain()) {
            for (var made : new StageTemplates(stage.folder(), dvcYaml, files).stages(stage)) {
                declared.put(made.name(), declared(made));
            }
        }
    }

    private static Declared declared(DvcStage stage) {
        var folder = text(stage.declared(), "wdir")
                .map(wdir -> stage.folder() + wdir + "/")
                .orElse(stage.folder());
        var outs = new HashMap<String, Map<String, ParamValue>>();
        stage.options().forEach((path, options) -> outs.put(fromRoot(folder, path), options));
        return new Declared(folder, outs);
    }

    /** @param options what DVC is to do with it */
    private static Optional<Output> output(
            String folder, Map<String, ParamValue> values, Map<String, ParamValue> options, boolean isSent) {
        var path = text(values, "path").orElse("");
        if (path.isEmpty() || isFalse(options, "cache")) {
            return Optional.empty();
        }
        return data(values)
                .map(data -> new Output(
                        fromRoot(folder, path),
                        data.hash(),
                        data.bytes(),
                        data.files(),
                        text(options, "remote"),
                        !text(values, "hash").equals(Optional.of("md5")),
                        ParamValue.of(true).equals(values.get("isexec")),
                        isSent && !isFalse(options, "push")));
    }

    /** Of a folder that it has sent to a remote that keeps versions, DVC has the files there instead of the hash of their list. */
    private static Optional<Stored> data(Map<String, ParamValue> values) {
        var files = list(values, "files");
        if (files.isEmpty()) {
            return hash(values).map(hash -> new Stored(hash, number(values, "size"), number(values, "nfiles")));
        }
        var stored = new HashMap<String, Stored>();
        for (var file : files) {
            var entry = file instanceof MapValue map ? map.entries() : Map.<String, ParamValue>of();
            var path = text(entry, "relpath");
            var hash = hash(entry);
            if (path.isEmpty() || hash.isEmpty()) {
                return Optional.of(UNKNOWN);
            }
            stored.put(path.get(), new Stored(hash.get(), number(entry, "size"), 1));
        }
        return Optional.of(DvcCache.folder(stored));
    }

    private static Optional<String> hash(Map<String, ParamValue> values) {
        return text(values, "md5").filter(hash -> HASH.matcher(hash).matches());
    }

    /** What lies outside stays as it is written. */
    private static String fromRoot(String folder, String path) {
        return path.startsWith("/") || path.contains("://") ? path : ListedFiles.resolve(folder, path);
    }

    private static long number(Map<String, ParamValue> values, String key) {
        return values.get(key) instanceof LongValue number ? number.value() : 0;
    }

    private static boolean isFalse(Map<String, ParamValue> values, String key) {
        return ParamValue.of(false).equals(values.get(key));
    }

    private static Optional<String> text(Map<String, ParamValue> values, String key) {
        return values.get(key) instanceof StringValue text ? Optional.of(text.value()) : Optional.empty();
    }

    private static List<ParamValue> list(Map<String, ParamValue> values, String key) {
        return values.get(key) instanceof ListValue list ? list.values() : List.of();
    }
}
