package dev.daybook.git.dvc;

import dev.daybook.git.dvc.JsonSpan.Members;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.DoubleValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import java.util.List;
import java.util.Map;

/**
 * A JSON parameter file.
 *
 * <p>Values follow DVC's reader, Python's {@code json}: a number with a point or an exponent is a float, any other an integer of any size.
 * Refused beside what {@link ParamFile} says: a byte order mark, NaN and the infinities, half surrogate pairs, an empty file.
 */
final class JsonParams implements ParamFile {

    private final TextSource source;
    private final Members root;
    private final Map<String, ParamValue> values;
    private final Map<String, ParamValue> exactValues;

    private JsonParams(TextSource source) {
        this.source = source;
        this.root = JsonReader.read(source);
        this.values = ((MapValue) root.value(false)).entries();
        this.exactValues = ((MapValue) root.value(true)).entries();
    }

    static JsonParams parse(String fileName, byte[] content) {
        return new JsonParams(TextSource.decode(fileName, content, "JSON"));
    }

    @Override
    public Map<String, ParamValue> values() {
        return values;
    }

    @Override
    public JsonParams with(List<String> path, ParamValue value) {
        var edit = new ParamEdit(source.fileName(), path, value);
        refuseNotFinite(value);
        return edit.apply(
                this,
                exactValues,
                () -> source.withText(JsonEdit.apply(source, root, path, value)),
                JsonParams::new,
                edited -> edited.exactValues);
    }

    private void refuseNotFinite(ParamValue value) {
        if (value instanceof DoubleValue number && !Double.isFinite(number.value())) {
            throw new ParamFileException(
                    source.fileName(),
                    "JSON has no " + PythonFloat.of(number.value())
                            + "; keep the parameter in a YAML or TOML file, or set it as text");
        }
        if (value instanceof ListValue list) {
            list.values().forEach(this::refuseNotFinite);
        } else if (value instanceof MapValue map) {
            map.entries().values().forEach(this::refuseNotFinite);
        }
    }

    @Override
    public byte[] toBytes() {
        return source.toBytes();
    }
}
