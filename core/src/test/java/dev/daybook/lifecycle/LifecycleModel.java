package dev.daybook.lifecycle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The life cycle once more, as naive as can be: mutable, plain maps and lists, written from the design and not from the code. Only the
 * rules of single names are not repeated: the pools of {@link LifecycleArbitraries} are few enough to list their bad ones here.
 */
final class LifecycleModel {

    private static final Set<String> BAD_NAMES = Set.of("bad name", "HEAD");
    private static final Set<String> BAD_METRICS = Set.of("step", "", "x\\y", "a//b");
    private static final Set<String> BAD_TAGS = Set.of("", "two\nlines");

    /** A leaf's place. */
    private record Place(String file, List<String> path) {
        boolean isAbove(Place other) {
            return file.equals(other.file)
                    && other.path.size() > path.size()
                    && other.path.subList(0, path.size()).equals(path);
        }

        String flat() {
            return file + ":" + String.join(".", path);
        }
    }

    private String phase = "UNINITIALIZED";
    private boolean discarded;
    private String name = "";
    private final Map<String, ParamValue> files = new LinkedHashMap<>();
    private final Map<Place, ParamValue> fileLeaves = new LinkedHashMap<>();
    private Map<Place, ParamValue> overrides = new LinkedHashMap<>();
    private final List<String> metrics = new ArrayList<>();
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
    private final List<Event.CheckpointMade> checkpoints = new ArrayList<>();
    private final List<Event.ArtifactAdded> artifacts = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<Outcome> outcome = Optional.empty();
    private Optional<Event.SavePrepared> half = Optional.empty();
    private Optional<String> savedAs = Optional.empty();
    private Optional<Code> initCode = Optional.empty();
    private Optional<Code> completionCode = Optional.empty();

    private record Sample(long step, double value) {}

    /** Whether the command is taken; if so it has been done. */
    boolean take(Command command) {
        return switch (phase) {
            case "UNINITIALIZED" -> !discarded && command instanceof Command.Init init && init(init.facts());
            case "ACTIVE" -> active(command);
            case "COMPLETED" -> completed(command);
            case "PERSISTED" -> command.call() == Call.SAVE && !(command instanceof Command.AbandonSave);
            default -> throw new IllegalStateException(phase);
        };
    }

    private boolean init(Event.ExperimentInitialized facts) {
        if (BAD_NAMES.contains(facts.name())) {
            return false;
        }
        phase = "ACTIVE";
        name = facts.name();
        initCode = Optional.of(facts.code());
        facts.fileParams().forEach((file, content) -> {
            files.put(file, content);
            flatten(new Place(file, List.of()), content, fileLeaves);
        });
        return true;
    }

    private boolean active(Command command) {
        if (command instanceof Command.SetParams set) {
            return setParams(set.values());
        } else if (command instanceof Command.DefineMetric define) {
            return defineMetric(define.name());
        } else if (command instanceof Command.RecordCheckpoint made) {
            return checkpoints.add(new Event.CheckpointMade(made.commit(), made.code(), made.message()));
        } else if (command instanceof Command.AddArtifact add) {
            if (artifacts.contains(add.artifact())) {
                return true;
            }
            artifacts.removeIf(artifact -> artifact.path().equals(add.artifact().path()));
            return artifacts.add(add.artifact());
        } else if (command instanceof Command.AddTag add) {
            return !BAD_TAGS.contains(add.tag()) && tags.add(add.tag());
        } else if (command instanceof Command.TakeNote note) {
            return !note.text().isBlank() && notes.add(note.text());
        } else if (command instanceof Command.Complete complete) {
            return complete(complete.outcome(), complete.code());
        } else if (command instanceof Command.CompleteToSave complete) {
            return complete(Outcome.succeeded(), complete.code());
        } else if (command instanceof Command.Discard) {
            return discard();
        }
        return command instanceof Command.Resume;
    }

    private boolean complete(Outcome result, Optional<Code> code) {
        phase = "COMPLETED";
        outcome = Optional.of(result);
        completionCode = code;
        return true;
    }

    private boolean discard() {
        phase = "UNINITIALIZED";
        discarded = true;
        return true;
    }

    private boolean completed(Command command) {
        if (command instanceof Command.PrepareSave prepare && half.isEmpty()) {
            half = Optional.of(prepare.prepared());
            return true;
        } else if (command instanceof Command.AbandonSave && half.isPresent()) {
            completionCode = half.flatMap(Event.SavePrepared::code).or(() -> completionCode);
            half = Optional.empty();
            return true;
        } else if (command instanceof Command.ConfirmSave && half.isPresent()) {
            phase = "PERSISTED";
            savedAs = half.map(Event.SavePrepared::commit);
            return true;
        } else if (command instanceof Command.Discard && half.isEmpty()) {
            return discard();
        }
        return command instanceof Command.CompleteToSave;
    }

    private boolean defineMetric(String metric) {
        if (metrics.contains(metric)) {
            return true;
        }
        var dotted = metrics.stream().map(other -> other.replace('/', '.')).toList();
        return !BAD_METRICS.contains(metric) && !dotted.contains(metric.replace('/', '.')) && metrics.add(metric);
    }

