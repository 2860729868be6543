package dev.daybook.cli;

import dev.daybook.WorkTreeStatus;
import java.util.List;
import java.util.Locale;

/** {@code daybook status}. */
final class StatusCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private List<String> untracked = List.of();

    StatusCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "status",
                        "Shows what a save would record of the work tree now: the baseline, the Git tree of the code, and what differs"
                                + " between the two.",
                        "",
                        "M: another content or permission, A: new, D: gone, T: of another type. Untracked files are in it only where a"
                                + " glob names them, as DaybookOptions.withUntracked does it in a program. Writes nothing.")
                .repeatable(
                        "--untracked",
                        "GLOB",
                        "Take in the untracked files that match, from the root: * stays in a folder, ** does not, an"
                                + " ignored file has to be named exactly. May be repeated.",
                        given -> untracked = given)
                .examples("  daybook status", "  daybook status --untracked 'src/**' --json");
    }

    @Override
    public void run() {
        try (var daybook = settings.open(options -> options.withUntracked(untracked.toArray(String[]::new)))) {
            var status = daybook.status();
            if (settings.isJson()) {
                terminal.json(Json.of(status));
            } else {
                print(status);
            }
        }
    }

    private void print(WorkTreeStatus status) {
        terminal.line("baseline  " + status.baseline());
        terminal.line("tree      " + status.tree());
        terminal.line("method    " + method(status));
        status.changed().forEach(change -> terminal.line(change.how() + " " + change.path()));
        if (status.changed().isEmpty()) {
            terminal.note("the code is that of the baseline");
        }
        status.leftOut().ifPresent(count -> {
            if (count > 0) {
                terminal.note((count == 1 ? "1 untracked file is" : count + " untracked files are")
                        + " not in it; take them in with --untracked");
            }
        });
    }

    static String method(WorkTreeStatus status) {
        return status.method().name().toLowerCase(Locale.ROOT);
    }
}
