package dev.daybook.cli;

import dev.daybook.CorruptJournalException;
import dev.daybook.Daybook;
import dev.daybook.Experiment;
import dev.daybook.ExperimentSummary;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.RepositoryException;
import dev.daybook.git.Annotations;
import dev.daybook.git.DvcTasks;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code daybook show}. */
final class ShowCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private String name = "";

    ShowCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "show",
                        "Shows all that is known of one experiment, unfinished or saved; or of one that DVC runs, has in its queue or failed with.",
                        "",
                        "Of several with the same name it shows the unfinished one, else that of the commit that is checked out, and says so."
                                + " A whole ref, refs/exps/..., means one of any commit. Writes nothing.")
                .argument("NAME", "The experiment's name, as 'list' has it, or its ref.", given -> name = given)
                .examples("  daybook show lr-sweep-1");
    }

    @Override
    public void run() {
        try (var daybook = settings.open()) {
            var found = Experiments.named(daybook, name);
            if (found.isEmpty()) {
                showTask(daybook);
                return;
            }
            var summary = one(found);
            Experiments.warnOfDamage(daybook, List.of(summary), terminal);
            if (found.size() > 1) {
                sayWhichOne(
                        summary,
                        found.stream().filter(each -> !each.equals(summary)).toList());
            }
            print(Status.isUnfinished(summary) ? new Page(summary, handle(daybook, summary)) : saved(summary));
        }
    }

    /** What DVC has under way is nobody else's to tell more of than the list does. */
    private void showTask(Daybook daybook) {
        var row = DvcTasks.of(settings.directory()).stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .map(Row::of)
                .orElseThrow(() -> new NoSuchExperimentException("there is no experiment '" + name
                        + "' in this repository; 'daybook list' shows what there is"));
        Experiments.warnOfDamage(daybook.damage(), List.of(row), terminal);
        if (settings.isJson()) {
            terminal.json(Json.of(row));
        } else {
            Page.of(row, terminal::minute).print(terminal);
        }
    }

    /** The one that the other commands take too. */
    private ExperimentSummary one(List<ExperimentSummary> found) {
        var first = found.get(0);
        if (found.size() == 1 || Status.isUnfinished(first)) {
            return first;
        }
        try (var saved = settings.openSaved()) {
            var ref = saved.find(name).ref();
            return found.stream()
                    .filter(each -> each.ref().equals(ref))
                    .findFirst()
                    .orElse(first);
        }
    }

    private Page saved(ExperimentSummary summary) {
        try (var saved = settings.openSaved()) {
            var ref = summary.ref().orElse(name);
            return new Page(
                    summary,
                    orWarn(() -> saved.checkpoints(ref), List.of()),
                    orWarn(() -> saved.annotations(ref), Annotations.NONE));
        } catch (RepositoryException e) {
            terminal.warning(String.valueOf(e.getMessage()));
            return new Page(summary, List.of(), Annotations.NONE);
        }
    }

    /** What cannot be read of an experiment hides nothing else of it. */
    private <T> T orWarn(Supplier<T> part, T none) {
        try {
            return part.get();
        } catch (RepositoryException e) {
            terminal.warning(String.valueOf(e.getMessage()));
            return none;
        }
    }

    private void sayWhichOne(ExperimentSummary shown, List<ExperimentSummary> others) {
        terminal.note("there are " + (others.size() + 1) + " experiments '" + name + "'; this is the "
                + (Status.isUnfinished(shown) ? "unfinished one" : "one of the present baseline") + ", the "
                + (others.size() > 1 ? "others are " : "other is ")
                + others.stream()
                        .map(other -> other.ref().orElse(Status.of(other)))
                        .collect(Collectors.joining(", ")));
    }

    /** The way to what the journal has; of a damaged experiment there is only its summary. */
    private static Optional<Experiment> handle(Daybook daybook, ExperimentSummary summary) {
        try {
            return Status.isUnfinished(summary) ? daybook.find(summary.name()) : Optional.empty();
        } catch (CorruptJournalException e) {
            return Optional.empty(); // the summary has it among its problems
        }
    }

    private void print(Page page) {
        if (settings.isJson()) {
            terminal.json(page.json());
        } else {
            page.sheet(terminal::minute).print(terminal);
        }
    }
}
