package dev.daybook.cli;

import dev.daybook.git.TransferProgress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Shows how far something is on one line of the terminal, once it takes longer than a second: what, how much, how fast, how long still. */
final class ProgressLine implements TransferProgress, AutoCloseable {

    private static final long NANOS = 1_000_000_000L;
    private static final long BETWEEN_NANOS = NANOS / 5;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean isShown;
    private final LongSupplier nanos;
    private final long begun;
    private String what = "";
    private long stepBegun;
    private long before;
    private long shown;
    private boolean isOnScreen;

    /**
     * @param isShown whether somebody looks
     * @param nanos a clock
     */
    ProgressLine(PrintWriter err, boolean isShown, LongSupplier nanos) {
        this.err = err;
        this.isShown = isShown;
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    @Override
    public synchronized void at(String step, long done, long all, Unit unit) {
        long now = nanos.getAsLong();
        if (!step.equals(what)) {
            what = step;
            stepBegun = now;
            before = done;
        }
        if (isShown && now - begun >= NANOS && (!isOnScreen || now - shown >= BETWEEN_NANOS)) {
            shown = now;
            isOnScreen = true;
            err.print(CLEAR + Text.printable(line(done, all, unit, now - stepBegun)));
            err.flush();
        }
    }

    private String line(long done, long all, Unit unit, long took) {
        var line = new StringBuilder(what + "  " + amount(done, unit) + " of " + amount(all, unit));
        if (took > 0 && done > before) {
            double perSecond = (done - before) * (double) NANOS / took;
            line.append("  ").append(amount((long) perSecond, unit)).append("/s");
            line.append("  ")
                    .append(duration((long) Math.ceil((all - done) / perSecond)))
                    .append(" left");
        }
        return line.toString();
    }

    private static String amount(long count, Unit unit) {
        return unit == Unit.BYTES ? Text.size(count) : String.format(Locale.ROOT, "%,d", count);
    }

    private static String duration(long seconds) {
        return seconds < 60 ? seconds + " s" : String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
    }

    /** Takes the line away. */
    @Override
    public synchronized void close() {
        if (isOnScreen) {
            err.print(CLEAR);
            err.flush();
            isOnScreen = false;
        }
    }
}
