package dev.daybook.git.dvc;

import dev.daybook.git.dvc.YamlNode.Document;
import dev.daybook.git.dvc.YamlWriter.Layout;
import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A YAML parameter file: its values as DVC reads them, and edits that leave every other byte as it is. Immutable.
 *
 * <p>Values follow DVC's reader (ruamel.yaml's safe loader, YAML 1.2): {@code no} is a string, {@code 010} is ten, {@code 1_000} a thousand.
 * Anchors, aliases and merge keys are resolved. Two kinds have no case in {@link ParamValue} and are read as strings: dates, and integers of
 * more than 64 bits. A key is named by its text, whatever its type.
 *
 * <p>Refused with a {@link ParamFileException}: what DVC cannot read, several documents, duplicate keys, directives, {@code ? key}, unknown
 * tags, a root that is no map, more than 1 MiB, and nesting deeper than 100. An empty file, or one of comments only, holds no parameters.
 */
public final class YamlParams {

    private final Document document;
    private final Map<String, ParamValue> values;
    /** The values with dates and large integers told apart from strings: what edits are judged by. */
    private final YamlValues exact;

    private final Map<String, ParamValue> exactValues;

    private YamlParams(YamlSource source) {
        this.document = YamlReader.read(source);
        this.values = Collections.unmodifiableMap(
                new LinkedHashMap<>(YamlValues.shown(document).root()));
        this.exact = YamlValues.exact(document);
        this.exactValues = exact.root();
    }

    /**
     * Reads a file.
     *
     * @param fileName what messages call the file
     * @param content UTF-8, with or without a byte order mark
     * @throws ParamFileException if the file is refused
     */
    public static YamlParams parse(String fileName, byte[] content) {
        return new YamlParams(YamlSource.decode(fileName, content));
    }

    /** The parameters in the order of the file, merged keys before a map's own; not modifiable. */
    public Map<String, ParamValue> values() {
        return values;
    }

    /** The value at a path of keys; a number addresses an element of a list. */
    public Optional<ParamValue> get(List<String> path) {
        return ParamPaths.get(values, path);
    }

    /**
     * The file with one value replaced or added, in the file's own style; maps that are missing on the way are created.
     *
     * <p>A value that is equal in type and value keeps its spelling. A map or list is replaced as a whole, together with the comments inside.
     * The result is read again and compared with the old values and the new one, so that a file never changes otherwise than asked for.
     *
     * @param path keys from the root; a number addresses an element of an existing list
     * @throws ParamFileException if the edit would change another value as well (anchors), or cannot be made in place
     */
    public YamlParams with(List<String> path, ParamValue value) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("a path needs at least one key");
        }
        var source = document.source();
        YamlEdit.check(source.fileName(), path, value);
        if (ParamPaths.get(exactValues, path).equals(Optional.of(value))) {
            return this;
        }
        var edited = source.withText(YamlEdit.apply(document, exact, path, value));
        var name = new ParamKey(Optional.empty(), path).dotted();
        YamlParams result;
        try {
            result = new YamlParams(edited);
        } catch (ParamFileException e) {
            throw new ParamFileException(
                    source.fileName(),
                    name + " cannot be set in place: the file would no longer be readable; edit it by hand",
                    e);
        }
        if (!result.exactValues.equals(ParamPaths.with(exactValues, path, value))) {
            throw new ParamFileException(
                    source.fileName(),
                    name + " cannot be set in place: other values would change as well; edit the file by hand");
        }
        return result;
    }

    /** The file, byte for byte as it was read but for the edits. */
    public byte[] toBytes() {
        return document.source().toBytes();
    }

    /**
     * A new file in DVCLive's style: block YAML, lists at their key's own indent, UTF-8, {@code \n}.
     *
     * @throws ParamFileException if the values do not fit the limits of {@link #parse}
     */
    public static byte[] write(Map<String, ParamValue> values) {
        var name = "new YAML file";
        YamlEdit.check(name, List.of(), ParamValue.of(values));
        var text = values.isEmpty() ? "{}" : YamlWriter.block(ParamValue.of(values), 0, Layout.DVCLIVE);
        var bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        if (!parse(name, bytes).values().equals(values)) {
            throw new ParamFileException(name, "the values cannot be written so that they read back the same");
        }
        return bytes;
    }
}
