package dev.daybook.cli;

import dev.daybook.SavedExperiment;
import java.util.List;

/** {@code daybook recover}. */
final class RecoverCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    RecoverCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "recover",
                        "Finishes the saves that a crash has cut in half.",
                        "",
                        "Opening a Daybook in a program does this too. What a living process is saving is left to it. Prints name, commit"
                                + " and ref of each experiment that is saved now.")
                .examples("  daybook recover");
    }

    @Override
    public void run() {
        try (var daybook = settings.open()) {
            var recovered = daybook.recover();
            Experiments.warnOfDamage(daybook, List.of(), terminal);
            if (settings.isJson()) {
                terminal.jsonArray(recovered.stream().map(Json::of));
            } else if (recovered.isEmpty()) {
                terminal.note("no save was cut in half; there is nothing to recover");
            } else {
                recovered.stream().map(SavedExperiment::toString).forEach(terminal::line);
            }
        }
    }
}
