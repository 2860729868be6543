package dev.daybook.cli;

/** {@code daybook discard}. */
final class DiscardCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private String name = "";

    DiscardCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "discard",
                        "Gives up an interrupted or completed experiment without saving it; its name is free again.",
                        "",
                        "Cannot be taken back. Does not touch saved experiments, nor one that is being run.")
                .argument("NAME", "The experiment's name, as 'list' has it.", given -> name = given)
                .examples("  daybook discard lr-sweep-1");
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
