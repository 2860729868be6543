package dev.daybook.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code daybook branch}. */
@Command(
        name = "branch",
        description = "Makes a branch of a saved experiment or its checkpoint; it is not checked out.",
        footer = {"  daybook branch lr-1 try-lr-1", "  git switch try-lr-1"})
final class BranchCommand implements Runnable {

    private final Settings settings;
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME[@NUMBER]", description = "The experiment, or its checkpoint.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "BRANCH", description = "The branch to make.")
    private String branch = "";

    BranchCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try (var saved = settings.openSaved()) {
            var ref = saved.branch(name, branch);
            if (settings.isJson()) {
                terminal.json(Json.object().put("name", name).put("ref", ref));
            } else {
                terminal.line("made " + ref + " of " + name);
            }
        }
    }
}
