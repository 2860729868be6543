package dev.daybook.cli;

import dev.daybook.HistoryEntry;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints what happened to an experiment as it comes, one line each, and keeps nothing of it. */
final class EntryPrinter implements Consumer<HistoryEntry> {

    /** So often it is asked whether anybody still reads; asking flushes. */
    private static final int LINES_BETWEEN_FLUSHES = 1_000;

    /** Thrown out of what gives the entries: nobody wants more of them. */
    static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Stopped() {
            super("nobody wants more entries", null, false, false);
        }
    }

    private final Terminal terminal;
    private final boolean isJson;
    private final BooleanSupplier isStopped;
    private long lines;

    /**
     * @param isStopped asked before each entry
     */
    EntryPrinter(Terminal terminal, boolean isJson, BooleanSupplier isStopped) {
        this.terminal = terminal;
        this.isJson = isJson;
        this.isStopped = isStopped;
    }

    @Override
    public void accept(HistoryEntry entry) {
        if (isStopped.getAsBoolean()) {
            throw new Stopped();
        }
        if (isJson) {
            terminal.jsonLine(Json.of(entry));
        } else {
            terminal.line(line(entry, terminal::moment));
        }
        lines++;
        if (lines % LINES_BETWEEN_FLUSHES == 0) {
            flush();
        }
    }

    /** @throws Stopped if what was printed does not get out */
    void flush() {
        if (!terminal.flush()) {
            throw new Stopped();
        }
    }

    private static String line(HistoryEntry entry, Function<Instant, String> times) {
        var position = entry.position().map(Object::toString).orElse("-");
        var details = entry.details().entrySet().stream()
                .map(detail -> "  " + detail.getKey() + "=" + Text.whole(detail.getValue()))
                .collect(Collectors.joining());
        return times.apply(entry.time()) + "  " + position + "  " + entry.kind() + details;
    }
}
