package dev.daybook;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Java objects to typed parameter values and back. */
final class ParamValues {

    private static final int MAX_DEPTH = 100;

    private ParamValues() {}

    /** The parameters of a record or map, by full key. The keys of the map itself are written keys; below it each key is one segment. */
    static Map<ParamKey, ParamValue> ofParams(Object params) {
        var value = of(params, "params", 0);
        if (!(value instanceof ParamValue.MapValue map)) {
            throw new InvalidInputException("setParams takes a record or a map of parameters, not "
                    + params.getClass().getName() + "; use setParam(key, value) for a single value");
        }
        var result = new LinkedHashMap<ParamKey, ParamValue>();
        map.entries()
                .forEach((key, child) ->
                        result.put(params instanceof Record ? ParamKey.of(key) : ParamKey.parse(key), child));
        return result;
    }

    /** The points of a plot, each a record or map. */
    static List<ParamValue.MapValue> ofPoints(String plot, Iterable<?> points) {
        if (plot.isEmpty()) {
            throw new InvalidInputException("a plot needs a name");
        }
        var values = new ArrayList<ParamValue.MapValue>();
        for (var point : points) {
            if (!(of(point, "points of plot " + plot, 0) instanceof ParamValue.MapValue value)) {
                throw new InvalidInputException(
                        "plot '" + plot + "' takes records or maps as its points, not " + point);
            }
            values.add(value);
        }
        if (values.isEmpty()) {
            throw new InvalidInputException("plot '" + plot + "' has no points; log some, or leave the plot out");
        }
        return values;
    }

    static ParamValue of(@Nullable Object value, String where) {
        return of(value, where, 0);
    }

    private static ParamValue of(@Nullable Object value, String where, int depth) {
        if (depth > MAX_DEPTH) {
            throw new InvalidInputException("parameter '" + where + "' is nested deeper than " + MAX_DEPTH
                    + ", or holds itself; give it a plain value");
        }
        if (value == null) {
            return ParamValue.ofNull();
        } else if (value instanceof ParamValue typed) {
            return typed;
        } else if (value instanceof Boolean flag) {
            return ParamValue.of(flag.booleanValue());
        } else if (value instanceof Number number) {
            return ofNumber(number, where);
        } else if (value instanceof Enum<?> constant) {
            return ParamValue.of(constant.name());
        } else if (isText(value)) {
            return ParamValue.of(value.toString());
        } else if (value instanceof Optional<?> optional) {
            return optional.map(inner -> of(inner, where, depth + 1)).orElseGet(ParamValue::ofNull);
        } else if (value instanceof Record record) {
            return ofRecord(record, where, depth);
        } else if (value instanceof Map<?, ?> map) {
            return ofMap(map, where, depth);
        }
        return ofList(value, where, depth);
    }

    private static boolean isText(Object value) {
        return value instanceof CharSequence
                || value instanceof Character
                || value instanceof Path && !(value instanceof Record)
                || value instanceof URI
                || value instanceof UUID
                || value instanceof TemporalAccessor
                || value instanceof TemporalAmount;
    }

    private static ParamValue ofNumber(Number number, String where) {
        if (number instanceof Double) {
            return ParamValue.of(number.doubleValue());
        } else if (number instanceof Float single) {
            // 0.1f means 0.1, not the double nearest to the float
            return ParamValue.of(Double.parseDouble(Float.toString(single)));
        } else if (number instanceof BigInteger big && big.bitLength() > 63) {
            throw new InvalidInputException(
                    "parameter '" + where + "' is " + big + ", which is beyond 64-bit integers; give it as text");
        }
        return isIntegral(number) ? ParamValue.of(number.longValue()) : ofReal(number, where);
    }

    private static boolean isIntegral(Number number) {
        return number instanceof Long
                || number instanceof Integer
                || number instanceof Short
                || number instanceof Byte
                || number instanceof BigInteger
                || number instanceof AtomicInteger
                || number instanceof AtomicLong
                || number instanceof LongAdder
                || number instanceof LongAccumulator;
    }

