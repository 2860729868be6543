package dev.daybook.cli;

import dev.daybook.git.Applied;
import dev.daybook.git.ApplyOptions;

/** {@code daybook apply}. */
final class ApplyCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private String name = "";
    private boolean force;
    private boolean dryRun;

    ApplyCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "apply",
                        "Makes the work tree what a saved experiment has: code, parameters, metrics, plots and data.",
                        "",
                        "All or nothing. The index and what is checked out stay as they are. Files that are in no commit and no saved"
                                + " experiment as they are now are not overwritten, unless --force is given: a ref keeps them then. What"
                                + " was applied before goes where this experiment does not have it.")
                .argument("NAME[@NUMBER]", "The experiment, or its checkpoint.", given -> name = given)
                .flag("--force", "Overwrite what is nowhere else too, and keep it on a ref.", () -> force = true)
                .flag("--dry-run", "Change nothing; only say what would be changed.", () -> dryRun = true)
                .examples(
                        "  daybook apply lr-1",
                        "  daybook apply lr-1@3      its third checkpoint",
                        "  daybook apply lr-1 --dry-run");
    }

    @Override
    public void run() {
        try (var saved = settings.openSaved()) {
            var applied = saved.apply(name, new ApplyOptions(force, dryRun, settings.progress()));
            if (settings.isJson()) {
                terminal.json(Json.of(applied, dryRun));
            } else {
                print(applied);
            }
        }
    }

    private void print(Applied applied) {
        applied.files().forEach(change -> terminal.line(change.toString()));
        applied.data().forEach(path -> terminal.line("data " + path));
        applied.notes().forEach(terminal::note);
        if (dryRun) {
            var what = force
                    ? "it would be overwritten or deleted, and kept on a ref"
                    : "it takes --force, which keeps it on a ref";
            applied.losses().forEach(path -> terminal.note("'" + path + "' is nowhere else; " + what));
        }
        applied.kept()
                .ifPresent(ref -> terminal.note("what was overwritten is kept; get it back with: git"
                        + settings.gitOption() + " restore --overlay --source=" + ref + " -- :/"));
        boolean isNothing = applied.files().isEmpty() && applied.data().isEmpty();
        terminal.note(
                isNothing
                        ? "the work tree is what " + name + " has already"
                        : (dryRun ? "would apply " : "applied ") + name + " (" + Text.commit(applied.commit()) + ")");
    }
}
