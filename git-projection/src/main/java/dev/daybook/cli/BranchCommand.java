package dev.daybook.cli;

/** {@code daybook branch}. */
final class BranchCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private String name = "";
    private String branch = "";

    BranchCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "branch",
                        "Makes a branch of a saved experiment or its checkpoint; it is not checked out.")
                .argument("NAME[@NUMBER]", "The experiment, or its checkpoint.", given -> name = given)
                .argument("BRANCH", "The branch to make.", given -> branch = given)
                .examples("  daybook branch lr-1 try-lr-1", "  git switch try-lr-1");
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
