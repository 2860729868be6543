package dev.daybook.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code daybook note}. */
@Command(
        name = "note",
        description = "Adds a note to a saved experiment; 'show' shows them, and 'push' and 'pull' take them along.",
        footer = "  daybook note lr-1 'best so far, but slow'")
final class NoteCommand implements Runnable {

    private final Settings settings;
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "The experiment.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "TEXT", description = "What there is to say.")
    private String text = "";

    NoteCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try (var saved = settings.openSaved()) {
            var annotations = saved.note(name, text);
            if (settings.isJson()) {
                terminal.json(Json.of(name, annotations));
            } else {
                terminal.line("noted on " + name);
            }
        }
    }
}
