package dev.daybook.cli;

import java.util.List;

/** {@code daybook dvc-init}. */
final class DvcInitCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    DvcInitCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "dvc-init",
                        "Makes the two files that DVC needs in the work tree, where they are missing: .dvc/.gitignore and .dvc/config.",
                        "",
                        "Stages and commits nothing. Prints the paths of those that you should commit: until they are in Git,"
                                + " 'dvc exp apply' deletes the cache, with the data of all experiments.")
                .examples("  daybook dvc-init");
    }

    @Override
    public void run() {
        try (var daybook = settings.open()) {
            print(daybook.initializeDvc());
        }
    }

    private void print(List<String> uncommitted) {
        if (settings.isJson()) {
            terminal.json(Json.uncommitted(uncommitted));
        } else if (uncommitted.isEmpty()) {
            terminal.note("all that DVC needs is committed; there is nothing to do");
        } else {
            uncommitted.forEach(terminal::line);
            var git = "git" + settings.gitOption();
            // from the root, wherever it is run
            var paths = " -- :/" + String.join(" :/", uncommitted);
            terminal.note("commit them: " + git + " add" + paths + " && " + git + " commit -m 'DVC'" + paths);
        }
    }
}
