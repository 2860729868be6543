package dev.daybook.git.dvc;

import dev.daybook.git.dvc.DvcCache.Stored;
import dev.daybook.lifecycle.Event.ArtifactAdded;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Brings the {@code dvc.lock} beside a {@code dvc.yaml} up to date with the artifacts that are outputs of its stages.
 *
 * <p>Where all that a stage keeps in the cache was added, the experiment has run it, and its dependencies and parameters are written as the
 * commit has them. Where only a part was added, only that is written: DVC then says that the rest has changed, which is true. A stage that
 * is filled in from a template is left as it is, run or not.
 */
public final class DvcPipeline {

    private static final String LOCK = "dvc.lock";

    /** Files of the commit that is being made. */
    public interface Files extends FileSource {

        /**
         * What DVC will find at a path when the commit is checked out: a file or a folder, Git's or DVC's.
         *
         * @param outputs artifacts of which locks will say something else than they do now
         */
        Found find(String path, Collection<ArtifactAdded> outputs) throws IOException;
    }

    /** What stands at a path. */
    public sealed interface Found {

        /** Something of which all is known that a lock says. */
        record Data(Stored stored, boolean isExecutable) implements Found {}

        record Nothing() implements Found {}

        /**
         * Something that cannot be read, or is too large to be.
         *
         * @param reason a clause that follows "because"
         * @param isAsCommitted whether it is what it was in the commit with which the code began
         */
        record Unknown(String reason, boolean isAsCommitted) implements Found {}
    }

    private final Files files;
    private final Map<String, ArtifactAdded> artifacts = new HashMap<>();
    private final Map<String, Optional<Declared>> pipelines = new HashMap<>();
    private final Map<String, ArtifactAdded> outputs = new TreeMap<>();
    private final Set<String> handled = new TreeSet<>();
    private final List<String> warnings = new ArrayList<>();

    public DvcPipeline(Files files, List<ArtifactAdded> artifacts) {
        this.files = files;
        artifacts.forEach(artifact -> this.artifacts.put(artifact.path(), artifact));
    }

    /**
     * What a file declares.
     *
     * @param lock before anything is changed
     */
    private record Declared(DvcLock lock, List<DvcStage> stages) {}

    /** The paths of the artifacts that are outputs of stages, and so need no pointer: DVC refuses two. */
    public Set<String> handled() {
        return handled;
    }

    /** Sentences for the user. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Finds out which artifacts are outputs of a file's stages.
     *
     * @param dvcYaml its path from the root
     */
    public void read(String dvcYaml) throws IOException {
        var folder = folder(dvcYaml);
        var lockFile = folder + LOCK;
        try {
            var content = files.read(dvcYaml);
            var lock = DvcLock.parse(lockFile, files.read(lockFile));
            var declared = content.isEmpty()
                    ? Map.<String, ParamValue>of()
                    : YamlParams.parse(dvcYaml, content.get()).values();
            var stages = stages(folder, declared);
            for (var stage : stages) {
                if (stage.isPlain()) {
                    claim(stage);
                } else {
                    leaveMade(new StageTemplates(folder, declared, files).stages(stage));
                    leaveLocked(lock, stage);
                }
            }
            pipelines.put(dvcYaml, Optional.of(new Declared(lock, stages)));
        } catch (ParamFileException e) {
            warnings.add(
                    "the pipeline of " + dvcYaml + " is left as it is, because it cannot be read: " + e.getMessage());
            pipelines.put(dvcYaml, Optional.empty());
        }
    }

    private static List<DvcStage> stages(String folder, Map<String, ParamValue> declared) {
        var stages = new ArrayList<DvcStage>();
        if (declared.get("stages") instanceof MapValue all) {
            all.entries().forEach((name, stage) -> {
                if (stage instanceof MapValue options) {
                    stages.add(new DvcStage(folder, name, options.entries()));
                }
            });
        }
        return stages;
    }

    private static String folder(String file) {
        return file.substring(0, file.lastIndexOf('/') + 1);
    }

    private void claim(DvcStage stage) {
        for (var out : stage.outs().keySet()) {
            stage.fromRoot(out).ifPresent(full -> {
                leaveOverlapping(full, stage.name());
                var artifact = artifacts.get(full);
                if (artifact != null) {
                    handled.add(full);
                    outputs.put(full, artifact);
                }
            });
        }
    }