    private boolean setParams(Map<ParamKey, ParamValue> values) {
        var leaves = new LinkedHashMap<Place, ParamValue>();
        values.forEach((key, value) -> {
            var flat = new LinkedHashMap<Place, ParamValue>();
            flatten(new Place(key.file().orElse(""), key.path()), value, flat);
            flat.forEach((place, leaf) ->
                    leaves.put(place.file().isEmpty() ? homeOf(place.path(), leaves.keySet()) : place, leaf));
        });
        var after = new LinkedHashMap<>(overrides);
        for (var leaf : leaves.entrySet()) {
            after.keySet()
                    .removeIf(other ->
                            other.isAbove(leaf.getKey()) || leaf.getKey().isAbove(other));
            after.put(leaf.getKey(), leaf.getValue());
        }
        boolean isBelowAValue = leaves.keySet().stream()
                .anyMatch(place -> fileLeaves.entrySet().stream()
                        .anyMatch(leaf -> leaf.getKey().isAbove(place) && !isMap(leaf.getValue())));
        if (isBelowAValue || hasTwin(leaves.keySet(), merged(after).keySet())) {
            return false;
        }
        overrides = after;
        return true;
    }

    private static boolean isMap(ParamValue value) {
        return value instanceof ParamValue.MapValue;
    }

    private static boolean hasTwin(Set<Place> set, Set<Place> all) {
        var own = new HashSet<>(set);
        own.retainAll(all);
        return own.stream()
                .anyMatch(place -> all.stream()
                        .anyMatch(other -> !other.equals(place) && other.flat().equals(place.flat())));
    }

    private Place homeOf(List<String> path, Set<Place> setJustNow) {
        for (var file : files.entrySet()) {
            ParamValue at = file.getValue();
            for (var segment : path) {
                at = at instanceof ParamValue.MapValue map && map.entries().containsKey(segment)
                        ? map.entries().get(segment)
                        : ParamValue.ofNull();
            }
            if (!at.equals(ParamValue.ofNull())) { // the files of this test hold no null
                return new Place(file.getKey(), path);
            }
        }
        return Stream.concat(overrides.keySet().stream(), setJustNow.stream())
                .filter(place -> place.path().equals(path))
                .findFirst()
                .orElse(new Place("dvclive/params.yaml", path));
    }

    private static void flatten(Place at, ParamValue value, Map<Place, ParamValue> into) {
        if (value instanceof ParamValue.MapValue map && !map.entries().isEmpty()) {
            for (var entry : map.entries().entrySet()) {
                var path = new ArrayList<>(at.path());
                path.add(entry.getKey());
                flatten(new Place(at.file(), path), entry.getValue(), into);
            }
        } else {
            into.put(at, value);
        }
    }

    /** The files with these overrides in their places, then those that no file had. */
    private Map<Place, ParamValue> merged(Map<Place, ParamValue> with) {
        var all = new LinkedHashMap<>(fileLeaves);
        all.keySet()
                .removeIf(place -> with.keySet().stream()
                        .anyMatch(override -> override.isAbove(place) || place.isAbove(override)));
        all.putAll(with);
        return all;
    }

    /** Whether the record is taken. */
    boolean log(int metric, long step, double value) {
        if (!phase.equals("ACTIVE") || metric < 0 || metric >= metrics.size()) {
            return false;
        }
        return samples.computeIfAbsent(metrics.get(metric), key -> new ArrayList<>())
                .add(new Sample(step, value));
    }

    static String show(String file, List<String> path, ParamValue value, boolean isOverride) {
        return file + ":" + path + "=" + value + (isOverride ? "!" : "");
    }

    List<String> params() {
        return merged(overrides).entrySet().stream()
                .map(leaf -> show(
                        leaf.getKey().file(),
                        leaf.getKey().path(),
                        leaf.getValue(),
                        overrides.containsKey(leaf.getKey())))
                .collect(Collectors.toList());
    }

    List<String> overrides() {
        return overrides.entrySet().stream()
                .map(leaf -> show(leaf.getKey().file(), leaf.getKey().path(), leaf.getValue(), true))
                .collect(Collectors.toList());
    }

    List<String> records() {
        return metrics.stream()
                .filter(samples::containsKey)
                .map(metric -> {
                    var own = samples.getOrDefault(metric, List.of());
                    var last = own.get(own.size() - 1);
                    return metric + " " + own.size() + " " + last.step() + " "
                            + Double.doubleToRawLongBits(last.value());
                })
                .toList();
    }

    Code lastCode() {
        return half.flatMap(Event.SavePrepared::code)
                .or(() -> completionCode)
                .or(() -> checkpoints.isEmpty()
                        ? initCode
                        : Optional.of(checkpoints.get(checkpoints.size() - 1).code()))
                .orElseThrow();
    }

    String phase() {
        return phase;
    }

    boolean isDiscarded() {
        return discarded;
    }

    String name() {
        return name;
    }

    List<String> metrics() {
        return metrics;
    }

    List<Event.CheckpointMade> checkpoints() {
        return checkpoints;
    }

    List<Event.ArtifactAdded> artifacts() {
        return artifacts;
    }

    List<String> tags() {
        return tags;
    }

    List<String> notes() {
        return notes;
    }

    Optional<Outcome> outcome() {
        return outcome;
    }

    boolean isHalfSaved() {
        return half.isPresent() && savedAs.isEmpty();
    }

    Optional<String> savedAs() {
        return savedAs;
    }
}
