package dev.daybook.lifecycle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The value of a parameter, typed: what a user sets, what a parameter file holds and what the journal keeps are the same seven cases.
 *
 * <p>Equality is strict: {@code 1} is not {@code 1.0}, {@code 0.0} is not {@code -0.0}, and NaN equals itself.
 */
public sealed interface ParamValue {

    /** No value: {@code null} in YAML and JSON. */
    record NullValue() implements ParamValue {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onNull();
        }
    }

    record BooleanValue(boolean value) implements ParamValue {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onBoolean(value);
        }
    }

    record LongValue(long value) implements ParamValue {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onLong(value);
        }
    }

    /** Any double, also NaN, the infinities and {@code -0.0}. */
    record DoubleValue(double value) implements ParamValue {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onDouble(value);
        }
    }

    record StringValue(String value) implements ParamValue {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onString(value);
        }
    }

    record ListValue(List<ParamValue> values) implements ParamValue {
        public ListValue {
            values = List.copyOf(values);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onList(values);
        }
    }

    /** Keys keep the order in which they were given; the order is not part of equality. */
    record MapValue(Map<String, ParamValue> entries) implements ParamValue {
        public MapValue {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onMap(entries);
        }
    }

    <R> R accept(Visitor<R> visitor);

    /** One method for each case, so that a new case does not compile until everybody handles it. */
    interface Visitor<R> {
        R onNull();

        R onBoolean(boolean value);

        R onLong(long value);

        R onDouble(double value);

        R onString(String value);

        R onList(List<ParamValue> values);

        R onMap(Map<String, ParamValue> entries);
    }

    static ParamValue ofNull() {
        return new NullValue();
    }

    static ParamValue of(boolean value) {
        return new BooleanValue(value);
    }

    static ParamValue of(long value) {
        return new LongValue(value);
    }

    static ParamValue of(double value) {
        return new DoubleValue(value);
    }

    static ParamValue of(String value) {
        return new StringValue(value);
    }

    static ParamValue of(List<ParamValue> values) {
        return new ListValue(new ArrayList<>(values));
    }

    static ParamValue of(Map<String, ParamValue> entries) {
        return new MapValue(entries);
    }
}
