package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes values as TOML text on one line: what is a table in TOML as an inline table. */
final class TomlWriter implements ParamValue.Visitor<String> {

    /** How a string is quoted where both ways can hold it. */
    private final boolean literal;

    private TomlWriter(boolean literal) {
        this.literal = literal;
    }

    /**
     * A value without null in it.
     *
     * @param literal whether a string is put in single quotes if they can hold it
     */
    static String value(ParamValue value, boolean literal) {
        return value.accept(new TomlWriter(literal));
    }

    /** One name of a key, bare if it can be. */
    static String name(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> isBare((char) c)) ? name : basic(name);
    }

    static boolean isBare(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    @Override
    public String onNull() {
        throw new IllegalArgumentException("TOML has no null");
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
        boolean fits = value.indexOf('\'') < 0 && value.chars().noneMatch(TomlWriter::mustEscape);
        return literal && fits ? "'" + value + "'" : basic(value);
    }

    @Override
    public String onList(List<ParamValue> values) {
        return values.stream().map(value -> value.accept(this)).collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public String onMap(Map<String, ParamValue> entries) {
        return entries.isEmpty()
                ? "{}"
                : entries.entrySet().stream()
                        .map(entry ->
                                name(entry.getKey()) + " = " + entry.getValue().accept(this))
                        .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String basic(String value) {
        var out = new StringBuilder("\"");
        value.chars().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (mustEscape(c)) {
                        out.append(String.format("\\u%04X", c));
                    } else {
                        out.append((char) c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }

    /** What TOML forbids, and what nobody sees. */
    private static boolean mustEscape(int c) {
        return c < ' ' || (c >= 0x7F && c <= 0xA0) || c == 0xAD || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
    }
}
