package dev.daybook.cli;

/** {@code daybook restore}. */
final class RestoreCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private String name = "";

    RestoreCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "restore",
                        "Brings back a saved experiment that was removed; of several of the same name the one removed last.")
                .argument("NAME", "The experiment, as 'remove --list' has it.", given -> name = given)
                .examples("  daybook restore lr-1");
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
