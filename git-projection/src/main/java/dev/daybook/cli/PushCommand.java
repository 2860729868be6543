package dev.daybook.cli;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code daybook push}. */
final class PushCommand implements Verb, Callable<Integer> {

    private final Settings settings;
    private final Terminal terminal;

    private List<String> names = List.of();
    private final Transfers transfers = new Transfers();

    PushCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return transfers
                .addTo(new Syntax(
                                this,
                                "push",
                                "Sends saved experiments to another repository: all of them, or those that are named, with their checkpoints,"
                                        + " their tags and notes, and the data that they refer to.",
                                "",
                                "The data go first, into the DVC remote of .dvc/config, if that is a folder; for other kinds of remotes it prints"
                                        + " the command to run. An experiment that is another one there is left alone and named, which is exit"
                                        + " code 1. Tags and notes that others have written there are fetched first, and those of both are sent."
                                        + " Branches, index and work tree stay as they are. Prints what was sent.")
                        .arguments("NAME", "Send these alone; names as 'list' has them.", given -> names = given))
                .examples("  daybook push", "  daybook push -r backup lr-sweep-1 lr-sweep-2");
    }

    @Override
    public Integer call() {
        return transfers.run(settings, terminal, (saved, remote, options) -> saved.push(remote, names, options));
    }
}
