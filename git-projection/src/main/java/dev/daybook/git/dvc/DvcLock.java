package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code dvc.lock}: what the stages of a pipeline were run with and have made. Only what changes is written anew, as DVC writes it, so that
 * DVC finds nothing to tidy up. Immutable.
 */
final class DvcLock {

    private static final String EMPTY = "schema: '2.0'\nstages:\n";
    private static final int STAGE_INDENT = 2;
    private static final int SECTION_INDENT = 4;

    private final String fileName;
    private final String text;
    private final Map<String, ParamValue> stages;

    private DvcLock(String fileName, String text) {
        this.fileName = fileName;
        this.text = text;
        this.stages = YamlParams.parse(fileName, text.getBytes(StandardCharsets.UTF_8))
                                .values()
                                .get("stages")
                        instanceof MapValue map
                ? map.entries()
                : Map.of();
    }

    /**
     * Reads one.
     *
     * @param content empty if there is none yet
     * @throws ParamFileException if it cannot be read
     */
    static DvcLock parse(String fileName, Optional<byte[]> content) {
        return new DvcLock(
                fileName,
                content.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse(EMPTY));
    }

    /** What is said of each stage: {@code cmd}, {@code deps}, {@code params}, {@code outs}. */
    Map<String, ParamValue> stages() {
        return stages;
    }

    byte[] toBytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Says something else of a stage.
     *
     * @throws ParamFileException if the file is laid out otherwise than DVC does it
     */
    DvcLock with(String stage, Map<String, ParamValue> content) {
        var expected = new LinkedHashMap<>(stages);
        expected.put(stage, new MapValue(content));
        var edited = new DvcLock(fileName, edited(stage, content));
        if (!edited.stages.equals(expected)) {
            throw new ParamFileException(
                    fileName, "stage '" + stage + "' cannot be changed in place: the file is not as DVC writes it");
        }
        return edited;
    }

    private String edited(String stage, Map<String, ParamValue> content) {
        if (!(stages.get(stage) instanceof MapValue before)) {
            var separator = text.endsWith("\n") ? "" : "\n";
            return text + separator + RuamelYaml.lines(Map.of(stage, new MapValue(content)), STAGE_INDENT);
        }
        var head = Pattern.compile("(?m)^  " + Pattern.quote(RuamelText.key(stage)) + ":\\n")
                .matcher(text);
        if (!head.find()) {
            return text;
        }
        int end = end(head.end(), STAGE_INDENT);
        var sections = new StringBuilder();
        for (var section : content.entrySet()) {
            boolean isKept = section.getValue().equals(before.entries().get(section.getKey()));
            sections.append(
                    isKept
                            ? section(section.getKey(), head.end(), end)
                            : RuamelYaml.lines(Map.of(section.getKey(), section.getValue()), SECTION_INDENT));
        }
        return text.substring(0, head.end()) + sections + text.substring(end);
    }

    /** The lines of one section of a stage, as they are. */
    private String section(String key, int from, int to) {
        var head = Pattern.compile("(?m)^    " + key + ":").matcher(text).region(from, to);
        return head.find()
                ? text.substring(head.start(), Math.min(to, end(text.indexOf('\n', head.start()) + 1, SECTION_INDENT)))
                : "";
    }

    /** Where the first line begins that is indented no deeper and is no item of a list. */
    private int end(int from, int indent) {
        var next = Pattern.compile("(?m)^ {0," + indent + "}[^ \\n-]")
                .matcher(text)
                .region(from, text.length());
        return next.find() ? next.start() : text.length();
    }

    /** An entry of {@code deps} or {@code outs}. */
    static ParamValue data(String path, String hash, Map<String, ParamValue> meta) {
        var entry = new LinkedHashMap<String, ParamValue>();
        entry.put("path", ParamValue.of(path));
        entry.put("hash", ParamValue.of("md5"));
        entry.put("md5", ParamValue.of(hash));
        entry.putAll(meta);
        return new MapValue(entry);
    }

    /** The path of an entry; empty if it has none. */
    static String path(ParamValue entry) {
        return entry instanceof MapValue map && map.entries().get("path") instanceof ParamValue.StringValue path
                ? path.value()
                : "";
    }

    /** The entries of a section, such as {@code outs}. */
    static List<ParamValue> entries(Map<String, ParamValue> stage, String section) {
        return stage.get(section) instanceof ParamValue.ListValue list ? list.values() : List.of();
    }
}
