package dev.daybook.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a parameter stands: a path of map keys, and the file that it is addressed in, if the user named one.
 *
 * <p>Written {@code lr}, {@code model.depth}, {@code conf/train.yaml:model.depth}. A dot inside a key is written {@code \.}, a backslash
 * {@code \\}; what stands before the first {@code :} is a file only if it ends in {@code .yaml}, {@code .yml}, {@code .json},
 * {@code .toml} or {@code .py}, the last of which {@link Names} refuses.
 */
public record ParamKey(Optional<String> file, List<String> path) {

    private static final Pattern FILE = Pattern.compile("([^:]+\\.(?:ya?ml|json|toml|py)):(.*)", Pattern.DOTALL);

    public ParamKey {
        path = List.copyOf(path);
        if (path.isEmpty()) {
            throw new IllegalArgumentException("a parameter key needs at least one segment");
        }
    }

    public static ParamKey of(String... path) {
        return new ParamKey(Optional.empty(), List.of(path));
    }

    /** Reads the written form; every text is some key, {@link Names} says whether it is a good one. */
    public static ParamKey parse(String text) {
        var matcher = FILE.matcher(text);
        return matcher.matches()
                ? new ParamKey(Optional.of(matcher.group(1)), split(matcher.group(2)))
                : new ParamKey(Optional.empty(), split(text));
    }

    /** The key below this one. */
    public ParamKey child(String segment) {
        var longer = new ArrayList<>(path);
        longer.add(segment);
        return new ParamKey(file, longer);
    }

    /** Whether this key is the other one or stands above it. */
    public boolean isAncestorOrSelf(ParamKey other) {
        return file.equals(other.file)
                && path.size() <= other.path.size()
                && path.equals(other.path.subList(0, path.size()));
    }

    /** The key without its file, as it is written: {@code model.depth}. */
    public String dotted() {
        // nearly every key; a list of experiments asks for hundreds of thousands
        if (path.size() == 1 && isPlain(path.get(0))) {
            return path.get(0);
        }
        var out = new StringBuilder();
        for (int i = 0; i < path.size(); i++) {
            out.append(i == 0 ? "" : ".");
            out.append(path.get(i).replace("\\", "\\\\").replace(".", "\\."));
        }
        var text = out.toString();
        // a colon that would make a file of what stands before it
        return text.indexOf(':') >= 0 && FILE.matcher(text).matches() ? text.replace(":", "\\:") : text;
    }

    /** A colon needs no look: without a dot before it, it makes no file. */
    private static boolean isPlain(String segment) {
        return segment.indexOf('.') < 0 && segment.indexOf('\\') < 0;
    }

    @Override
    public String toString() {
        return file.map(name -> name + ":").orElse("") + dotted();
    }

    private static List<String> split(String text) {
        var segments = new ArrayList<String>();
        var segment = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                segment.append(text.charAt(++i));
            } else if (c == '.') {
                segments.add(segment.toString());
                segment.setLength(0);
            } else {
                segment.append(c);
            }
        }
        segments.add(segment.toString());
        return segments;
    }

    // equals and hashCode by hand: those that the JVM puts together for a record cost a short command some milliseconds
    // (ADR 18)

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ParamKey that && file.equals(that.file) && path.equals(that.path);
    }

    @Override
    public int hashCode() {
        return 31 * file.hashCode() + path.hashCode();
    }
}
