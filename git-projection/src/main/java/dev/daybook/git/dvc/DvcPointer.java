package dev.daybook.git.dvc;

import dev.daybook.lifecycle.Event.ArtifactAdded;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code .dvc} files as {@code dvc add} writes them (3.67.1), and what Git is to ignore for them. */
public final class DvcPointer {

    /** Of the values in a list's maps. */
    private static final int INDENT = 2;

    private DvcPointer() {}

    /** Where the pointer of an artifact is. */
    public static String pathOf(String artifact) {
        return artifact + ".dvc";
    }

    /** A pointer that says nothing but where the data is. */
    public static byte[] write(ArtifactAdded artifact) {
        var out = new StringBuilder("outs:\n");
        fields(artifact)
                .forEach((key, value) -> out.append(out.length() == "outs:\n".length() ? "- " : "  ")
                        .append(key)
                        .append(": ")
                        .append(text(key, value))
                        .append('\n'));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(String key, ParamValue value) {
        return value instanceof ParamValue.StringValue string
                ? RuamelText.value(string.value(), INDENT + key.length() + 2, INDENT + INDENT)
                : YamlWriter.inline(value, YamlText.Quotes.AS_NEEDED);
    }

    /**
     * A pointer with what the one before said besides, such as a description; empty if that one is none to this artifact alone.
     *
     * @throws ParamFileException if the one before cannot be read
     */
    public static Optional<byte[]> rewrite(String fileName, byte[] before, ArtifactAdded artifact) {
        var pointer = YamlParams.parse(fileName, before);
        var fields = fields(artifact);
        if (pointer.values().containsKey("deps")
                || pointer.values().containsKey("wdir")
                || !(pointer.values().get("outs") instanceof ListValue outs)
                || outs.values().size() != 1
                || !(outs.values().get(0) instanceof MapValue out)
                || !Objects.equals(fields.get("path"), out.entries().get("path"))
                || !ParamValue.of("md5").equals(out.entries().get("hash"))
                || out.entries().containsKey("nfiles") != fields.containsKey("nfiles")
                || out.entries().containsKey("isexec") != fields.containsKey("isexec")
                || !out.entries().keySet().containsAll(fields.keySet())) {
            return Optional.empty();
        }
        var text = new String(before, StandardCharsets.UTF_8);
        for (var key : List.of("md5", "size", "nfiles")) {
            var field = fields.get(key);
            if (field == null) {
                continue;
            }
            var value = Matcher.quoteReplacement(text(key, field));
            text = Pattern.compile("(?m)^([- ] +|)" + key + ": +\\S+")
                    .matcher(text)
                    .replaceFirst("$1" + key + ": " + value);
        }
        var after = text.getBytes(StandardCharsets.UTF_8);
        return YamlParams.parse(fileName, after).values().equals(expected(pointer, fields))
                ? Optional.of(after)
                : Optional.empty();
    }

    private static Map<String, ParamValue> expected(YamlParams pointer, Map<String, ParamValue> fields) {
        for (var field : fields.entrySet()) {
            pointer = pointer.with(List.of("outs", "0", field.getKey()), field.getValue());
        }
        return pointer.values();
    }

    /** In DVC's order. */
    private static Map<String, ParamValue> fields(ArtifactAdded artifact) {
        var fields = new LinkedHashMap<String, ParamValue>();
        fields.put("md5", ParamValue.of(artifact.hash()));
        fields.putAll(meta(artifact));
        fields.put("hash", ParamValue.of("md5"));
        fields.put(
                "path", ParamValue.of(artifact.path().substring(artifact.path().lastIndexOf('/') + 1)));
        return fields;
    }

    /** What DVC says of data beside their hash. */
    static Map<String, ParamValue> meta(ArtifactAdded artifact) {
        var meta = new LinkedHashMap<String, ParamValue>();
        meta.put("size", ParamValue.of(artifact.bytes()));
        if (artifact.isFolder()) {
            meta.put("nfiles", ParamValue.of(artifact.files()));
        }
        if (artifact.traits().isExecutable()) {
            meta.put("isexec", ParamValue.of(true));
        }
        return meta;
    }

    /**
     * A {@code .gitignore} that names the data, so that Git leaves them to DVC; the same one if it does already.
     *
     * @param before empty if there is none
     * @param name of the file or folder beside it
     */
    public static byte[] ignoring(byte[] before, String name) {
        var line = "/" + escaped(name);
        var text = new String(before, StandardCharsets.ISO_8859_1);
        var raw = new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        if (text.lines().anyMatch(raw::equals)) {
            return before;
        }
        var separator = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        return (text + separator + raw + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** As DVC does it, and a space at the end too, which Git would not see. */
    private static String escaped(String name) {
        var escaped = name.replaceAll("[\\[\\]!*#?]", "\\\\$0");
        return escaped.endsWith(" ") ? escaped.substring(0, escaped.length() - 1) + "\\ " : escaped;
    }
}
