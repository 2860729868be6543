package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A parameter file: its values as DVC reads them, and edits that leave every other byte as it is. Immutable.
 *
 * <p>Its name says what it is: YAML ({@code .yaml}, {@code .yml}), JSON ({@code .json}) or TOML ({@code .toml}). Kinds of values that have no
 * case in {@link ParamValue}, dates and integers of more than 64 bits, are read as strings.
 *
 * <p>Refused in every format with a {@link ParamFileException}: what DVC cannot read, duplicate keys, a root that is no map, more than
 * 1 MiB, more than 500,000 values, and nesting deeper than 100.
 */
public sealed interface ParamFile permits YamlParams, JsonParams, TomlParams {

    /**
     * Reads a file.
     *
     * @param fileName its name or path, which messages call it by
     * @param content UTF-8
     * @throws ParamFileException if the file is refused, or is in another format
     */
    static ParamFile parse(String fileName, byte[] content) {
        return switch (ending(fileName)) {
            case "yaml", "yml" -> YamlParams.parse(fileName, content);
            case "json" -> JsonParams.parse(fileName, content);
            case "toml" -> TomlParams.parse(fileName, content);
            case "py" ->
                throw new ParamFileException(
                        fileName,
                        "a Python file is a program and cannot be edited safely; keep the parameters in a YAML, JSON"
                                + " or TOML file and read it from there");
            default ->
                throw new ParamFileException(
                        fileName,
                        "the name ends in none of .yaml, .yml, .json and .toml, so that nobody knows how to read the"
                                + " file; rename it");
        };
    }

    /**
     * A file that is not there yet, to be filled with edits.
     *
     * @throws ParamFileException if the name stands for another format
     */
    static ParamFile empty(String fileName) {
        var content = ending(fileName).equals("json") ? "{\n}\n" : "";
        return parse(fileName, content.getBytes(StandardCharsets.UTF_8));
    }

    private static String ending(String fileName) {
        int dot = fileName.lastIndexOf('.');
        return dot < 0 ? "" : fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** The parameters in the order of the file; not modifiable. */
    Map<String, ParamValue> values();

    /** The value at a path of keys; a number addresses an element of a list. */
    default Optional<ParamValue> get(List<String> path) {
        return ParamPaths.get(values(), path);
    }

    /**
     * The file with one value replaced or added, in the file's own style; maps that are missing on the way are created.
     *
     * <p>A value that is equal in type and value keeps its spelling. A map or list is replaced as a whole, together with the comments inside.
     * The result is read again and compared with the old values and the new one, so that a file never changes otherwise than asked for.
     *
     * @param path keys from the root; a number addresses an element of an existing list
     * @throws ParamFileException if the format cannot hold the value, or the edit cannot be made in place or would change another value too
     */
    ParamFile with(List<String> path, ParamValue value);

    /** The file, byte for byte as it was read but for the edits. */
    byte[] toBytes();
}