    /**
     * The new {@code dvc.lock}; empty if there is nothing to change.
     *
     * @param dvcYaml its path from the root
     */
    public Optional<byte[]> lock(String dvcYaml) throws IOException {
        if (!pipelines.containsKey(dvcYaml)) {
            read(dvcYaml);
        }
        var declared = pipelines.getOrDefault(dvcYaml, Optional.empty());
        if (declared.isEmpty()) {
            return Optional.empty();
        }
        var lock = declared.get().lock();
        for (var stage : declared.get().stages()) {
            if (stage.isPlain()) {
                lock = locked(lock, stage);
            }
        }
        return lock == declared.get().lock() ? Optional.empty() : Optional.of(lock.toBytes());
    }

    private DvcLock locked(DvcLock lock, DvcStage stage) throws IOException {
        var outs = stage.outs();
        if (outs.keySet().stream().allMatch(out -> added(stage, out).isEmpty())) {
            return lock;
        }
        var before =
                lock.stages().get(stage.name()) instanceof MapValue map ? map.entries() : Map.<String, ParamValue>of();
        boolean isWhole = outs.entrySet().stream()
                .allMatch(out -> !out.getValue() || added(stage, out.getKey()).isPresent());
        var after = new LinkedHashMap<String, ParamValue>();
        after.put("cmd", stage.declared().getOrDefault("cmd", ParamValue.of("")));
        var deps = isWhole ? deps(stage, before) : DvcLock.entries(before, "deps");
        put(after, "deps", deps.isEmpty() ? Optional.empty() : Optional.of(ParamValue.of(deps)));
        put(after, "params", isWhole ? params(stage, before) : Optional.ofNullable(before.get("params")));
        put(after, "outs", Optional.of(ParamValue.of(outs(stage, before))));
        if (!isWhole) {
            after.put("cmd", before.getOrDefault("cmd", after.get("cmd")));
        }
        try {
            return after.equals(before) ? lock : lock.with(stage.name(), after);
        } catch (ParamFileException e) {
            warnings.add(e.getMessage() + "; run 'dvc commit' after 'dvc exp apply'");
            return lock;
        }
    }

    private static void put(Map<String, ParamValue> stage, String section, Optional<ParamValue> content) {
        content.ifPresent(value -> stage.put(section, value));
    }

    private Optional<ArtifactAdded> added(DvcStage stage, String path) {
        return stage.fromRoot(path).flatMap(full -> Optional.ofNullable(outputs.get(full)));
    }

    /** What is known of each now, else what was said before. */
    private List<ParamValue> deps(DvcStage stage, Map<String, ParamValue> before) throws IOException {
        var entries = new ArrayList<ParamValue>();
        for (var path : stage.deps()) {
            entry(stage, path, before, "deps")
                    .or(() -> said(before, "deps", path))
                    .ifPresent(entries::add);
        }
        return entries;
    }

    /** The same of what it makes: what the cache keeps is new where it was added, and only there. */
    private List<ParamValue> outs(DvcStage stage, Map<String, ParamValue> before) throws IOException {
        var entries = new ArrayList<ParamValue>();
        for (var out : stage.outs().entrySet()) {
            var path = out.getKey();
            boolean isKept = out.getValue() && added(stage, path).isEmpty();
            var entry = isKept ? Optional.<ParamValue>empty() : entry(stage, path, before, "outs");
            entry.or(() -> said(before, "outs", path)).ifPresent(entries::add);
        }
        return entries;
    }

    private static Optional<ParamValue> said(Map<String, ParamValue> before, String section, String path) {
        return DvcLock.entries(before, section).stream()
                .filter(entry -> DvcLock.path(entry).equals(path))
                .findFirst();
    }

    private Optional<ParamValue> entry(DvcStage stage, String path, Map<String, ParamValue> before, String section)
            throws IOException {
        var added = added(stage, path);
        if (added.isPresent()) {
            return Optional.of(DvcLock.data(path, added.get().hash(), DvcPointer.meta(added.get())));
        }
        var full = stage.fromRoot(path);
        var found = full.isPresent() ? files.find(full.get(), outputs.values()) : new Found.Nothing();
        if (found instanceof Found.Unknown unknown && !unknown.isAsCommitted()) {
            var says =
                    said(before, section, path).isPresent() ? " says what it said before of '" : " says nothing of '";
            warnings.add(stage.folder() + LOCK + says + path + "' in stage '" + stage.name() + "', because "
                    + unknown.reason() + "; run 'dvc commit' after 'dvc exp apply'");
        }
        return found instanceof Found.Data data ? Optional.of(entry(path, data)) : Optional.empty();
    }

