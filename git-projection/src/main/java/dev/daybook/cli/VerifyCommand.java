package dev.daybook.cli;

import dev.daybook.Verification;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;

/** {@code daybook verify}. */
final class VerifyCommand implements Verb, Callable<Integer> {

    private final Settings settings;
    private final Terminal terminal;

    private Optional<String> name = Optional.empty();

    VerifyCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "verify",
                        "Checks the journal from its first byte on: every checksum, every number, every link of the hash chains; and the"
                                + " saved commits against it.",
                        "",
                        "Prints how much was checked, and each problem. Exit code 0 if all is sound, 1 if not. Writes nothing.")
                .optionalArgument(
                        "NAME",
                        "Check this experiment alone; its name, as 'list' has it, or its ref.",
                        given -> name = given)
                .examples("  daybook verify", "  daybook verify lr-sweep-1 --json");
    }

    @Override
    public Integer call() {
        try (var daybook = settings.open()) {
            var found = name.map(daybook::verify).orElseGet(daybook::verify);
            if (settings.isJson()) {
                terminal.json(Json.of(found));
            } else {
                print(found);
            }
            if (found.events() == 0) {
                name.ifPresent(this::sayWhatIsGone);
            }
            return found.isSound() ? ExitCode.OK : refuse(found);
        }
    }

    private void print(Verification found) {
        var table = new Table(List.of("checked", "count"));
        row(table, "generations", found.generations());
        row(table, "experiments", found.experiments());
        row(table, "events", found.events());
        row(table, "metric values", found.records());
        row(table, "commits", found.commits());
        terminal.table(table);
        terminal.line("");
        if (found.isSound()) {
            terminal.line("no problems");
        }
        found.problems().forEach(problem -> terminal.line("problem: " + problem));
    }

    private static void row(Table table, String what, long count) {
        table.add(List.of(Table.Cell.text(what), Table.Cell.number(Long.toString(count))));
    }

    /** Whether it was here once nobody knows: a clone has none. */
    private void sayWhatIsGone(String experiment) {
        terminal.note(
                "this repository has no journal of experiment '" + experiment + "'; only its commit was looked at");
    }

    private int refuse(Verification found) {
        int count = found.problems().size();
        terminal.error("the journal is not sound: " + count + (count == 1 ? " problem" : " problems"));
        return ExitCode.SOFTWARE;
    }
}