    private static ParamValue ofReal(Number number, String where) {
        double value = number.doubleValue();
        if (number instanceof BigDecimal exact) {
            if (exact.scale() <= 0
                    && exact.precision() - exact.scale() <= 19
                    && exact.toBigInteger().bitLength() <= 63) {
                return ParamValue.of(exact.longValue());
            } else if (Double.isInfinite(value) || value == 0 && exact.signum() != 0) {
                throw new InvalidInputException(
                        "parameter '" + where + "' is " + number + ", which is beyond a double; give it as text");
            }
        }
        return ParamValue.of(value);
    }

    private static ParamValue ofRecord(Record record, String where, int depth) {
        var entries = new LinkedHashMap<String, ParamValue>();
        for (var component : record.getClass().getRecordComponents()) {
            var name = component.getName();
            try {
                var accessor = component.getAccessor();
                accessor.setAccessible(true);
                entries.put(name, of(accessor.invoke(record), where + "." + name, depth + 1));
            } catch (IllegalAccessException | InvocationTargetException | RuntimeException e) {
                if (e instanceof InvalidInputException already) {
                    throw already;
                }
                throw new InvalidInputException("parameter '" + where + "." + name + "' cannot be read from the record "
                        + record.getClass().getName() + " (" + e + "); make it accessible or pass a map");
            }
        }
        return ParamValue.of(entries);
    }

    private static ParamValue ofMap(Map<?, ?> map, String where, int depth) {
        var entries = new LinkedHashMap<String, ParamValue>();
        for (var entry : map.entrySet()) {
            var key = entry.getKey();
            if (!(key instanceof CharSequence || key instanceof Enum<?> || key instanceof Number)) {
                throw new InvalidInputException("parameter '" + where + "' has a map key of "
                        + (key == null ? "null" : key.getClass().getName()) + "; use text");
            }
            var name = key instanceof Enum<?> constant ? constant.name() : key.toString();
            if (entries.put(name, of(entry.getValue(), where + "." + name, depth + 1)) != null) {
                throw new InvalidInputException("parameter '" + where + "' has the key '" + name + "' twice");
            }
        }
        return ParamValue.of(entries);
    }

    private static ParamValue ofList(Object value, String where, int depth) {
        var values = new ArrayList<ParamValue>();
        if (value instanceof Iterable<?> iterable) {
            iterable.forEach(item -> values.add(of(item, where, depth + 1)));
        } else if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                values.add(of(Array.get(value, i), where, depth + 1));
            }
        } else {
            throw new InvalidInputException("parameter '" + where + "' is a "
                    + value.getClass().getName()
                    + "; give it as null, a boolean, number, text, enum, record, map, list or array");
        }
        return ParamValue.of(values);
    }

    /** The plain Java value. */
    static @Nullable Object toNullable(ParamValue value) {
        return value instanceof ParamValue.NullValue ? null : value.accept(TO_OBJECT);
    }

    /** As {@link #toNullable}, where null must not be: nulls inside lists and maps stay. */
    @SuppressWarnings("NullAway") // a map of parameters holds nulls; the API says so
    static Object toObject(ParamValue value) {
        return toNullable(value);
    }

    /** Each one as by {@link #toObject}. */
    static Object[] toObjects(Collection<ParamValue> values) {
        var objects = new Object[values.size()];
        int i = 0;
        for (var value : values) {
            objects[i++] = toObject(value);
        }
        return objects;
    }

    private static final ParamValue.Visitor<Object> TO_OBJECT = new ParamValue.Visitor<>() {
        @Override
        public Object onNull() {
            throw new IllegalStateException("null is handled before");
        }

        @Override
        public Object onBoolean(boolean value) {
            return value;
        }

        @Override
        public Object onLong(long value) {
            return value;
        }

        @Override
        public Object onDouble(double value) {
            return value;
        }

        @Override
        public Object onString(String value) {
            return value;
        }

        @Override
        public Object onList(List<ParamValue> values) {
            var list = new ArrayList<@Nullable Object>();
            values.forEach(item -> list.add(toNullable(item)));
            return Collections.unmodifiableList(list);
        }

        @Override
        public Object onMap(Map<String, ParamValue> entries) {
            var map = new LinkedHashMap<String, @Nullable Object>();
            entries.forEach((key, item) -> map.put(key, toNullable(item)));
            return Collections.unmodifiableMap(map);
        }
    };
}
