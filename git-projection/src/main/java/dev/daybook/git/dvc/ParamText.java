package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.DoubleValue;
import dev.daybook.lifecycle.ParamValue.LongValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Shows parameter values in sentences, and tells whether two of them are the same to a reader. */
public final class ParamText {

    private static final int MAX_CHARS = 100;

    private ParamText() {}

    /** Strings in quotes, lists in brackets, and at most a hundred characters. */
    public static String of(ParamValue value) {
        var text = value.accept(new Shown());
        return text.length() <= MAX_CHARS ? text : text.substring(0, text.offsetByCodePoints(0, MAX_CHARS / 2)) + "...";
    }

    /** At most sixty characters of a text that stands in a sentence. */
    static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, text.offsetByCodePoints(0, 40)) + "...";
    }

    /** Equal, or one number written as an integer here and as a float there. */
    public static boolean isSame(ParamValue one, ParamValue other) {
        if (one instanceof LongValue integer && other instanceof DoubleValue real) {
            return integer.value() == real.value();
        }
        if (one instanceof DoubleValue real && other instanceof LongValue integer) {
            return integer.value() == real.value();
        }
        return one.equals(other);
    }

    private static final class Shown implements ParamValue.Visitor<String> {

        @Override
        public String onNull() {
            return "null";
        }

        @Override
        public String onBoolean(boolean value) {
            return String.valueOf(value);
        }

        @Override
        public String onLong(long value) {
            return String.valueOf(value);
        }

        @Override
        public String onDouble(double value) {
            return PythonFloat.of(value);
        }

        @Override
        public String onString(String value) {
            return "'" + value + "'";
        }

        @Override
        public String onList(List<ParamValue> values) {
            return values.stream().map(value -> value.accept(this)).collect(Collectors.joining(", ", "[", "]"));
        }

        @Override
        public String onMap(Map<String, ParamValue> entries) {
            var shown = new LinkedHashMap<String, String>();
            entries.forEach((name, value) -> shown.put(name, value.accept(this)));
            return shown.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + entry.getValue())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }
}
