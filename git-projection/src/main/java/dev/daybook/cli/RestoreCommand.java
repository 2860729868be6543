package dev.daybook.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code daybook restore}. */
@Command(
        name = "restore",
        description =
                "Brings back a saved experiment that was removed; of several of the same name the one removed last.",
        footer = "  daybook restore lr-1")
final class RestoreCommand implements Runnable {

    private final Settings settings;
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "The experiment, as 'remove --list' has it.")
    private String name = "";

    RestoreCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try (var saved = settings.openSaved()) {
            var restored = saved.restore(name);
            if (settings.isJson()) {
                terminal.json(Json.of(restored));
            } else {
                terminal.line("restored " + restored.name());
            }
        }
    }
}
