package dev.daybook.cli;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code daybook pull}. */
final class PullCommand implements Verb, Callable<Integer> {

    private final Settings settings;
    private final Terminal terminal;

    private List<String> names = List.of();
    private final Transfers transfers = new Transfers();

    PullCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return transfers
                .addTo(new Syntax(
                                this,
                                "pull",
                                "Fetches saved experiments from another repository: all of them, or those that are named, with their"
                                        + " checkpoints, their tags and notes, and the data that they refer to.",
                                "",
                                "The data come from the DVC remote of .dvc/config, if that is a folder; for other kinds of remotes it prints the"
                                        + " command to run. An experiment that is another one here is left alone and named, which is exit code 1;"
                                        + " with --force it is replaced, and kept for 'restore'. Tags and notes are added to those that are here."
                                        + " Branches, index and work tree stay"
                                        + " as they are. Prints what was fetched.")
                        .arguments("NAME", "Fetch these alone; names as they are there.", given -> names = given))
                .examples("  daybook pull", "  daybook pull -r backup lr-sweep-1");
    }

    @Override
    public Integer call() {
        return transfers.run(settings, terminal, (saved, remote, options) -> saved.pull(remote, names, options));
    }
}
