package dev.daybook.lifecycle;

import io.vavr.collection.List;
import io.vavr.control.Either;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The one place where events come from: {@code (state, command) -> events, or a refusal}. Pure.
 *
 * <p>A command that changes nothing (saving what is saved, a metric that has its number) gives no event.
 */
public final class Decider {

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private Decider() {}

    /** Whether a call exists in this state at all, before anything is done for it. */
    public static Optional<Refusal> refusal(ExperimentData data, String name, Call call) {
        return call.isAdmittedIn(data.phase()) && !data.isDiscarded()
                ? Optional.empty()
                : Optional.of(new Refusal.WrongPhase(call, name, data.phase()));
    }

    public static Either<Refusal, List<Event>> decide(ExperimentData data, Command command) {
        var refusal = refusal(data, data.name(), command.call());
        return refusal.isPresent() ? Either.left(refusal.get()) : admitted(data, command);
    }

    private static Either<Refusal, List<Event>> admitted(ExperimentData data, Command command) {
        if (command instanceof Command.Init init) {
            return Names.experiment(init.facts().name()).map(Decider::bad).orElseGet(() -> events(init.facts()));
        } else if (command instanceof Command.SetParams set) {
            return setParams(data, set.values());
        } else if (command instanceof Command.DefineMetric define) {
            return defineMetric(data, define.name());
        } else if (command instanceof Command.RecordCheckpoint made) {
            return events(new Event.CheckpointMade(made.commit(), made.code(), made.message()));
        } else if (command instanceof Command.AddArtifact add) {
            return addArtifact(data, add.artifact());
        } else if (command instanceof Command.LogPlot log) {
            return logPlot(log.plot());
        } else if (command instanceof Command.AddTag add) {
            return Names.tag(add.tag()).map(Decider::bad).orElseGet(() -> events(new Event.Tagged(add.tag())));
        } else if (command instanceof Command.TakeNote note) {
            return note.text().isBlank() ? bad("a note needs some text") : events(new Event.NoteTaken(note.text()));
        } else if (command instanceof Command.Complete complete) {
            return events(new Event.ExperimentCompleted(complete.outcome(), complete.code()));
        } else if (command instanceof Command.Discard) {
            return data.prepared().isPresent()
                    ? bad("cannot discard: a save of experiment '" + data.name()
                            + "' is half done; save it, or recover first")
                    : events(new Event.ExperimentDiscarded());
        } else if (command instanceof Command.Resume resume) {
            return events(resume.facts());
        }
        return save(data, command);
    }

    private static Either<Refusal, List<Event>> save(ExperimentData data, Command command) {
        if (data.phase() == Phase.PERSISTED) {
            return command instanceof Command.AbandonSave
                    ? bad("cannot abandon the save: experiment '" + data.name() + "' is PERSISTED")
                    : Either.right(List.empty());
        } else if (command instanceof Command.CompleteToSave complete) {
            return data.phase() == Phase.COMPLETED
                    ? Either.right(List.empty())
                    : events(new Event.ExperimentCompleted(Outcome.succeeded(), complete.code()));
        } else if (data.phase() == Phase.ACTIVE) {
            return bad("cannot save: experiment '" + data.name() + "' is ACTIVE, not completed");
        } else if (command instanceof Command.PrepareSave prepare) {
            return data.prepared().isPresent()
                    ? bad("cannot prepare a save: one of experiment '" + data.name() + "' is half done")
                    : events(prepare.prepared());
        }
        var prepared = data.prepared();
        if (prepared.isEmpty()) {
            return bad("no save of experiment '" + data.name() + "' is prepared");
        }
        return command instanceof Command.AbandonSave abandon
                ? events(new Event.SaveAbandoned(abandon.reason()))
                : events(new Event.ExperimentPersisted(
                        prepared.get().ref(), prepared.get().commit()));
    }

    private static Either<Refusal, List<Event>> defineMetric(ExperimentData data, String name) {
        if (data.metricNumbers().containsKey(name)) {
            return Either.right(List.empty());
        }
        var reason = Names.metric(name)
                .or(() -> Names.metricTwin(name, data.metricNumbers().keySet()));
        return reason.map(Decider::bad)
                .orElseGet(() ->
                        events(new Event.MetricDefined(data.metricNumbers().size(), name)));
    }

    /** The same content at the same path, with the same said of it, is there already. */
    private static Either<Refusal, List<Event>> addArtifact(ExperimentData data, Event.ArtifactAdded artifact) {
        if (data.artifacts().contains(artifact)) {
            return Either.right(List.empty());
        }
        return Names.artifact(artifact.path())
                .or(() -> Names.artifactNeighbours(artifact.path(), data))
                .or(() -> Names.artifactTraits(artifact))
                .map(Decider::bad)
                .orElseGet(() -> events(artifact));
    }