    private static ParamValue entry(String path, Found.Data data) {
        var meta = new LinkedHashMap<String, ParamValue>();
        meta.put("size", ParamValue.of(data.stored().bytes()));
        if (data.stored().isFolder()) {
            meta.put("nfiles", ParamValue.of(data.stored().files()));
        }
        if (data.isExecutable()) {
            meta.put("isexec", ParamValue.of(true));
        }
        return DvcLock.data(path, data.stored().hash(), meta);
    }

    private Optional<ParamValue> params(DvcStage stage, Map<String, ParamValue> before) throws IOException {
        var params = new LinkedHashMap<String, ParamValue>();
        var old = before.get("params") instanceof MapValue map ? map.entries() : Map.<String, ParamValue>of();
        var declared = stage.params();
        for (var file : inOrder(declared.keySet())) {
            var values = values(stage, file, declared.getOrDefault(file, List.of()));
            values.or(() -> Optional.ofNullable(old.get(file))).ifPresent(value -> params.put(file, value));
        }
        return params.isEmpty() ? Optional.empty() : Optional.of(ParamValue.of(params));
    }

    private static List<String> inOrder(Set<String> files) {
        var order = new ArrayList<>(files);
        if (order.remove("params.yaml")) {
            order.add(0, "params.yaml");
        }
        return order;
    }

    /** Empty if the file is none that can be read here. */
    private Optional<ParamValue> values(DvcStage stage, String file, List<String> keys) throws IOException {
        var full = stage.fromRoot(file).filter(path -> !path.endsWith(".py"));
        var content = full.isPresent() ? files.read(full.get()) : Optional.<byte[]>empty();
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try {
            var all = ParamFile.parse(file, content.get());
            var values = new LinkedHashMap<String, ParamValue>();
            var wanted = keys.isEmpty() ? List.copyOf(all.values().keySet()) : keys;
            for (var key : wanted.stream().sorted(DirObject.ORDER).toList()) {
                var path = keys.isEmpty() ? List.of(key) : ParamKey.parse(key).path();
                all.get(path).ifPresent(value -> values.put(key, value));
            }
            return Optional.of(ParamValue.of(values));
        } catch (ParamFileException e) {
            warnings.add("the parameters of " + file + " are not brought up to date in dvc.lock: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** What the stages of a template would make now. */
    private void leaveMade(List<DvcStage> stages) {
        for (var stage : stages) {
            stage.outs().keySet().forEach(out -> leaveOutput(stage, out, stage.name()));
        }
    }

    /** What a template made when it was run, whatever it would make now. */
    private void leaveLocked(DvcLock lock, DvcStage stage) {
        lock.stages().forEach((name, content) -> {
            boolean isOf = name.equals(stage.name()) || name.startsWith(stage.name() + "@");
            if (isOf && content instanceof MapValue map) {
                DvcLock.entries(map.entries(), "outs").forEach(out -> leaveOutput(stage, DvcLock.path(out), name));
            }
        });
    }

    private void leaveOutput(DvcStage stage, String out, String name) {
        stage.fromRoot(out).ifPresent(full -> {
            var artifact = artifacts.get(full);
            if (artifact != null) {
                leave(artifact, name);
            }
            leaveOverlapping(full, name);
        });
    }

    /** DVC takes no data that are part of other data: it would not read the pointer, or refuse the whole repository. */
    private void leaveOverlapping(String out, String stage) {
        for (var path : artifacts.keySet()) {
            boolean isPart = path.startsWith(out + "/") || out.startsWith(path + "/");
            if (isPart && handled.add(path)) {
                warnings.add("artifact '" + path + "' is in DVC's cache, but not in the commit: it and '" + out
                        + "', an output of stage '" + stage + "', are part of one another; add '" + out + "' instead");
            }
        }
    }

    private void leave(ArtifactAdded artifact, String stage) {
        if (handled.add(artifact.path())) {
            warnings.add("artifact '" + artifact.path()
                    + "' is in DVC's cache, but not in the commit: it is an output of stage '" + stage
                    + "', which is made from a template, and whose dvc.lock is left as it is");
        }
    }
}
