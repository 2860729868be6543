package dev.daybook.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The columns that a list can have, and those that somebody asks for. */
final class Columns {

    private static final int MOST_NEAR_ONES = 3;

    private final List<Column> all;
    private final boolean isEmpty;
    private final Map<String, Integer> uses = new HashMap<>();

    private Columns(List<Column> all, boolean isEmpty) {
        this.all = all;
        this.isEmpty = isEmpty;
        all.forEach(column -> uses.merge(column.name(), 1, Integer::sum));
    }

    /** Those of these experiments: metrics and parameters in the order in which they turn up. */
    static Columns of(List<Row> rows) {
        var metrics = new LinkedHashSet<String>();
        var params = new LinkedHashSet<String>();
        Set<String> lastMetrics = Set.of();
        Set<String> lastParams = Set.of();
        for (var row : rows) {
            // what comes out of the cache shares its keys, and need not be looked at again
            if (row.metrics().keySet() != lastMetrics) {
                lastMetrics = row.metrics().keySet();
                metrics.addAll(lastMetrics);
            }
            if (row.params().keySet() != lastParams) {
                lastParams = row.params().keySet();
                params.addAll(lastParams);
            }
        }
        var all = new ArrayList<Column>();
        for (var kind : Column.Kind.values()) {
            switch (kind) {
                case METRIC -> metrics.forEach(name -> all.add(new Column(kind, name)));
                case PARAM -> params.forEach(name -> all.add(new Column(kind, name)));
                default -> all.add(new Column(kind, kind.name().toLowerCase(Locale.ROOT)));
            }
        }
        return new Columns(List.copyOf(all), rows.isEmpty());
    }

    /** Somebody has asked for what there is not; the message is the end of a sentence that begins with what was asked for. */
    static final class UnknownException extends Exception {

        private static final long serialVersionUID = 1L;

        UnknownException(String message) {
            super(message);
        }
    }

    /** Those that are there without being asked for. */
    List<Column> usual() {
        return all.stream().filter(Column::isUsual).toList();
    }

    /** How people read a column's name: without its kind, as long as no other one has the same. */
    String header(Column column) {
        return uses.getOrDefault(column.name(), 0) > 1 ? column.key() : column.name();
    }

    /**
     * The columns of these names, which may have a {@code *} for any text, each once.
     *
     * @throws UnknownException if a name means none
     */
    List<Column> named(Collection<String> names) throws UnknownException {
        var found = new LinkedHashSet<Column>();
        for (var name : names) {
            var meant = matching(name);
            if (meant.isEmpty() && !isEmpty) {
                throw unknown(name);
            }
            found.addAll(meant);
        }
        return List.copyOf(found);
    }

    private List<Column> matching(String name) {
        if (name.indexOf('*') < 0) {
            return exactly(name);
        }
        var pattern = Pattern.compile(
                Stream.of(name.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")), Pattern.DOTALL);
        return usual().stream()
                .filter(column -> pattern.matcher(column.name()).matches()
                        || pattern.matcher(column.key()).matches())
                .toList();
    }

    /** Its whole name goes before that of which it is the end. */
    private List<Column> exactly(String name) {
        var byKey = all.stream().filter(column -> column.key().equals(name)).toList();
        return byKey.isEmpty()
                ? all.stream().filter(column -> column.name().equals(name)).toList()
                : byKey;
    }

    /**
     * The one column of this name.
     *
     * @throws UnknownException if there is none, or more than one
     */
    Column only(String name) throws UnknownException {
        var found = exactly(name);
        if (found.size() > 1) {
            throw new UnknownException("'" + name + "' means several columns; write "
                    + found.stream().map(Column::key).collect(Collectors.joining(" or ")));
        }
        if (found.isEmpty()) {
            throw unknown(name);
        }
        return found.get(0);
    }

    boolean has(String name) {
        return !exactly(name).isEmpty();
    }

    /** Whether there is no experiment, so that nobody can say which columns there would be. */
    boolean isEmpty() {
        return isEmpty;
    }

    private UnknownException unknown(String name) {
        var near = nearTo(name);
        return new UnknownException("there is no column '" + name + "'; "
                + (near.isEmpty()
                        ? "there are " + quoted(all.stream().map(this::header).toList())
                        : "did you mean "
                                + near.stream().map(each -> "'" + each + "'").collect(Collectors.joining(" or "))
                                + "?"));
    }

    private static String quoted(List<String> names) {
        int shown = Math.min(names.size(), 4 * MOST_NEAR_ONES);
        return names.subList(0, shown).stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "))
                + (shown < names.size() ? " and " + (names.size() - shown) + " more" : "");
    }

    private record Near(String name, int distance) {}

    private List<String> nearTo(String name) {
        var wanted = name.substring(name.lastIndexOf('*') + 1);
        return all.stream()
                .map(column -> new Near(
                        header(column), Math.min(distance(wanted, column.name()), distance(wanted, column.key()))))
                .filter(near -> near.distance() <= Math.max(1, wanted.length() / 3))
                .sorted(Comparator.comparingInt(Near::distance))
                .limit(MOST_NEAR_ONES)
                .map(Near::name)
                .toList();
    }

    /** How many letters have to be put in, taken away or changed; none if one is a part of the other, behind a {@code /} or {@code .}. */
    private static int distance(String wanted, String name) {
        if (wanted.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        if (name.endsWith("/" + wanted) || name.endsWith("." + wanted)) {
            return 0;
        }
        int[] above = new int[name.length() + 1];
        for (int j = 0; j <= name.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= wanted.length(); i++) {
            int[] row = new int[name.length() + 1];
            row[0] = i;
            for (int j = 1; j <= name.length(); j++) {
                int changed = wanted.charAt(i - 1) == name.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], above[j]) + 1, above[j - 1] + changed);
            }
            above = row;
        }
        return above[name.length()];
    }

    /** Those in which not all experiments have the same; the name stays. Where there is but one experiment, nothing has changed or not. */
    static List<Column> changed(List<Column> columns, List<Row> rows) {
        if (rows.size() < 2) {
            return columns;
        }
        return columns.stream()
                .filter(column -> column.kind() == Column.Kind.NAME || !isSame(column, rows))
                .toList();
    }

    private static boolean isSame(Column column, List<Row> rows) {
        var first = column.value(rows.get(0));
        return rows.stream().allMatch(row -> Objects.equals(first, column.value(row)));
    }
}
