package dev.daybook.git.dvc;

import dev.daybook.lifecycle.Event.ArtifactAdded;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Brings the {@code dvc.lock} beside a {@code dvc.yaml} up to date with the artifacts that are outputs of its stages.
 *
 * <p>Where all that a stage keeps in the cache was added, the experiment has run it, and its dependencies and parameters are written as the
 * commit has them. Where only a part was added, only that is written: DVC then says that the rest has changed, which is true. A stage that
 * is filled in from a template is left as it is.
 */
public final class DvcPipeline {

    /** Files of the commit that is being made. */
    public interface Files {

        /** A file's content; empty if there is none. */
        Optional<byte[]> read(String path) throws IOException;

        boolean isExecutable(String path) throws IOException;
    }

    private final Files files;
    private final Map<String, ArtifactAdded> artifacts = new HashMap<>();
    private final Set<String> handled = new TreeSet<>();
    private final List<String> warnings = new ArrayList<>();

    public DvcPipeline(Files files, List<ArtifactAdded> artifacts) {
        this.files = files;
        artifacts.forEach(artifact -> this.artifacts.put(artifact.path(), artifact));
    }

    /** The paths of the artifacts that are outputs of stages, and so need no pointer: DVC refuses two. */
    public Set<String> handled() {
        return handled;
    }

    /** Sentences for the user. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * The new {@code dvc.lock}; empty if there is nothing to change.
     *
     * @param dvcYaml its path from the root
     */
    public Optional<byte[]> lock(String dvcYaml) throws IOException {
        var folder = dvcYaml.substring(0, dvcYaml.lastIndexOf('/') + 1);
        var lockFile = folder + "dvc.lock";
        try {
            var content = files.read(dvcYaml);
            var before = DvcLock.parse(lockFile, files.read(lockFile));
            if (content.isEmpty()
                    || !(YamlParams.parse(dvcYaml, content.get()).values().get("stages") instanceof MapValue stages)) {
                return Optional.empty();
            }
            var lock = before;
            for (var each : stages.entries().entrySet()) {
                if (each.getValue() instanceof MapValue declared) {
                    var stage = new DvcStage(folder, each.getKey(), declared.entries());
                    lock = stage.isPlain() ? plain(lock, stage) : template(lock, stage);
                }
            }
            return lock == before ? Optional.empty() : Optional.of(lock.toBytes());
        } catch (ParamFileException e) {
            warnings.add(
                    "the pipeline of " + dvcYaml + " is left as it is, because it cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    private DvcLock plain(DvcLock lock, DvcStage stage) throws IOException {
        var outs = stage.outs();
        outs.keySet().forEach(out -> stage.fromRoot(out).ifPresent(full -> leaveOverlapping(full, stage.name())));
        var added = outs.keySet().stream()
                .filter(out -> artifact(stage, out).isPresent())
                .toList();
        if (added.isEmpty()) {
            return lock;
        }
        added.forEach(out -> handled.add(stage.fromRoot(out).orElseThrow()));
        var before =
                lock.stages().get(stage.name()) instanceof MapValue map ? map.entries() : Map.<String, ParamValue>of();
        boolean isWhole = outs.entrySet().stream().allMatch(out -> !out.getValue() || added.contains(out.getKey()));
        var after = new LinkedHashMap<String, ParamValue>();
        after.put("cmd", stage.declared().getOrDefault("cmd", ParamValue.of("")));
        var deps = isWhole ? data(stage, stage.deps(), before, "deps", lock) : DvcLock.entries(before, "deps");
        put(after, "deps", deps.isEmpty() ? Optional.empty() : Optional.of(ParamValue.of(deps)));
        put(after, "params", isWhole ? params(stage, before) : Optional.ofNullable(before.get("params")));
        put(after, "outs", Optional.of(ParamValue.of(data(stage, List.copyOf(outs.keySet()), before, "outs", lock))));
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

    private Optional<ArtifactAdded> artifact(DvcStage stage, String path) {
        return stage.fromRoot(path).flatMap(full -> Optional.ofNullable(artifacts.get(full)));
    }

    /** What is known of each now, else what was said before. */
    private List<ParamValue> data(
            DvcStage stage, List<String> paths, Map<String, ParamValue> before, String section, DvcLock lock)
            throws IOException {
        var entries = new ArrayList<ParamValue>();
        for (var path : paths) {
            var known = known(stage, path);
            if (known.isEmpty() && section.equals("deps")) {
                known = madeBefore(stage, path, lock);
            }
            known.or(() -> DvcLock.entries(before, section).stream()
                            .filter(entry -> DvcLock.path(entry).equals(path))
                            .findFirst())
                    .ifPresent(entries::add);
        }
        return entries;
    }

    private Optional<ParamValue> known(DvcStage stage, String path) throws IOException {
        var artifact = artifact(stage, path);
        if (artifact.isPresent()) {
            return Optional.of(DvcLock.data(path, artifact.get().hash(), DvcPointer.meta(artifact.get())));
        }
        var full = stage.fromRoot(path);
        var content = full.isPresent() ? files.read(full.get()) : Optional.<byte[]>empty();
        if (content.isEmpty()) {
            return Optional.empty();
        }
        var meta = new LinkedHashMap<String, ParamValue>();
        meta.put("size", ParamValue.of((long) content.get().length));
        if (files.isExecutable(full.orElseThrow())) {
            meta.put("isexec", ParamValue.of(true));
        }
        return Optional.of(DvcLock.data(path, Md5.of(content.get()), meta));
    }

    /** A dependency that another stage of the same file makes. */
    private static Optional<ParamValue> madeBefore(DvcStage stage, String path, DvcLock lock) {
        var wdir = stage.declared().get("wdir");
        return wdir != null
                ? Optional.empty()
                : lock.stages().values().stream()
                        .filter(other -> other instanceof MapValue)
                        .flatMap(other -> DvcLock.entries(((MapValue) other).entries(), "outs").stream())
                        .filter(out -> DvcLock.path(out).equals(path))
                        .findFirst();
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

    /** Its outputs are known by what was locked of the stages that it stands for. */
    private DvcLock template(DvcLock lock, DvcStage stage) {
        lock.stages().forEach((name, content) -> {
            boolean isOf = name.equals(stage.name()) || name.startsWith(stage.name() + "@");
            if (isOf && content instanceof MapValue map) {
                for (var out : DvcLock.entries(map.entries(), "outs")) {
                    artifact(stage, DvcLock.path(out)).ifPresent(artifact -> leave(artifact, name));
                    stage.fromRoot(DvcLock.path(out)).ifPresent(full -> leaveOverlapping(full, name));
                }
            }
        });
        return lock;
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
        handled.add(artifact.path());
        warnings.add("artifact '" + artifact.path()
                + "' is in DVC's cache, but not in the commit: it is an output of stage '" + stage
                + "', which is made from a template, and whose dvc.lock is left as it is");
    }
}
