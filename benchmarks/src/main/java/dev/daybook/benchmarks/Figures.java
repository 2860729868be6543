package dev.daybook.benchmarks;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What one fork has measured, by name, and how it tells its parent: a line {@code figure NAME VALUE} each. Not thread-safe. */
final class Figures {

    private static final String MARK = "figure ";

    private final Map<String, Double> byName = new LinkedHashMap<>();

    static Figures parse(Stream<String> lines) {
        var figures = new Figures();
        lines.filter(line -> line.startsWith(MARK)).forEach(line -> {
            var parts = line.substring(MARK.length()).split(" ", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("not a name and a number: " + line);
            }
            figures.put(parts[0], Double.parseDouble(parts[1]));
        });
        return figures;
    }

    void put(String name, double value) {
        if (byName.put(name, value) != null) {
            throw new IllegalArgumentException(name + " was measured twice");
        }
    }

    void put(String name, long value) {
        put(name, (double) value);
    }

    double get(String name) {
        var value = byName.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the fork has not measured " + name + ", only " + byName.keySet());
        }
        return value;
    }

    Map<String, Double> byName() {
        return byName;
    }

    void print(PrintStream out) {
        byName.forEach((name, value) -> out.println(MARK + name + " " + value));
    }
}