    private static Either<Refusal, List<Event>> logPlot(Event.PlotLogged plot) {
        return Names.plot(plot.name())
                .or(() -> Names.points(plot.name(), plot.points()))
                .or(() -> absentAxis(plot))
                .map(Decider::bad)
                .orElseGet(() -> events(plot));
    }

    private static Optional<String> absentAxis(Event.PlotLogged plot) {
        return Stream.of(plot.view().x(), plot.view().y())
                .filter(axis -> plot.points().stream()
                        .noneMatch(point -> point.entries().containsKey(axis)))
                .findFirst()
                .map(axis -> "plot '" + plot.name() + "' is to be drawn by the field '" + axis
                        + "', which none of its points has; they have "
                        + plot.points().get(0).entries().keySet());
    }

    private static Either<Refusal, List<Event>> setParams(ExperimentData data, Map<ParamKey, ParamValue> values) {
        var leaves = new LinkedHashMap<ParamKey, ParamValue>();
        var homes = new ParamTree.Homes(data);
        for (var entry : values.entrySet()) {
            // before anything descends into it
            var bottomless = Names.value(entry.getKey(), entry.getValue());
            if (bottomless.isPresent()) {
                return bad(bottomless.get());
            }
            for (var leaf : ParamTree.leaves(entry.getKey(), entry.getValue()).entrySet()) {
                var reason = Names.parameter(leaf.getKey());
                if (reason.isPresent()) {
                    return bad(reason.get());
                }
                leaves.put(homes.settle(leaf.getKey(), leaf.getValue()), leaf.getValue());
            }
        }
        if (leaves.isEmpty()) {
            return Either.right(List.empty());
        }
        var event = new Event.ParamsSet(leaves);
        return clash(data, ExperimentFold.evolve(data, event), leaves)
                .map(Decider::bad)
                .orElseGet(() -> events(event));
    }

    /** What would make the parameters unreadable: a value inside a value, or two leaves that DVC shows under one name. */
    private static Optional<String> clash(ExperimentData before, ExperimentData after, Map<ParamKey, ParamValue> set) {
        for (var key : set.keySet()) {
            var obstacle = obstacle(before, after, set, key);
            if (obstacle.isPresent()) {
                return obstacle.map(reason -> "parameter '" + key + "' cannot be set: " + reason);
            }
        }
        var seen = new HashMap<String, ParamKey>();
        for (var param : after.params()) {
            var key = param.key();
            var flat = key.file().orElse("") + ":" + ParamTree.flatName(key);
            var twin = seen.put(flat, key);
            if (twin != null && (set.containsKey(key) || set.containsKey(twin))) {
                return Optional.of("parameters '" + twin + "' and '" + key + "' have one name in DVC's tables, '"
                        + ParamTree.flatName(key) + "', which makes them fail for the whole repository; rename one");
            }
        }
        return Optional.empty();
    }

    /** A value that a key would stand below: it is no map, and no list that has such an element. */
    private static Optional<String> obstacle(
            ExperimentData before, ExperimentData after, Map<ParamKey, ParamValue> set, ParamKey key) {
        var content =
                Optional.ofNullable(before.facts().fileParams().get(key.file().orElse("")));
        for (int length = 1; length < key.path().size(); length++) {
            var below = key.path().subList(0, length + 1);
            var above = new ParamKey(key.file(), key.path().subList(0, length));
            var name = ParamTree.flatName(above);
            var earlier = set.containsKey(above)
                    ? Optional.of(set.get(above))
                    : before.overrides().get(above).toJavaOptional();
            if (earlier.isPresent() && earlier.get() instanceof ParamValue.ListValue) {
                if (after.overrides().containsKey(above)) {
                    return Optional.empty();
                } else if (NUMBER.matcher(key.path().get(length)).matches()) {
                    return Optional.of("'" + name + "' was set to a list that has no such element; set the whole list");
                }
            }
            var value = content.flatMap(file -> ParamTree.find(file, above.path()));
            if (value.isPresent()
                    && !(value.get() instanceof ParamValue.MapValue)
                    && content.flatMap(file -> ParamTree.find(file, below)).isEmpty()) {
                return Optional.of("'" + name + "' is a value in that file, not a map; change it there first, or set '"
                        + name + "' to a value");
            }
        }
        return Optional.empty();
    }

    private static Either<Refusal, List<Event>> events(Event event) {
        return Either.right(List.of(event));
    }

    private static Either<Refusal, List<Event>> bad(String message) {
        return Either.left(new Refusal.BadArgument(message));
    }
}
