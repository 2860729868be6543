package dev.daybook.lifecycle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Commands, events, whole lives and hostile texts. Small pools, so that what can clash does clash. */
final class LifecycleArbitraries {

    private static final String[] FRAGMENTS = {
        "",
        "a",
        "lr",
        "sweep",
        "X",
        "7",
        "-",
        "--",
        "_",
        ".",
        "..",
        ".lock",
        "lock",
        "@",
        "@{",
        "{",
        "}",
        "~",
        "^",
        ":",
        "?",
        "*",
        "[",
        "]",
        "\\",
        "/",
        "//",
        " ",
        "\t",
        "\n",
        "\0",
        "\u007f",
        "\u0085",
        "\u00a0",
        "\u00e9",
        "e\u0301",
        "\u212b",
        "\u200b",
        "\u202e",
        "\u2028",
        "\ufeff",
        "\ud83d\ude00",
        "\ud800",
        "\udc00",
        "HEAD",
        "_HEAD",
        "FETCH_HEAD",
        "stash",
        "workspace",
        "refs",
        "heads",
        "deadbeef",
        "0123",
        "cafe",
        "-g1234abc",
        "abcdef0123456789abcdef0123456789abcdef01",
        "'",
        "\"",
        "$",
        "`",
        "|",
        ">",
        "%",
        "+",
        "=",
        "#",
        "!",
        "step",
        "con"
    };

    private LifecycleArbitraries() {}

    /** Texts of which most are bad names, each for a reason of its own. */
    static Arbitrary<String> hostileTexts() {
        var fragments =
                Arbitraries.of(FRAGMENTS).list().ofMinSize(0).ofMaxSize(6).map(parts -> String.join("", parts));
        var long1 = Arbitraries.of("a", "\u00e9", "\ud83d\ude00", "a.")
                .flatMap(unit -> Arbitraries.integers().between(40, 210).map(unit::repeat));
        return Arbitraries.frequencyOf(
                Tuple.of(10, fragments),
                Tuple.of(2, Arbitraries.strings().ofMaxLength(12)),
                Tuple.of(2, Arbitraries.strings().withCharRange('!', '~').ofMaxLength(12)),
                Tuple.of(1, long1));
    }

