package dev.daybook.cli;

import dev.daybook.git.Difference;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code daybook diff}. */
final class DiffCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private String from = "";
    private Optional<String> to = Optional.empty();

    DiffCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "diff",
                        "Shows how two experiments differ, or an experiment and the work tree: parameters, metrics and files.",
                        "",
                        "NAME@3 is the third checkpoint of NAME; any commit will do too. Writes nothing.")
                .argument("FROM", "An experiment, a checkpoint or a commit.", given -> from = given)
                .optionalArgument("TO", "Another one; without it, the work tree.", given -> to = given)
                .examples(
                        "  daybook diff lr-1 lr-2",
                        "  daybook diff lr-1@3 lr-1",
                        "  daybook diff lr-1        against the work tree");
    }

    @Override
    public void run() {
        try (var saved = settings.openSaved()) {
            var difference = to.map(other -> saved.diff(from, other)).orElseGet(() -> saved.diffWorkTree(from));
            warn("'" + from + "'", difference.from());
            warn(to.map(other -> "'" + other + "'").orElse("the work tree"), difference.to());
            if (settings.isJson()) {
                terminal.json(Json.of(difference));
            } else if (difference.isEmpty()) {
                boolean isWhole = difference.from().problems().isEmpty()
                        && difference.to().problems().isEmpty();
                terminal.note(from + " and " + to.orElse("the work tree") + " do not differ"
                        + (isWhole ? "" : " in what could be read"));
            } else {
                print(difference);
            }
        }
    }

    private void warn(String name, Difference.Side side) {
        side.problems().forEach(problem -> terminal.warning(name + ": " + problem));
    }

    private void print(Difference difference) {
        values("metric", difference, Difference.Side::metrics);
        values("parameter", difference, Difference.Side::params);
        difference.files().forEach(change -> terminal.line(change.toString()));
    }

    private void values(String kind, Difference difference, Function<Difference.Side, Map<String, Object>> part) {
        var before = part.apply(difference.from());
        var after = part.apply(difference.to());
        var keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        if (keys.isEmpty()) {
            return;
        }
        var sides = apart(Table.Cell.text(from), Table.Cell.text(to.orElse("work tree")));
        var table = Table.under(Table.Cell.text(kind), sides.get(0), sides.get(1), Table.Cell.text("change"));
        for (var key : keys) {
            var one = cell(difference.from(), before, key, false);
            var other = cell(difference.to(), after, key, false);
            // they differ, and do not look it
            boolean isExact = one.text().equals(other.text());
            var values = apart(
                    isExact ? cell(difference.from(), before, key, true) : one,
                    isExact ? cell(difference.to(), after, key, true) : other);
            table.add(List.of(
                    Table.Cell.text(key), values.get(0), values.get(1), change(before.get(key), after.get(key))));
        }
        terminal.table(table);
        terminal.line("");
    }

    /** Texts that differ still do when they are cut. */
    private static List<Table.Cell> apart(Table.Cell one, Table.Cell other) {
        int index = Math.max(
                0, Arrays.mismatch(one.text().toCharArray(), other.text().toCharArray()));
        return Stream.of(one, other)
                .map(cell -> cell.isNumber() ? cell : cell.cutAround(index))
                .toList();
    }

    private static Table.Cell cell(Difference.Side side, Map<String, Object> values, String key, boolean isExact) {
        if (!values.containsKey(key)) {
            return side.problems().isEmpty() ? Table.Cell.ABSENT : Table.Cell.UNREADABLE;
        }
        var value = values.get(key);
        var text = isExact ? Json.exact(value) : Text.brief(value instanceof Double ? value : Json.plain(value));
        return value instanceof Number ? Table.Cell.number(text) : Table.Cell.text(text);
    }

    private static Table.Cell change(@Nullable Object before, @Nullable Object after) {
        if (!(before instanceof Number a && after instanceof Number b)) {
            return Table.Cell.ABSENT;
        }
        if (before instanceof Double || after instanceof Double) {
            double change = b.doubleValue() - a.doubleValue();
            return Table.Cell.number((change > 0 ? "+" : "") + Text.brief(change));
        }
        var change = BigInteger.valueOf(b.longValue()).subtract(BigInteger.valueOf(a.longValue()));
        return Table.Cell.number((change.signum() > 0 ? "+" : "") + change);
    }
}
