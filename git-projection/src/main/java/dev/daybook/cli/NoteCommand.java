package dev.daybook.cli;

import dev.daybook.NoSuchExperimentException;
import dev.daybook.git.Annotations;

/** {@code daybook note}. */
final class NoteCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private String name = "";
    private String text = "";

    NoteCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "note",
                        "Adds a note to a saved experiment; 'show' shows them, and 'push' and 'pull' take them along.",
                        "",
                        "One that is interrupted keeps it in its history, which 'history' shows.")
                .argument("NAME", "The experiment.", given -> name = given)
                .argument("TEXT", "What there is to say.", given -> text = given)
                .examples("  daybook note lr-1 'best so far, but slow'");
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
