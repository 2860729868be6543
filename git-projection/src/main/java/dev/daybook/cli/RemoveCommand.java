package dev.daybook.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.git.SavedExperiments;
import java.util.ArrayList;
import java.util.List;

/** {@code daybook remove}. */
final class RemoveCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private List<String> names = List.of();
    private boolean list;

    RemoveCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "remove",
                        "Removes saved experiments; 'daybook restore NAME' brings one back, until 'daybook gc' takes it for good.",
                        "",
                        "All names are looked up before the first one is removed.")
                .arguments("NAME", "The experiments.", given -> names = given)
                .flag("--list", "List what was removed and can be brought back; remove nothing.", () -> list = true)
                .examples("  daybook remove lr-1 lr-2", "  daybook remove --list     what can be brought back");
    }

    @Override
    public void run() {
        if (names.isEmpty() != list) {
            throw new WrongUsageException("name the experiments to remove, or give --list alone");
        }
        try (var saved = settings.openSaved()) {
            if (list) {
                list(saved);
            } else {
                remove(saved);
            }
        }
    }

    private void list(SavedExperiments saved) {
        var removed = saved.removed();
        if (settings.isJson()) {
            terminal.jsonArray(removed.stream().map(Json::of));
        } else if (removed.isEmpty()) {
            terminal.note("nothing was removed that could be brought back");
        } else {
            var table = new Table(List.of("name", "removed", "commit"));
            removed.forEach(each -> table.add(List.of(
                    Table.Cell.text(each.name()),
                    Table.Cell.text(terminal.minute(each.removed())),
                    Table.Cell.text(Text.commit(each.commit())))));
            terminal.table(table);
        }
    }

    private void remove(SavedExperiments saved) {
        var refs = names.stream()
                .map(name -> saved.find(name).ref().orElse(name))
                .distinct()
                .toList();
        var nodes = new ArrayList<ObjectNode>();
        try {
            for (var ref : refs) {
                var removed = saved.remove(ref);
                nodes.add(Json.of(removed));
                if (!settings.isJson()) {
                    terminal.line("removed " + removed.name());
                }
            }
        } finally {
            // of those before one that fails too
            if (settings.isJson()) {
                terminal.json(Json.array(nodes));
            }
        }
    }
}
