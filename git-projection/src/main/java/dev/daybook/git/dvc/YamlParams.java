package dev.daybook.git.dvc;

import dev.daybook.git.dvc.YamlNode.Document;
import dev.daybook.git.dvc.YamlWriter.Layout;
import dev.daybook.lifecycle.ParamValue;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A YAML parameter file.
 *
 * <p>Values follow DVC's reader (ruamel.yaml's safe loader, YAML 1.2): {@code no} is a string, {@code 010} is ten, {@code 1_000} a thousand.
 * Anchors, aliases and merge keys are resolved. Two kinds have no case in {@link ParamValue} and are read as strings: dates, and integers of
 * more than 64 bits. A key is named by its text, whatever its type.
 *
 * <p>Refused with a {@link ParamFileException}: what DVC cannot read, several documents, duplicate keys, directives, {@code ? key}, unknown
 * tags, a root that is no map, more than 1 MiB, and nesting deeper than 100. An empty file, or one of comments only, holds no parameters.
 */
final class YamlParams implements ParamFile {

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
    static YamlParams parse(String fileName, byte[] content) {
        return new YamlParams(YamlSource.decode(fileName, content));
    }

    /** As for any file; merged keys stand before a map's own. */
    @Override
    public Map<String, ParamValue> values() {
        return values;
    }

    @Override
    public YamlParams with(List<String> path, ParamValue value) {
        return new ParamEdit(document.source().fileName(), path, value)
                .apply(
                        this,
                        exactValues,
                        () -> document.source().withText(YamlEdit.apply(document, exact, path, value)),
                        YamlParams::new,
                        edited -> edited.exactValues);
    }

    @Override
    public byte[] toBytes() {
        return document.source().toBytes();
    }

    /**
     * A new file in DVCLive's style: block YAML, lists at their key's own indent, UTF-8, {@code \n}.
     *
     * @throws ParamFileException if the values do not fit the limits of {@link #parse}
     */
    static byte[] write(Map<String, ParamValue> values) {
        var name = "new YAML file";
        ParamLimits.check(name, List.of(), ParamValue.of(values));
        var text = values.isEmpty() ? "{}" : YamlWriter.block(ParamValue.of(values), 0, Layout.DVCLIVE);
        var bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        if (!parse(name, bytes).values().equals(values)) {
            throw new ParamFileException(name, "the values cannot be written so that they read back the same");
        }
        return bytes;
    }
}