    /** Names that everybody may have. */
    static Arbitrary<String> plainNames() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .withChars('-', '_', '+', '=', '\u00e9')
                .ofMinLength(0)
                .ofMaxLength(40)
                .map(tail -> "run" + tail) // no hex digit, so no commit's id
                .filter(name -> !name.matches(".*-g[0-9a-f]{4,40}"));
    }

    static Arbitrary<Double> doubles() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        0.0,
                        -0.0,
                        1.0,
                        -1.0,
                        0.1,
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.MIN_VALUE,
                        Double.MAX_VALUE,
                        -Double.MAX_VALUE),
                Arbitraries.longs().map(Double::longBitsToDouble),
                Arbitraries.integers().between(-5, 5).map(i -> i / 4.0));
    }

    static Arbitrary<ParamValue> paramValues() {
        var leaves = Arbitraries.oneOf(
                Arbitraries.just(ParamValue.ofNull()),
                Arbitraries.of(true, false).map(ParamValue::of),
                Arbitraries.longs().map(ParamValue::of),
                doubles().map(ParamValue::of),
                Arbitraries.of("", "text", "1e3", "\u00e9").map(ParamValue::of),
                Arbitraries.longs().map(ParamValue::of).list().ofMaxSize(3).map(ParamValue::of));
        return Arbitraries.frequencyOf(
                Tuple.of(6, leaves),
                Tuple.of(2, maps(leaves).map(map -> map)),
                Tuple.of(
                        1,
                        maps(Arbitraries.oneOf(leaves, maps(leaves).map(map -> map)))
                                .map(map -> map)));
    }

    /** An event sets leaves; a map is one only if it is empty. */
    private static boolean isFilledMap(ParamValue value) {
        return value instanceof ParamValue.MapValue map && !map.entries().isEmpty();
    }

    private static Arbitrary<ParamValue.MapValue> maps(Arbitrary<ParamValue> values) {
        return Arbitraries.maps(segments(), values).ofMaxSize(3).map(ParamValue.MapValue::new);
    }

    private static Arbitrary<String> segments() {
        return Arbitraries.of("a", "b", "c", "a.b", "b.c");
    }

    static Arbitrary<ParamKey> paramKeys() {
        var files = Arbitraries.of(
                Optional.<String>empty(), Optional.<String>empty(), Optional.of("p.yaml"), Optional.of("q/r.yml"));
        return Combinators.combine(files, segments().list().ofMinSize(1).ofMaxSize(3))
                .as(ParamKey::new);
    }

    /** Parameter files as a person writes them: without empty maps. */
    private static Arbitrary<Map<String, ParamValue.MapValue>> paramFiles() {
        var leaves = Arbitraries.longs().between(0, 9).map(ParamValue::of);
        var inner = Arbitraries.maps(segments(), leaves).ofMinSize(1).ofMaxSize(2);
        var values = Arbitraries.oneOf(leaves, inner.map(ParamValue::of));
        var content =
                Arbitraries.maps(segments(), values).ofMinSize(1).ofMaxSize(3).map(ParamValue.MapValue::new);
        return Combinators.combine(content, content, Arbitraries.integers().between(0, 2))
                .as((first, second, files) -> {
                    var map = new LinkedHashMap<String, ParamValue.MapValue>();
                    if (files > 0) {
                        map.put("p.yaml", first);
                    }
                    if (files > 1) {
                        map.put("q/r.yml", second);
                    }
                    return map;
                });
    }

    static Arbitrary<Event.ExperimentInitialized> initializations() {
        return Combinators.combine(
                        Arbitraries.of("lr-sweep", "run-2", "run-3", "run-4", "bad name", "HEAD"),
                        codes(),
                        paramFiles())
                .as((name, code, files) -> new Event.ExperimentInitialized(
                        name,
                        code,
                        files,
                        new Author("Ada", "ada@example.org"),
                        "dvclive",
                        Optional.empty(),
                        Map.of("pid", "1")));
    }

    private static Arbitrary<String> objectIds() {
        return Arbitraries.of("1", "2", "3").map(digit -> digit.repeat(40));
    }

    static Arbitrary<Code> codes() {
        return Combinators.combine(objectIds(), objectIds()).as(Code::new);
    }

    private static Arbitrary<String> metricNames() {
        return Arbitraries.of("loss", "acc", "train/loss", "train.loss", "a/b.c", "a.b/c", "step", "", "x\\y", "a//b");
    }

    private static Arbitrary<Event.SavePrepared> saves() {
        return Combinators.combine(Arbitraries.of("x", "y"), objectIds(), objectIds(), codes().optional())
                .as((name, commit, tree, code) -> new Event.SavePrepared("refs/exps/11/" + name, commit, tree, code));
    }

    private static Arbitrary<Event.ArtifactAdded> artifacts() {
        return Combinators.combine(
                        Arbitraries.of("model.bin", "data"), Arbitraries.longs().between(0, 3))
                .as((path, bytes) -> new Event.ArtifactAdded(path, "md5", "0".repeat(32), bytes, 1));
    }

    private static Arbitrary<Event.ExperimentResumed> resumptions() {
        return Arbitraries.longs()
                .between(1, 9)
                .map(events -> new Event.ExperimentResumed("g", events, events, 0, Map.of()));
    }

    private static Arbitrary<Outcome> outcomes() {
        return Arbitraries.of(Outcome.succeeded(), Outcome.failed("out of memory"), Outcome.failed(""));
    }

    static Arbitrary<Command> commands() {
        return Arbitraries.frequencyOf(
                Tuple.of(10, initializations().map(Command.Init::new)),
                Tuple.of(
                        8,
                        Arbitraries.maps(paramKeys(), paramValues())
                                .ofMaxSize(3)
                                .map(Command.SetParams::new)),
                Tuple.of(5, metricNames().map(Command.DefineMetric::new)),
                Tuple.of(
                        2,
                        Combinators.combine(objectIds(), codes(), Arbitraries.of("", "m"))
                                .as(Command.RecordCheckpoint::new)),
                Tuple.of(2, artifacts().map(Command.AddArtifact::new)),
                Tuple.of(2, Arbitraries.of("t", "u", "", "two\nlines").map(Command.AddTag::new)),
                Tuple.of(2, Arbitraries.of("n", " ", "", "o").map(Command.TakeNote::new)),
                Tuple.of(2, Combinators.combine(outcomes(), codes().optional()).as(Command.Complete::new)),
                Tuple.of(2, codes().optional().map(Command.CompleteToSave::new)),
                Tuple.of(8, saves().map(Command.PrepareSave::new)),
                Tuple.of(2, Arbitraries.of("taken", "gone").map(Command.AbandonSave::new)),
                Tuple.of(8, Arbitraries.just(new Command.ConfirmSave())),
                Tuple.of(1, Arbitraries.just(new Command.Discard())),
                Tuple.of(2, resumptions().map(Command.Resume::new)));
    }

    /** Events that no decider was asked about: most are impossible where they stand. */
    static Arbitrary<Event> rawEvents() {
        return Arbitraries.oneOf(List.<Arbitrary<? extends Event>>of(
                        initializations(),
                        Arbitraries.maps(paramKeys(), paramValues().filter(value -> !isFilledMap(value)))
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .map(Event.ParamsSet::new),
                        Combinators.combine(
                                        Arbitraries.integers().between(0, 3),
                                        Arbitraries.of("loss", "acc", "train/loss"))
                                .as(Event.MetricDefined::new),
                        Combinators.combine(objectIds(), codes(), Arbitraries.of("", "m"))
                                .as(Event.CheckpointMade::new),
                        artifacts(),
                        Arbitraries.of("t", "u").map(Event.Tagged::new),
                        Arbitraries.of("n", "o").map(Event.NoteTaken::new),
                        Combinators.combine(outcomes(), codes().optional()).as(Event.ExperimentCompleted::new),
                        saves(),
                        Arbitraries.of("taken", "gone").map(Event.SaveAbandoned::new),
                        Combinators.combine(Arbitraries.of("refs/exps/11/x", "refs/exps/11/y"), objectIds())
                                .as(Event.ExperimentPersisted::new),
                        Arbitraries.just(new Event.ExperimentDiscarded()),
                        resumptions()))
                .map(event -> event);
    }

    /** One thing that happens to one of several handles: a command, or, where it is empty, a metric record. */
    record Action(int handle, Optional<Command> command, int metric, long step, double value) {}

    static Arbitrary<Action> actions(int handles) {
        var handle = Arbitraries.integers().between(0, handles - 1);
        var ofCommands = Combinators.combine(handle, commands())
                .as((at, command) -> new Action(at, Optional.of(command), 0, 0, 0));
        var ofRecords = Combinators.combine(
                        handle, Arbitraries.integers().between(0, 2), Arbitraries.longs(), doubles())
                .as((at, metric, step, value) -> new Action(at, Optional.empty(), metric, step, value));
        return Arbitraries.frequencyOf(Tuple.of(5, ofCommands), Tuple.of(1, ofRecords));
    }

    /** A step of a life that can have been: what folds one thing into a fold. */
    record Step(Optional<Event> event, int metric, long step, double value) {
        void into(ExperimentFold fold) {
            if (event.isPresent()) {
                fold.event(event.get());
            } else {
                fold.metricLogged(metric, step, value);
            }
        }
    }

    /** What the decider let through of random commands, with records between. */
    static Arbitrary<List<Step>> lives() {
        var life = actions(1).list().ofMaxSize(40);
        return Combinators.combine(
                        initializations()
                                .filter(event -> Names.experiment(event.name()).isEmpty()),
                        life)
                .as(LifecycleArbitraries::live);
    }

    private static List<Step> live(Event.ExperimentInitialized begin, List<Action> actions) {
        var steps = new ArrayList<Step>();
        steps.add(new Step(Optional.of(begin), 0, 0, 0));
        var data = ExperimentFold.evolve(ExperimentData.empty(), begin);
        for (var action : actions) {
            if (action.command().isPresent()) {
                for (var event :
                        Decider.decide(data, action.command().get()).getOrElse(io.vavr.collection.List.empty())) {
                    data = ExperimentFold.evolve(data, event);
                    steps.add(new Step(Optional.of(event), 0, 0, 0));
                }
            } else if (data.phase() == Phase.ACTIVE
                    && action.metric() < data.metricNumbers().size()) {
                steps.add(new Step(Optional.empty(), action.metric(), action.step(), action.value()));
            }
        }
        return steps;
    }
}
