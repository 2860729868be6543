package dev.daybook.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.git.SavedExperiments;
import dev.daybook.git.TransferOptions;
import dev.daybook.git.TransferReport;
import dev.daybook.git.TransferReport.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ExitCode;

/** What {@code push} and {@code pull} have in common: their options, and how they say what has come of it. */
final class Transfers {

    private Optional<String> remote = Optional.empty();

    private boolean isForced;

    private boolean isWithoutData;

    Syntax addTo(Syntax syntax) {
        return syntax.option(
                        "-r, --remote",
                        "REMOTE",
                        "The other repository, by name or address. Without it the one that git uses for the branch that is"
                                + " checked out, else origin, else the only one.",
                        given -> remote = given)
                .flag(
                        "--force",
                        "Replace experiments that are others on the other side, if they are still what was seen.",
                        () -> isForced = true)
                .flag("--no-data", "Leave the data in DVC's cache out.", () -> isWithoutData = true);
    }

    interface Verb {
        TransferReport run(SavedExperiments saved, Optional<String> remote, TransferOptions options);
    }

    int run(Settings settings, Terminal terminal, Verb verb) {
        TransferReport report;
        try (var saved = settings.openSaved()) {
            var options = TransferOptions.defaults()
                    .withForce(isForced)
                    .withData(!isWithoutData)
                    .withAsking(terminal.isWatched())
                    .withProgress(settings.progress());
            report = verb.run(saved, remote, options);
        }
        report.warnings().forEach(terminal::warning);
        report.problems().forEach(terminal::error);
        if (settings.isJson()) {
            terminal.json(json(report));
        } else {
            print(report, terminal);
        }
        return report.isComplete() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static void print(TransferReport report, Terminal terminal) {
        var table = new Table(List.of("experiment", "commit", "what", "before"));
        for (var each : report.refs()) {
            if (each.outcome() != Outcome.UP_TO_DATE) {
                table.add(List.of(
                        Table.Cell.text(each.name()),
                        Table.Cell.commit(each.commit()),
                        Table.Cell.text(word(each.outcome())),
                        each.before().map(Table.Cell::commit).orElse(Table.Cell.ABSENT)));
            }
        }
        long same = report.refs().stream()
                .filter(each -> each.outcome() == Outcome.UP_TO_DATE)
                .count();
        if (same < report.refs().size()) {
            terminal.table(table);
        }
        if (same > 0) {
            terminal.note(same + (same == 1 ? " experiment is" : " experiments are") + " the same here and at "
                    + report.remote());
        }
        if (report.refs().isEmpty()) {
            terminal.note("there are no saved experiments to exchange with " + report.remote());
        }
        if (report.notes() > 0) {
            terminal.note("tags and notes on " + report.notes() + (report.notes() == 1 ? " experiment" : " experiments")
                    + " went along");
        }
        if (report.objects() > 0) {
            terminal.note("copied " + report.objects() + (report.objects() == 1 ? " object" : " objects") + " of data, "
                    + Text.size(report.bytes()));
        }
    }

    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode json(TransferReport report) {
        var node = Json.object().put("remote", report.remote());
        node.set(
                "experiments",
                Json.array(report.refs().stream()
                        .map(each -> Json.object()
                                .put("name", each.name())
                                .put("ref", each.ref())
                                .put("commit", each.commit())
                                .put("before", each.before().orElse(null))
                                .put("outcome", word(each.outcome())))
                        .toList()));
        node.put("notes", report.notes());
        var data = node.putObject("data");
        data.put("objects", report.objects()).put("bytes", report.bytes());
        var warnings = node.putArray("warnings");
        report.warnings().forEach(warnings::add);
        var problems = node.putArray("problems");
        report.problems().forEach(problems::add);
        return node;
    }
}
