package dev.daybook.lifecycle;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which names are good, and if one is not, why: each method gives the reason as a sentence, or nothing.
 *
 * <p>Sources: git-check-ref-format(1); how DVC 3.67.1 resolves an experiment's name (Git revisions first); DVC's flattening of nested
 * keys, where two leaves of one dotted name break {@code dvc exp show} for the whole repository.
 */
public final class Names {

    /** The longest name of an experiment or a metric, in bytes of UTF-8: a file name holds 255. */
    public static final int MAX_BYTES = 200;

    /** The longest parameter name, in characters; YAML allows 1,024 for a plain key with its indentation. */
    public static final int MAX_PARAMETER_CHARS = 900;

    /** The longest name of an artifact: DVC's pointer to it has four more bytes. */
    private static final int MAX_ARTIFACT_BYTES = 255 - ".dvc".length();

    private static final int MAX_DEPTH = 100;
    private static final Pattern PARAMETER_FILE = Pattern.compile(".+\\.(?:ya?ml|json|toml)", Pattern.DOTALL);
    private static final Pattern COMMIT_LIKE = Pattern.compile("[0-9a-fA-F]{4,40}");
    private static final Pattern DESCRIBE_LIKE = Pattern.compile(".*-g[0-9a-fA-F]{4,40}");
    /** How verbs name a checkpoint. */
    private static final Pattern CHECKPOINT_LIKE = Pattern.compile(".+@[0-9]+");
    /** As DVC 3.67.1 and GTO have it. */
    private static final Pattern ARTIFACT_NAME = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9_/-]*[a-zA-Z0-9])?");

    /** What a commit holds in the output folder. */
    private static final Set<String> OWN_FILES =
            Set.of("metrics.json", "params.yaml", "dvc.yaml", "daybook.json", "plots", "series");

    private static final Set<String> RESERVED = Set.of("HEAD", "@", "workspace", "stash");

    private Names() {}

    /** The name of an experiment: one component of a Git ref that no revision of Git hides. */
    public static Optional<String> experiment(String name) {
        return text("experiment", name)
                .or(() -> bytes("experiment", name))
                .or(() -> refComponent(name))
                .map(reason -> "experiment name '" + printable(name) + "' " + reason);
    }

    private static Optional<String> refComponent(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (" ~^:?*[\\/".indexOf(c) >= 0) {
                return Optional.of("holds '" + c + "', which a Git ref cannot; use '-' instead");
            }
        }
        if (name.startsWith(".") || name.endsWith(".") || name.endsWith(".lock")) {
            return Optional.of("starts or ends with '.', or ends with '.lock', which a Git ref cannot");
        }
        if (name.contains("..") || name.contains("@{")) {
            return Optional.of("holds '..' or '@{', which a Git ref cannot");
        }
        if (name.startsWith("-")) {
            return Optional.of("starts with '-': every command would take it for an option");
        }
        if (CHECKPOINT_LIKE.matcher(name).matches()) {
            return Optional.of("looks like the checkpoint of another experiment; write it without the '@'");
        }
        if (RESERVED.contains(name) || name.endsWith("_HEAD")) {
            return Optional.of("means something else to Git or DVC; choose another");
        }
        if (COMMIT_LIKE.matcher(name).matches() || DESCRIBE_LIKE.matcher(name).matches()) {
            return Optional.of("looks like the id of a commit to Git; add a letter beyond a to f");
        }
        return Optional.empty();
    }

    /** The name of a metric: {@code /} nests, as in {@code train/loss}. */
    public static Optional<String> metric(String name) {
        return text("metric", name)
                .or(() -> bytes("metric", name))
                .or(() -> metricPath(name))
                .map(reason -> "metric name '" + printable(name) + "' " + reason);
    }

    private static Optional<String> metricPath(String name) {
        if (name.equals("step") || name.startsWith("step/")) {
            return Optional.of("is taken: metrics.json keeps the last step under it");
        }
        if (name.indexOf('\\') >= 0) {
            return Optional.of("holds a backslash, which DVC cannot plot; use '/' to nest");
        }
        for (var segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..") || !segment.equals(segment.strip())) {
                return Optional.of(
                        "has an empty part, '.', '..' or space at an end between its '/'; each part is a file name");
            }
        }
        return Optional.empty();
    }

    /** A metric whose dotted name is also that of another one. */
    static Optional<String> metricTwin(String name, io.vavr.collection.Set<String> others) {
        var dotted = name.replace('/', '.');
        return others.find(other -> other.replace('/', '.').equals(dotted))
                .map(other -> "metric names '" + other + "' and '" + name + "' are one name in DVC's tables, '" + dotted
                        + "', which makes them fail for the whole repository; rename one")
                .toJavaOptional();
    }

    /** The name of a custom plot; {@code /} makes folders. */
    static Optional<String> plot(String name) {
        return text("plot", name)
                .or(() -> bytes("plot", name))
                .or(() -> metricPath(name))
                .map(reason -> "plot name '" + printable(name) + "' " + reason);
    }

    /** The points of a custom plot: text must be text, and nothing is nested without end. */
    static Optional<String> points(String name, List<ParamValue.MapValue> points) {
        return points.stream()
                .flatMap(point -> badValue(point, 0).stream())
                .findFirst()
                .map(reason -> "plot '" + printable(name) + "' " + reason);
    }

    /** A parameter's key and file. */
    public static Optional<String> parameter(ParamKey key) {
        return key.file()
                .flatMap(Names::parameterFile)
                .or(() -> parameterPath(key))
                .map(reason -> "parameter '" + printable(key.toString()) + "' " + reason);
    }

    private static Optional<String> parameterPath(ParamKey key) {
        if (key.path().size() > MAX_DEPTH) {
            return Optional.of("is nested deeper than " + MAX_DEPTH);
        }
        for (var segment : key.path()) {
            var reason = text("parameter", segment);
            if (reason.isPresent()) {
                return reason;
            }
        }
        return key.toString().length() > MAX_PARAMETER_CHARS
                ? Optional.of("is longer than " + MAX_PARAMETER_CHARS + " characters")
                : Optional.empty();
    }

    private static Optional<String> parameterFile(String file) {
        if (file.endsWith(".py")) {
            return Optional.of("is in a Python file, which is a program and cannot be edited safely; keep parameters"
                    + " in a YAML, JSON or TOML file and read it from there");
        }
        if (!PARAMETER_FILE.matcher(file).matches()) {
            return Optional.of("is in a file of a kind that is not edited; its name has to end in .yaml, .yml, .json"
                    + " or .toml");
        }
        if (file.indexOf(':') >= 0) {
            return Optional.of("is in a file whose path holds ':', which stands between a file and its parameters;"
                    + " rename the file");
        }
        return isInside(file)
                ? text("parameter", file).or(() -> bytes("parameter", file))
                : Optional.of("is in a file that is not a path inside the repository; name it from the root");
    }

    /** The path of an artifact. */
    static Optional<String> artifact(String path) {
        return (isInside(path)
                        ? text("artifact", path).or(() -> pointerName(path))
                        : Optional.of("is not a path inside the repository; name it from the root"))
                .map(reason -> "artifact '" + printable(path) + "' " + reason);
    }

    /** Beside an artifact stands DVC's pointer to it: whether Git will have the artifact itself is not known before it is saved. */
    private static Optional<String> pointerName(String path) {
        var name = path.substring(path.lastIndexOf('/') + 1);
        return name.getBytes(StandardCharsets.UTF_8).length > MAX_ARTIFACT_BYTES
                ? Optional.of("has a name of more than " + MAX_ARTIFACT_BYTES
                        + " bytes, to which DVC's file beside it adds .dvc, more than a file system takes; shorten it")
                : Optional.empty();
    }

    /** An artifact inside another one, or where the experiment's own files will stand. */
    static Optional<String> artifactNeighbours(String path, ExperimentData data) {
        var folder = data.facts().outputFolder();
        var own = OWN_FILES.stream().map(file -> folder + "/" + file).filter(file -> overlap(path, file));
        if (own.findFirst().isPresent()) {
            return Optional.of("artifact '" + printable(path) + "' is where the experiment's own files stand, in "
                    + folder + "; put it elsewhere");
        }
        return data.artifacts()
                .map(Event.ArtifactAdded::path)
                .find(other -> !other.equals(path) && overlap(other, path))
                .map(other -> "artifact '" + printable(path) + "' overlaps with artifact '" + other
                        + "', and DVC takes no data twice; add only one of the two")
                .toJavaOptional();
    }

    private static boolean overlap(String a, String b) {
        return a.equals(b) || a.startsWith(b + "/") || b.startsWith(a + "/");
    }

    /** What DVC is to list it as. */
    static Optional<String> artifactTraits(Event.ArtifactAdded artifact) {
        var traits = artifact.traits();
        var name = traits.name()
                .filter(given -> !ARTIFACT_NAME.matcher(given).matches())
                .map(
                        given -> "has the name '" + printable(given)
                                + "', which DVC refuses; use letters, digits, '-', '_' and '/', and a letter or digit at both ends");
        return name.or(() -> Stream.of(traits.type().stream(), traits.description().stream(), traits.labels().stream())
                        .flatMap(text -> text)
                        .filter(text -> !isText(text))
                        .findFirst()
                        .map(text -> "has a description with half a surrogate pair, which no file can hold"))
                .map(reason -> "artifact '" + printable(artifact.path()) + "' " + reason);
    }

    /** Whether a relative path stays in the work tree, also where a file system takes other spellings of {@code .git} for it. */
    private static boolean isInside(String path) {
        for (var segment : path.split("/", -1)) {
            var plain = segment.strip().toLowerCase(Locale.ROOT);
            while (plain.endsWith(".") || plain.endsWith(" ")) {
                plain = plain.substring(0, plain.length() - 1);
            }
            if (plain.isEmpty() || plain.equals(".git") || plain.equals("git~1")) {
                return false;
            }
        }
        return path.indexOf('\\') < 0;
    }

    /** A parameter's value: text must be text, and nothing is nested without end. */
    static Optional<String> value(ParamKey key, ParamValue value) {
        return badValue(value, key.path().size())
                .map(reason -> "parameter '" + printable(key.toString()) + "' " + reason);
    }

    private static Optional<String> badValue(ParamValue value, int depth) {
        if (depth > MAX_DEPTH) {
            return Optional.of("has a value nested deeper than " + MAX_DEPTH);
        }
        if (value instanceof ParamValue.StringValue string && !isText(string.value())) {
            return Optional.of("has a value with half a surrogate pair, which no file can hold");
        }
        if (value instanceof ParamValue.ListValue list) {
            return first(list.values(), depth);
        }
        if (value instanceof ParamValue.MapValue map) {
            for (var name : map.entries().keySet()) {
                var reason = text("parameter", name);
                if (name.length() > MAX_PARAMETER_CHARS) {
                    return Optional.of("has a key of more than " + MAX_PARAMETER_CHARS + " characters");
                } else if (reason.isPresent()) {
                    return Optional.of("has a key '" + printable(name) + "' that " + reason.get());
                }
            }
            return first(map.entries().values(), depth);
        }
        return Optional.empty();
    }

    private static Optional<String> first(Iterable<ParamValue> values, int depth) {
        for (var child : values) {
            var reason = badValue(child, depth + 1);
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }

    /** A tag: a short word or two on one line. */
    public static Optional<String> tag(String tag) {
        return text("tag", tag).or(() -> bytes("tag", tag)).map(reason -> "tag '" + printable(tag) + "' " + reason);
    }

    private static Optional<String> bytes(String what, String name) {
        return name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES
                ? Optional.of("is longer than " + MAX_BYTES + " bytes; shorten the " + what + "'s name")
                : Optional.empty();
    }

    private static Optional<String> text(String what, String name) {
        if (name.isEmpty()) {
            return Optional.of("is empty; give the " + what + " a name");
        }
        if (!isText(name)) {
            return Optional.of("holds half a surrogate pair, which is no text");
        }
        var invisible = name.codePoints().filter(Names::isInvisible).findFirst();
        if (invisible.isPresent()) {
            return Optional.of("holds an invisible character (U+%04X)".formatted(invisible.getAsInt()));
        }
        return Normalizer.isNormalized(name, Normalizer.Form.NFC)
                ? Optional.empty()
                : Optional.of("is not in Unicode normal form C, so that two names could look the same; normalize it");
    }

    private static boolean isInvisible(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    private static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static String printable(String name) {
        var out = new StringBuilder();
        name.codePoints()
                .limit(100)
                .forEach(c -> out.append(
                        isInvisible(c) || Character.getType(c) == Character.SURROGATE
                                ? "\\u%04x".formatted(c)
                                : Character.toString(c)));
        return out.toString();
    }
}
