package dev.daybook.cli;

/** {@code daybook rename}. */
final class RenameCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private String name = "";
    private String newName = "";
    private boolean force;

    RenameCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(this, "rename", "Gives a saved experiment another name; its commit stays the same.")
                .argument("NAME", "The experiment.", given -> name = given)
                .argument("NEW", "Its new name.", given -> newName = given)
                .flag(
                        "--force",
                        "Remove the experiment that has the new name; 'restore' brings it back.",
                        () -> force = true)
                .examples("  daybook rename brave-lion lr-1");
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
