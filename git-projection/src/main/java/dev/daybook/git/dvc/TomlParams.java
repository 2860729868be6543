package dev.daybook.git.dvc;

import dev.daybook.git.dvc.TomlNode.Table;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.NullValue;
import java.util.List;
import java.util.Map;

/**
 * A TOML 1.0 parameter file.
 *
 * <p>A parser of TOML says what is valid and what the values are, before an edit and after it; {@link TomlScanner} says where they stand. A
 * table that is written with a header or with dotted keys can be changed key by key, not as a whole. Refused beside what {@link ParamFile}
 * says: a byte order mark; a carriage return without a line feed; null, which TOML does not have.
 */
final class TomlParams implements ParamFile {

    private final TextSource source;
    private final Table root;
    private final Map<String, ParamValue> values;
    private final Map<String, ParamValue> exactValues;

    private TomlParams(TextSource source) {
        this.source = source;
        source.refuseLoneReturns();
        var parsed = TomlValues.read(source);
        this.values = parsed.shown();
        this.exactValues = parsed.exact();
        this.root = TomlScanner.scan(source);
    }

    static TomlParams parse(String fileName, byte[] content) {
        return new TomlParams(TextSource.decode(fileName, content, "TOML"));
    }

    @Override
    public Map<String, ParamValue> values() {
        return values;
    }

    @Override
    public TomlParams with(List<String> path, ParamValue value) {
        var edit = new ParamEdit(source.fileName(), path, value);
        refuseNull(value);
        return edit.apply(
                this,
                exactValues,
                () -> source.withText(TomlEdit.apply(source, root, path, value)),
                TomlParams::new,
                edited -> edited.exactValues);
    }

    private void refuseNull(ParamValue value) {
        if (value instanceof NullValue) {
            throw new ParamFileException(
                    source.fileName(), "TOML has no null; leave the key out, or keep the parameter in a YAML file");
        }
        if (value instanceof ListValue list) {
            list.values().forEach(this::refuseNull);
        } else if (value instanceof MapValue map) {
            map.entries().values().forEach(this::refuseNull);
        }
    }

    @Override
    public byte[] toBytes() {
        return source.toBytes();
    }
}
