package dev.daybook.cli;

import dev.daybook.DaybookOptions;
import dev.daybook.DeletedGeneration;
import dev.daybook.Retention;
import dev.daybook.git.Collected;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code daybook gc}. */
final class GcCommand implements Verb, Runnable {

    private static final Duration USUAL_AGE = Duration.ofDays(30);

    private final Settings settings;
    private final Terminal terminal;

    private boolean isTrial;
    private Optional<Duration> keepDays = Optional.empty();
    private Optional<Long> keepBytes = Optional.empty();

    GcCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "gc",
                        "Lets go for good what was removed with 'remove', and what 'apply --force' has overwritten, more than 30 days ago, and"
                                + " checkpoints, tags and notes as old of experiments that something else has taken away; and"
                                + " deletes of the journal what nobody needs any more. With --journal, which may name its folder too: only that.",
                        "",
                        "Data in DVC's cache stay; 'dvc gc --all-commits --all-experiments' deletes those that no commit of a branch or tag"
                                + " and no experiment names, also where checkpoints or removed experiments do.",
                        "",
                        "Of the journal that is what processes that are gone have written, of experiments that are all saved or discarded, once it is past"
                                + " the retention: older than 30 days, or while the journal is larger than 2 GiB. What was saved stays in"
                                + " Git. Prints each generation of the journal that it deletes, its size and the reason, and the sum.")
                .flag("--dry-run", "Only say what would be deleted.", () -> isTrial = true)
                .option(
                        "--keep-days",
                        "N",
                        Duration.class,
                        new Days(),
                        "Keep what is not older than so many days, for this time.",
                        given -> keepDays = given)
                .option(
                        "--keep-bytes",
                        "SIZE",
                        Long.class,
                        new Size(),
                        "Keep what is not older while the journal is no larger than this, such as 500M or 2G, for this time.",
                        given -> keepBytes = given)
                .examples("  daybook gc --journal --dry-run", "  daybook gc --journal --keep-days 7 --keep-bytes 500M");
    }

    @Override
    public void run() {
        if (settings.isJournalGiven()) {
            collectJournal(Optional.empty());
            return;
        }
        try (var saved = settings.openSaved()) {
            collectJournal(Optional.of(saved.collect(keepDays.orElse(USUAL_AGE), isTrial, settings.progress())));
        }
    }

    private void collectJournal(Optional<Collected> collected) {
        try (var daybook = settings.open(this::keeping)) {
            var deleted = daybook.collectJournal(isTrial);
            if (settings.isJson()) {
                terminal.json(Json.collected(deleted, collected, isTrial));
                return;
            }
            collected.ifPresent(this::print);
            if (deleted.isEmpty()) {
                terminal.note("there is nothing to delete in the journal");
            } else {
                print(deleted);
            }
        }
    }

    private void print(Collected collected) {
        if (collected.refs().isEmpty()) {
            terminal.note("nothing was removed or overwritten so long ago");
            return;
        }
        var table = new Table(List.of("removed", "since", "ref"));
        collected
                .refs()
                .forEach(each -> table.add(List.of(
                        Table.Cell.text(each.what()),
                        Table.Cell.text(terminal.minute(each.since())),
                        Table.Cell.cut(each.ref()))));
        terminal.table(table);
        terminal.line("");
        terminal.line((isTrial ? "would let go " : "let go ") + collected.refs().size() + ", "
                + (collected.bytes().isPresent()
                        ? "about " + Text.size(collected.bytes().getAsLong()) + " before compression"
                        : "nobody knows how much, because some of it cannot be read,")
                + " for git gc to free");
        terminal.line("");
    }

    private DaybookOptions keeping(DaybookOptions options) {
        var usual = options.retention();
        return options.withRetention(new Retention(keepDays.orElse(usual.age()), keepBytes.orElse(usual.bytes())));
    }

    private void print(List<DeletedGeneration> deleted) {
        var table = new Table(List.of("generation", "size", "reason"));
        deleted.forEach(each -> table.add(List.of(
                Table.Cell.text(each.name()),
                Table.Cell.number(Text.size(each.bytes())),
                Table.Cell.cut(each.reason()))));
        terminal.table(table);
        terminal.line("");
        long bytes = deleted.stream().mapToLong(DeletedGeneration::bytes).sum();
        terminal.line((isTrial ? "would delete " : "deleted ")
                + deleted.size()
                + (deleted.size() == 1 ? " generation, " : " generations, ")
                + Text.size(bytes));
    }

    /** A number of days. */
    static final class Days implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            if (!text.matches("[0-9]{1,9}")) {
                throw new TypeConversionException("'" + text + "' is no number of days");
            }
            return Duration.ofDays(Long.parseLong(text));
        }
    }

    /** A number of bytes. */
    static final class Size implements ITypeConverter<Long> {

        @Override
        public Long convert(String text) {
            return Text.parseSize(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is no size; give a number of bytes, or one such as 500M or 2G"));
        }
    }
}
