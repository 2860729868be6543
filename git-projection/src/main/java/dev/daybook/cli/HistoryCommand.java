package dev.daybook.cli;

import dev.daybook.Daybook;
import dev.daybook.History;
import dev.daybook.HistoryPosition;
import dev.daybook.InvalidInputException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code daybook history}. */
final class HistoryCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private String name = "";
    private boolean eventsOnly;
    private Optional<HistoryPosition> at = Optional.empty();

    HistoryCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "history",
                        "Prints all that happened to one experiment, unfinished or saved, in its order: each event and each metric value,"
                                + " one per line, with its time and its position in the journal.",
                        "",
                        "With --json each line is a JSON object. Of several experiments with the same name it takes the unfinished one,"
                                + " else that of the commit that is checked out; a whole ref, refs/exps/..., means one of any commit."
                                + " Where the journal was deleted, the events are those that the commit tells. Writes nothing.")
                .argument("NAME", "The experiment's name, as 'list' has it, or its ref.", given -> name = given)
                .flag("--events", "Leave out the metric values.", () -> eventsOnly = true)
                .option(
                        "--at",
                        "POSITION",
                        HistoryPosition.class,
                        new Position(),
                        "Show the experiment as it stood when what is there had just happened.",
                        given -> at = given)
                .examples(
                        "  daybook history lr-sweep-1 --events",
                        "  daybook history lr-sweep-1 --at 20261123T161900.123Z-9f3a61c2#12.5");
    }

    @Override
    public void run() {
        if (eventsOnly && at.isPresent()) {
            throw new WrongUsageException("--events and --at do not go together");
        }
        try (var daybook = settings.open()) {
            var history = daybook.history(name);
            warnOfDamage(daybook);
            at.ifPresentOrElse(position -> printMoment(history, position), () -> print(history));
        }
    }

    private void warnOfDamage(Daybook daybook) {
        Experiments.warnOfDamage(daybook, List.of(), terminal);
    }

    private void print(History history) {
        var printer = new EntryPrinter(terminal, settings.isJson(), () -> false);
        try {
            if (eventsOnly) {
                history.events().forEach(printer);
            } else {
                history.forEach(printer);
            }
        } catch (EntryPrinter.Stopped e) {
            return; // Main says that the result did not get out
        }
        history.gone().ifPresent(terminal::note);
    }

    private void printMoment(History history, HistoryPosition position) {
        try {
            var page = new MomentPage(history.name(), position, history.at(position));
            if (settings.isJson()) {
                terminal.json(page.json());
            } else {
                page.sheet(terminal::moment).print(terminal);
            }
        } catch (InvalidInputException e) {
            history.gone().ifPresent(terminal::note);
            throw e;
        }
    }

    /** Reads a position; what is none is wrong usage. */
    static final class Position implements ITypeConverter<HistoryPosition> {

        @Override
        public HistoryPosition convert(String text) {
            try {
                return HistoryPosition.parse(text);
            } catch (InvalidInputException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
