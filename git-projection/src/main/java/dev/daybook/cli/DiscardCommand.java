package dev.daybook.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code daybook discard}. */
@Command(
        name = "discard",
        description = {
            "Gives up an interrupted or completed experiment without saving it; its name is free again.",
            "",
            "Cannot be taken back. Does not touch saved experiments, nor one that is being run."
        },
        footer = "  daybook discard lr-sweep-1")
final class DiscardCommand implements Runnable {

    private final Settings settings;
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "The experiment's name, as 'list' has it.")
    private String name = "";

    DiscardCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try (var daybook = settings.open()) {
            var experiment = Experiments.requireUnfinished(daybook, name);
            var id = experiment.id();
            experiment.discard();
            if (settings.isJson()) {
                terminal.json(Json.discarded(name, id));
            } else {
                terminal.line("discarded " + name);
            }
        }
    }
}
