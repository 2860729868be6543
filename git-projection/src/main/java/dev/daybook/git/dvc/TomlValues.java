package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseOptions;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/** The values of a TOML file as a parser of TOML 1.0 reads them, or its first complaint. */
final class TomlValues {

    private static final TomlParseOptions OPTIONS =
            TomlParseOptions.sourceless().withVersion(TomlVersion.V1_0_0).withMaxNestingDepth(ParamLimits.MAX_DEPTH);

    private final TextSource source;
    private final TomlTable root;
    private int values;

    private TomlValues(TextSource source, TomlTable root) {
        this.source = source;
        this.root = root;
    }

    /** Reads the file. */
    static TomlValues read(TextSource source) {
        var result = parse(source);
        if (result.hasErrors()) {
            var error = result.errors().get(0);
            throw new ParamFileException(
                    source.fileName(),
                    error.position().line(),
                    "this is not valid TOML (" + error.getMessage() + "); correct it");
        }
        return new TomlValues(source, result);
    }

    private static TomlParseResult parse(TextSource source) {
        try {
            // DVC opens files as Python does, so that a line break in a string is \n whatever the file has
            return Toml.parse(source.text().replace("\r\n", "\n"), OPTIONS);
        } catch (RuntimeException e) {
            // tomlj goes on behind an error, and can run into what is not there
            throw new ParamFileException(
                    source.fileName(), "this is not valid TOML, and nobody can say where; correct it", e);
        }
    }

    /** The values as Daybook shows them: dates and times are strings. */
    Map<String, ParamValue> shown() {
        return ((MapValue) value(root, false, 1)).entries();
    }

    /** The values to compare: dates and times equal nothing else. */
    Map<String, ParamValue> exact() {
        return ((MapValue) value(root, true, 1)).entries();
    }

    private ParamValue value(Object value, boolean exact, int depth) {
        if (depth > ParamLimits.MAX_DEPTH) {
            throw new ParamFileException(source.fileName(), ParamLimits.tooDeep());
        }
        if (++values > 2 * ParamLimits.MAX_VALUES) { // all are read twice
            throw new ParamFileException(source.fileName(), ParamLimits.tooMany());
        }
        if (value instanceof TomlTable table) {
            var entries = new LinkedHashMap<String, ParamValue>();
            table.entrySet().forEach(entry -> entries.put(entry.getKey(), value(entry.getValue(), exact, depth + 1)));
            return ParamValue.of(entries);
        } else if (value instanceof TomlArray array) {
            var items = new ArrayList<ParamValue>();
            array.toList().forEach(item -> items.add(value(item, exact, depth + 1)));
            return ParamValue.of(items);
        } else if (value instanceof String text) {
            return ParamValue.of(text);
        } else if (value instanceof Long number) {
            return ParamValue.of(number.longValue());
        } else if (value instanceof Double number) {
            return ParamValue.of(number.doubleValue());
        } else if (value instanceof Boolean flag) {
            return ParamValue.of(flag.booleanValue());
        }
        var text = ParamValue.of(value.toString());
        return exact ? ParamEdit.foreign(value.getClass().getSimpleName(), text) : text;
    }
}
