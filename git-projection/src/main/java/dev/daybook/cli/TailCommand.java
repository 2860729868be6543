package dev.daybook.cli;

import dev.daybook.Daybook;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.Follower;
import dev.daybook.HistoryEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code daybook tail}. */
final class TailCommand implements Verb, Runnable {

    /** A reader of the pipe is to see what was logged within 100 ms. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** How long a process that is told to end waits for the line that is being printed. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Settings settings;
    private final Terminal terminal;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private String name = "";
    private Optional<Integer> lines = Optional.empty();

    TailCommand(Settings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return new Syntax(
                        this,
                        "tail",
                        "Follows an experiment while it runs, from its beginning on: prints each event and each metric value as 'history' does,"
                                + " as they come, until it is saved, discarded, left or interrupted, and then says which.",
                        "",
                        "With --json each line is a JSON object, the last one how it ended. Ctrl-C ends it; the experiment goes on. Writes"
                                + " nothing, and costs the program that logs nothing.")
                .argument("NAME", "The experiment's name, as 'list' has it.", given -> name = given)
                .number(
                        "-n, --lines",
                        "N",
                        "Of what is there already, print the last N entries only.",
                        given -> lines = given)
                .examples("  daybook tail lr-sweep-1", "  daybook tail lr-sweep-1 -n 10 --json | jq .details.value");
    }

    @Override
    public void run() {
        lines.filter(number -> number < 0).ifPresent(number -> {
            throw new WrongUsageException("a number of lines is not negative: " + number);
        });
        var end = new Thread(this::stop, "daybook-tail-end");
        Runtime.getRuntime().addShutdownHook(end);
        try (var daybook = settings.open()) {
            follow(daybook);
        } catch (EntryPrinter.Stopped e) {
            // told to end, or nobody reads: the latter Main says
        } finally {
            terminal.flush();
            stopped.countDown();
            forget(end);
        }
    }

    /** Ctrl-C: the process does not end in the middle of a line. */
    private void stop() {
        stop.countDown();
        await(stopped, GRACE);
    }

    private static boolean await(CountDownLatch latch, Duration most) {
        try {
            return latch.await(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it is that which has ended this
        }
    }

    private void follow(Daybook daybook) {
        var follower = daybook.follow(name);
        Experiments.warnOfDamage(daybook, List.of(), terminal);
        var printer = new EntryPrinter(terminal, settings.isJson(), () -> stop.getCount() == 0);
        var ended = first(follower, printer);
        printer.flush();
        while (ended.isEmpty()) {
            if (await(stop, PAUSE)) {
                return;
            }
            ended = follower.poll(printer);
            printer.flush();
        }
        say(ended.get());
    }

    /** What is there already. */
    private Optional<Status> first(Follower follower, EntryPrinter printer) {
        if (lines.isEmpty()) {
            return follower.poll(printer);
        }
        int most = lines.get();
        var last = new ArrayDeque<HistoryEntry>();
        var status = follower.poll(entry -> {
            last.add(entry);
            if (last.size() > most) {
                last.remove();
            }
        });
        last.forEach(printer);
        return status;
    }

    private void say(Status status) {
        if (settings.isJson()) {
            terminal.jsonLine(Json.object().put("ended", status.name().toLowerCase(Locale.ROOT)));
        } else {
            terminal.note("experiment '" + name + "' " + words(status));
        }
    }

    private static String words(Status status) {
        return switch (status) {
            case PERSISTED -> "is saved";
            case DISCARDED -> "was discarded";
            case COMPLETED -> "is completed, and nobody works on it any more; save or discard it";
            case INTERRUPTED -> "was interrupted; resume, save or discard it";
            case RUNNING -> "goes on";
        };
    }
}
