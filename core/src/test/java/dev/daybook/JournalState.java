package dev.daybook;

import dev.daybook.port.Journal;
import java.util.stream.Collectors;

/** What a journal says, in a form that people can read: a line for each unfinished experiment, its problems, and all damage. */
public final class JournalState {

    private JournalState() {}

    public static String of(Journal journal) {
        var catalog = new Catalog(journal);
        catalog.catchUp();
        var text = new StringBuilder();
        for (var stream : catalog.unfinished()) {
            var summary = Summaries.of(stream);
            text.append(summary.name())
                    .append(' ')
                    .append(summary.status())
                    .append(", ")
                    .append(stream.tail().events())
                    .append(" events, ")
                    .append(stream.fold().metricRecords())
                    .append(" records");
            stream.fold()
                    .metrics()
                    .forEach(metric -> text.append(", ")
                            .append(metric.name())
                            .append(' ')
                            .append(metric.count())
                            .append(" to ")
                            .append(metric.last()));
            text.append('\n');
            text.append(summary.problems().stream()
                    .map(each -> "  problem: " + each + "\n")
                    .collect(Collectors.joining()));
        }
        text.append(
                catalog.damage().stream().map(each -> "damage: " + each + "\n").collect(Collectors.joining()));
        return text.toString();
    }
}
