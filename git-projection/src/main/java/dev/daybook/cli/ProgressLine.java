package dev.daybook.cli;

import dev.daybook.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Shows how far something is on one line of the terminal, once it takes longer than a second: what, how much, how fast, how long still. */
final class ProgressLine implements Progress {

    private static final long NANOS = 1_000_000_000L;
    private static final long BETWEEN_NANOS = NANOS / 5;
    private static final int FEW = 10;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final LongSupplier nanos;
    private final IntSupplier columns;
    private final long begun;
    private String what = "";
    private long stepBegun;
    private long before;
    private long shown;
    private boolean isOnScreen;

    /**
     * @param nanos a clock
     * @param columns how wide the terminal is; asked once there is something to show
     */
    ProgressLine(PrintWriter err, LongSupplier nanos, IntSupplier columns) {
        this.err = err;
        this.nanos = nanos;
        this.columns = columns;
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
        if (now - begun >= NANOS && (!isOnScreen || now - shown >= BETWEEN_NANOS)) {
            shown = now;
            isOnScreen = true;
            // the cursor stays on the line, behind its end
            err.print(CLEAR + Text.cut(Text.printable(line(done, all, unit, now - stepBegun)), columns.getAsInt() - 1));
            err.flush();
        }
    }

    private String line(long done, long all, Unit unit, long took) {
        var line = new StringBuilder(what + "  " + amount(done, unit) + " of " + amount(all, unit));
        if (took > 0 && done > before) {
            double perSecond = (done - before) * (double) NANOS / took;
            line.append("  ").append(rate(perSecond, unit)).append("/s");
            line.append("  ")
                    .append(duration((long) Math.ceil((all - done) / perSecond)))
                    .append(" left");
        }
        return line.toString();
    }

    private static String amount(long count, Unit unit) {
        return unit == Unit.BYTES ? Text.size(count) : String.format(Locale.ROOT, "%,d", count);
    }

    private static String rate(double perSecond, Unit unit) {
        boolean isSlow = unit == Unit.ITEMS && perSecond < FEW;
        return isSlow ? String.format(Locale.ROOT, "%.1f", perSecond) : amount((long) perSecond, unit);
    }

    private static String duration(long seconds) {
        return seconds < 60 ? seconds + " s" : String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
    }

    /** Takes the line away, until there is more to show. */
    synchronized void clear() {
        if (isOnScreen) {
            err.print(CLEAR);
            err.flush();
            isOnScreen = false;
        }
    }
}
