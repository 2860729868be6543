package dev.daybook.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daybook save}. */
@Command(
        name = "save",
        description = {
            "Saves an interrupted or completed experiment as one commit on refs/exps/<baseline>/<name>.",
            "",
            "The commit holds the code that the experiment itself recorded last, not the work tree as it is now. Branch, index"
                    + " and work tree stay as they are. Prints name, commit and ref."
        },
        footer = {"  daybook save lr-sweep-1", "  daybook save lr-sweep-1 --as best-so-far"})
final class SaveCommand implements Runnable {

    private final Settings settings;
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "The experiment's name, as 'list' has it.")
    private String name = "";

    @Option(names = "--as", paramLabel = "OTHER", description = "Save it under this name.")
    private Optional<String> as = Optional.empty();

    SaveCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try (var daybook = settings.open()) {
            var experiment = Experiments.requireUnfinished(daybook, name);
            var saved = as.map(experiment::saveAs).orElseGet(experiment::save);
            if (settings.isJson()) {
                terminal.json(Json.of(saved));
            } else {
                terminal.line(saved.toString());
            }
        }
    }
}
