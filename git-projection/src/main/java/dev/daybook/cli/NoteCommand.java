package dev.daybook.cli;

import dev.daybook.NoSuchExperimentException;
import dev.daybook.git.Annotations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code daybook note}. */
@Command(
        name = "note",
        description = {
            "Adds a note to a saved experiment; 'show' shows them, and 'push' and 'pull' take them along.",
            "",
            "One that is interrupted keeps it in its history, which 'history' shows."
        },
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
        var annotations = note();
        if (settings.isJson()) {
            terminal.json(Json.of(name, annotations));
        } else {
            terminal.line("noted on " + name);
        }
    }

    private Annotations note() {
        try (var saved = settings.openSaved()) {
            return saved.note(name, text);
        } catch (NoSuchExperimentException e) {
            try (var daybook = settings.open()) {
                return Remarks.add(daybook, name, experiment -> experiment.note(text.strip()));
            }
        }
    }
}
