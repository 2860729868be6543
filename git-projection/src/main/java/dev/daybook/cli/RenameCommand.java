package dev.daybook.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daybook rename}. */
@Command(
        name = "rename",
        description = "Gives a saved experiment another name; its commit stays the same.",
        footer = "  daybook rename brave-lion lr-1")
final class RenameCommand implements Runnable {

    private final Settings settings;
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "The experiment.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "NEW", description = "Its new name.")
    private String newName = "";

    @Option(names = "--force", description = "Remove the experiment that has the new name; 'restore' brings it back.")
    private boolean force;

    RenameCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try (var saved = settings.openSaved()) {
            var renamed = saved.rename(name, newName, force);
            if (settings.isJson()) {
                terminal.json(Json.of(renamed));
            } else {
                terminal.line("renamed " + name + " to " + renamed.name());
            }
        }
    }
}
