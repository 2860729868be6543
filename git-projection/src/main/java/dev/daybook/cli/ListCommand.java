package dev.daybook.cli;

import dev.daybook.ExperimentSummary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.Command;

/** {@code daybook list}. */
@Command(
        name = "list",
        description = {
            "Lists all experiments: the unfinished ones, then the saved ones, those that DVC wrote too; the newest first.",
            "",
            "Shows name, status, the time of the last event, the commit it started from, the last value of each metric, and"
                    + " the parameters. On a terminal the columns that do not fit are left out (COLUMNS sets the width). Writes nothing."
        },
        footer = {"  daybook list", "  daybook list --json | jq '.[] | select(.status == \"interrupted\") | .name'"})
final class ListCommand implements Runnable {

    private static final List<String> FIXED = List.of("name", "status", "time", "baseline");
    private static final int BASELINE_DIGITS = 7;

    private final Settings settings;
    private final Terminal terminal;

    ListCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try (var daybook = settings.open()) {
            var experiments = Experiments.sorted(daybook);
            Experiments.warnOfDamage(daybook, experiments, terminal);
            if (settings.isJson()) {
                terminal.json(Json.array(experiments.stream().map(Json::of).toList()));
            } else if (experiments.isEmpty()) {
                terminal.note("there are no experiments in this repository yet; a program makes one with"
                        + " Daybook.open().run(\"name\", run -> ...)");
            } else {
                print(table(experiments));
            }
        }
    }

    private void print(Table table) {
        int fitting = table.fitting(terminal.columns());
        table.lines(fitting).forEach(terminal::line);
        var omitted = table.headerFrom(fitting);
        if (!omitted.isEmpty()) {
            terminal.note("left out for want of width: " + String.join(", ", omitted)
                    + "; set COLUMNS, or use --json for all");
        }
    }

    private Table table(List<ExperimentSummary> experiments) {
        var metrics = keys(experiments, ExperimentSummary::metrics);
        var params = keys(experiments, ExperimentSummary::params);
        var header = new ArrayList<>(FIXED);
        header.addAll(metrics);
        header.addAll(params);
        var table = new Table(header);
        for (var summary : experiments) {
            var row = new ArrayList<>(List.of(
                    Table.Cell.text(summary.name()),
                    Table.Cell.text(Status.withOutcome(summary)),
                    Table.Cell.text(terminal.minute(summary.time())),
                    Table.Cell.text(abbreviated(summary.baseline()))));
            metrics.forEach(key -> row.add(cell(summary.metrics(), key)));
            params.forEach(key -> row.add(cell(summary.params(), key)));
            table.add(row);
        }
        return table;
    }

    /** All keys, in the order in which they turn up. */
    private static Set<String> keys(
            List<ExperimentSummary> experiments, Function<ExperimentSummary, Map<String, Object>> values) {
        var keys = new LinkedHashSet<String>();
        experiments.forEach(summary -> keys.addAll(values.apply(summary).keySet()));
        return keys;
    }

    private static Table.Cell cell(Map<String, Object> values, String key) {
        if (!values.containsKey(key)) {
            return Table.Cell.ABSENT;
        }
        var value = values.get(key);
        return value instanceof Number ? Table.Cell.number(Text.brief(value)) : Table.Cell.text(Text.brief(value));
    }

    private static String abbreviated(String commit) {
        return commit.substring(0, Math.min(BASELINE_DIGITS, commit.length()));
    }
}
