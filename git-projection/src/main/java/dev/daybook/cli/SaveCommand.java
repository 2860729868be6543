package dev.daybook.cli;

import java.util.Optional;

/** {@code daybook save}. */
final class SaveCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private String name = "";
    private Optional<String> as = Optional.empty();

    SaveCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "save",
                        "Saves an interrupted or completed experiment as one commit on refs/exps/<baseline>/<name>.",
                        "",
                        "The commit holds the code that the experiment itself recorded last, not the work tree as it is now. Branch, index"
                                + " and work tree stay as they are. Prints name, commit and ref.")
                .argument("NAME", "The experiment's name, as 'list' has it.", given -> name = given)
                .option("--as", "OTHER", "Save it under this name.", given -> as = given)
                .examples("  daybook save lr-sweep-1", "  daybook save lr-sweep-1 --as best-so-far");
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
