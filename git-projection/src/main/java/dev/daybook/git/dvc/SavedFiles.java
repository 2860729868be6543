package dev.daybook.git.dvc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.StringValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the files of a saved experiment, whoever wrote it: trees of values from YAML, JSON and TOML, and the lists in {@code dvc.yaml}. */
public final class SavedFiles {

    private SavedFiles() {}

    /**
     * The values of a parameter or metrics file.
     *
     * @throws IOException if it is damaged or in a format that is not read
     */
    public static Map<String, ParamValue> values(String file, byte[] content) throws IOException {
        // not as strictly as what is edited: DVC writes NaN, and a reader of what is there has to take it
        if (file.endsWith(".json")) {
            var json = Json.read(content);
            if (!json.isObject()) {
                throw new IOException("it is no JSON object");
            }
            return ((MapValue) value(json)).entries();
        }
        try {
            return ParamFile.parse(file, content).values();
        } catch (ParamFileException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * The files that a {@code dvc.yaml} lists on its top level.
     *
     * @param list {@code params} or {@code metrics}
     */
    public static List<String> listed(Map<String, ParamValue> dvcYaml, String list) {
        var files = new ArrayList<String>();
        if (dvcYaml.get(list) instanceof ListValue entries) {
            for (var entry : entries.values()) {
                if (entry instanceof StringValue file) {
                    files.add(file.value());
                } else if (entry instanceof MapValue options) {
                    files.addAll(options.entries().keySet());
                }
            }
        }
        return files;
    }

    private static ParamValue value(JsonNode json) {
        if (json.isObject()) {
            var entries = new LinkedHashMap<String, ParamValue>();
            json.fields().forEachRemaining(entry -> entries.put(entry.getKey(), value(entry.getValue())));
            return ParamValue.of(entries);
        }
        if (json.isArray()) {
            var values = new ArrayList<ParamValue>();
            json.forEach(child -> values.add(value(child)));
            return ParamValue.of(values);
        }
        if (json.isBoolean()) {
            return ParamValue.of(json.asBoolean());
        }
        if (json.isIntegralNumber()) {
            return json.canConvertToLong() ? ParamValue.of(json.asLong()) : ParamValue.of(json.asText());
        }
        if (json.isNumber()) {
            return ParamValue.of(json.asDouble());
        }
        return json.isNull() ? ParamValue.ofNull() : ParamValue.of(json.asText());
    }
}
