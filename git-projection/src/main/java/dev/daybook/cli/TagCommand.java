package dev.daybook.cli;

import dev.daybook.InvalidInputException;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.git.Annotations;

/** {@code daybook tag}. */
final class TagCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private String name = "";
    private String tag = "";
    private boolean delete;

    TagCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "tag",
                        "Adds a tag to a saved experiment, or takes one away that was added so; 'show' shows them, and 'push' and"
                                + " 'pull' take them along.",
                        "",
                        "One that is interrupted keeps it in its history, which 'history' shows and from which nothing is taken away.")
                .argument("NAME", "The experiment.", given -> name = given)
                .argument("TAG", "A word or two.", given -> tag = given)
                .flag("--delete", "Take the tag away.", () -> delete = true)
                .examples("  daybook tag lr-1 best", "  daybook tag lr-1 best --delete");
    }

    @Override
    public void run() {
        var annotations = delete ? untag() : tag();
        if (settings.isJson()) {
            terminal.json(Json.of(name, annotations));
        } else {
            terminal.line("tags of " + name + ": " + String.join(", ", annotations.tags()));
        }
    }

    private Annotations tag() {
        try (var saved = settings.openSaved()) {
            return saved.tag(name, tag);
        } catch (NoSuchExperimentException e) {
            try (var daybook = settings.open()) {
                return Remarks.add(daybook, name, experiment -> experiment.tag(tag.strip()));
            }
        }
    }

    private Annotations untag() {
        try (var saved = settings.openSaved()) {
            return saved.untag(name, tag);
        } catch (NoSuchExperimentException e) {
            try (var daybook = settings.open()) {
                if (daybook.find(name).isPresent()) {
                    throw new InvalidInputException("experiment '" + name
                            + "' is not saved, and from its history no tag is taken away; discard the experiment, or"
                            + " leave the tag");
                }
            }
            throw e;
        }
    }
}
