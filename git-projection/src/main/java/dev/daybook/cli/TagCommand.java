package dev.daybook.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code daybook tag}. */
@Command(
        name = "tag",
        description = "Adds a tag to a saved experiment, or takes one away that was added so; 'show' shows them, and"
                + " 'push' and 'pull' take them along.",
        footer = {"  daybook tag lr-1 best", "  daybook tag lr-1 best --delete"})
final class TagCommand implements Runnable {

    private final Settings settings;
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "The experiment.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "TAG", description = "A word or two.")
    private String tag = "";

    @Option(names = "--delete", description = "Take the tag away.")
    private boolean delete;

    TagCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try (var saved = settings.openSaved()) {
            var annotations = delete ? saved.untag(name, tag) : saved.tag(name, tag);
            if (settings.isJson()) {
                terminal.json(Json.of(name, annotations));
            } else {
                terminal.line("tags of " + name + ": " + String.join(", ", annotations.tags()));
            }
        }
    }
}
