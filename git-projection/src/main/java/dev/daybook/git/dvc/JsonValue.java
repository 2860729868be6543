package dev.daybook.git.dvc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.lifecycle.ParamValue;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;

/**
 * Puts a value under a name.
 *
 * @param doubles how a double is written
 */
record JsonValue(ObjectNode json, String name, DoubleFunction<JsonNode> doubles)
        implements ParamValue.Visitor<ObjectNode> {

    static void put(ObjectNode json, Map<String, ParamValue> values, DoubleFunction<JsonNode> doubles) {
        values.forEach((name, value) -> value.accept(new JsonValue(json, name, doubles)));
    }

    @Override
    public ObjectNode onNull() {
        return json.putNull(name);
    }

    @Override
    public ObjectNode onBoolean(boolean value) {
        return json.put(name, value);
    }

    @Override
    public ObjectNode onLong(long value) {
        return json.put(name, value);
    }

    @Override
    public ObjectNode onDouble(double value) {
        json.set(name, doubles.apply(value));
        return json;
    }

    @Override
    public ObjectNode onString(String value) {
        return json.put(name, value);
    }

    @Override
    public ObjectNode onList(List<ParamValue> values) {
        var array = json.putArray(name);
        for (var value : values) {
            var holder = Json.object();
            value.accept(new JsonValue(holder, name, doubles));
            array.add(holder.get(name));
        }
        return json;
    }

    @Override
    public ObjectNode onMap(Map<String, ParamValue> entries) {
        put(json.putObject(name), entries, doubles);
        return json;
    }
}
