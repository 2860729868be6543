package dev.daybook.cli;

import dev.daybook.Daybook;
import dev.daybook.git.DvcTasks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code daybook list}. */
final class ListCommand implements Verb, Runnable {

    private final Settings settings;
    private final Terminal terminal;

    private boolean all;
    private Optional<String> sort = Optional.empty();
    private boolean isReversed;
    private List<String> chosen = List.of();
    private boolean onlyChanged;
    private boolean isCsv;
    private boolean isMarkdown;

    ListCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "list",
                        "Lists experiments: all unfinished ones, then those saved on the commit that is checked out; the newest first. What"
                                + " DVC has saved is among them, and what it runs, has in its queue or failed with.",
                        "",
                        "Shows name, status, the time of the last event, the commit it started from, the last value of each metric, and"
                                + " the parameters. On a terminal the columns that do not fit are left out (COLUMNS sets the width). A"
                                + " * marks the best value of a metric whose name says what is good; ! stands where something could"
                                + " not be read. Writes nothing but a cache of what it has read of commits.",
                        "",
                        "A column is called metrics.NAME, params.NAME, name, status, time, baseline, commit or ref; NAME alone will do"
                                + " where it means one column.")
                .flag("-A, --all-baselines", "List the saved experiments of all commits.", () -> all = true)
                .option(
                        "--sort",
                        "COLUMN",
                        "Order by a column, the least first: numbers, texts, nothing, NaN. A - before it turns the order.",
                        given -> sort = given)
                .flag("--reverse", "Turn the order.", () -> isReversed = true)
                .list(
                        "--columns",
                        "COLUMN",
                        "Show these columns in this order, separated by commas; * stands for any text.",
                        given -> chosen = given)
                .flag(
                        "--only-changed",
                        "Leave out the columns in which all experiments have the same.",
                        () -> onlyChanged = true)
                .flag("--csv", "Give the table as CSV (RFC 4180), with all digits.", () -> isCsv = true)
                .flag("--md", "Give the table as GitHub's Markdown.", () -> isMarkdown = true)
                .examples(
                        "  daybook list",
                        "  daybook list -A --sort -metrics.val/acc --columns 'name,val/*,lr'",
                        "  daybook list --json | jq '.[] | select(.status == \"interrupted\") | .name'");
    }

    @Override
    public void run() {
        refuseContradictions();
        try (var daybook = settings.open()) {
            var everything = rows(daybook);
            var columns = Columns.of(everything);
            var head = daybook.head();
            var shown = sorted(
                    everything.stream()
                            .filter(row ->
                                    all || row.isUnfinished() || row.baseline().equals(head))
                            .toList(),
                    columns);
            // before anything is said: it may be wrong usage
            var listed = listed(columns, shown);
            Experiments.warnOfDamage(daybook.damage(), shown, terminal);
            print(shown, columns, listed);
            sayWhatIsHidden(everything.size() - shown.size());
        }
    }

    private void refuseContradictions() {
        var formats = new ArrayList<String>();
        if (settings.isJson()) {
            formats.add("--json");
        }
        if (isCsv) {
            formats.add("--csv");
        }
        if (isMarkdown) {
            formats.add("--md");
        }
        if (formats.size() > 1) {
            throw new WrongUsageException(formats.get(0) + " and " + formats.get(1) + " do not go together");
        }
        if (settings.isJson() && (onlyChanged || !chosen.isEmpty())) {
            throw new WrongUsageException("--json has no columns, it gives everything; leave out "
                    + (chosen.isEmpty() ? "--only-changed" : "--columns"));
        }
    }

    private List<Row> rows(Daybook daybook) {
        return Stream.concat(
                        daybook.experiments().stream().map(Row::of),
                        DvcTasks.of(settings.directory()).stream().map(Row::of))
                .sorted(Row.ORDER)
                .toList();
    }

    private List<Row> sorted(List<Row> rows, Columns columns) {
        var sorted = new ArrayList<>(rows);
        if (sort.isPresent()) {
            order(sort.get(), columns).ifPresent(sorted::sort);
        } else if (isReversed) {
            java.util.Collections.reverse(sorted);
        }
        return sorted;
    }

    /** A column may begin with a - of its own. */
    private Optional<Comparator<Row>> order(String text, Columns columns) {
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        boolean isTurned = text.startsWith("-") && !columns.has(text);
        try {
            var column = columns.only(isTurned ? text.substring(1) : text);
            return Optional.of(new ByColumn(column, isTurned != isReversed));
        } catch (Columns.UnknownException e) {
            throw new WrongUsageException("cannot sort: " + e.getMessage());
        }
    }

    private List<Column> listed(Columns columns, List<Row> rows) {
        try {
            // of the others a metric or parameter may be that none of these has
            var usual = all ? columns : Columns.of(rows);
            var named = chosen.isEmpty() ? usual.usual() : columns.named(chosen);
            return onlyChanged ? Columns.changed(named, rows) : named;
        } catch (Columns.UnknownException e) {
            throw new WrongUsageException(String.valueOf(e.getMessage()));
        }
    }

    private void print(List<Row> rows, Columns columns, List<Column> listed) {
        var listing = new Listing(listed, columns::header, rows);
        if (settings.isJson()) {
            terminal.jsonArray(rows.stream().map(Json::fields));
        } else if (isCsv) {
            listing.csv().forEach(terminal::csvLine);
        } else if (isMarkdown) {
            listing.markdown(terminal::minute).forEach(terminal::line);
        } else if (!rows.isEmpty()) {
            terminal.table(listing.table(terminal::minute));
        } else if (columns.isEmpty()) {
            terminal.note("there are no experiments in this repository yet; a program makes one with"
                    + " Daybook.open().run(\"name\", run -> ...)");
        }
    }

    private void sayWhatIsHidden(int count) {
        if (count > 0) {
            terminal.note(
                    (count == 1 ? "1 experiment of another commit is" : count + " experiments of other commits are")
                            + " not shown; --all-baselines (-A) shows " + (count == 1 ? "it" : "them"));
        }
    }
}
