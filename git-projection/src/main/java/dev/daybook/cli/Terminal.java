package dev.daybook.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.daybook.Progress;
import java.io.Console;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a command speaks: results on standard output, all else on standard error. */
final class Terminal {

    private static final int USUAL_COLUMNS = 120;
    private static final int NARROW_COLUMNS = 80;
    private static final long ANSWER_MILLIS = 500;
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final int MOMENT_CHARACTERS = 23;
    private static final int NANOS_OF_A_MILLISECOND = 1_000_000;

    private final PrintWriter out;
    private final PrintWriter err;
    private final Optional<PrintWriter> csv;
    private final Optional<IntSupplier> columns;
    private final boolean isColoured;
    private final Supplier<ZoneId> zone;
    private final Optional<LongSupplier> nanos;
    private OptionalInt knownColumns = OptionalInt.empty();
    private Optional<ProgressLine> progress = Optional.empty();

    /**
     * The surroundings of one run in which no time passes, without colours.
     *
     * @param columns the width that a table has to fit in; empty if nobody looks at it
     * @param zone of the times that are shown
     */
    Terminal(PrintWriter out, PrintWriter err, OptionalInt columns, ZoneId zone) {
        this(out, err, columns, zone, false, () -> 0);
    }

    /** @param nanos the clock of what is shown of progress, where somebody looks */
    Terminal(
            PrintWriter out,
            PrintWriter err,
            OptionalInt columns,
            ZoneId zone,
            boolean isColoured,
            LongSupplier nanos) {
        this(
                out,
                err,
                Optional.empty(),
                columns.isPresent() ? Optional.of(columns::getAsInt) : Optional.empty(),
                () -> zone,
                isColoured,
                columns.isPresent() ? Optional.of(nanos) : Optional.empty());
    }

    /**
     * @param csv takes the place of {@code out} for what programs read, where people read something else
     * @param zone asked for where a time is shown only: the rules of all zones take long to load
     * @param nanos the clock of what is shown of progress; empty if nothing is
     */
    private Terminal(
            PrintWriter out,
            PrintWriter err,
            Optional<PrintWriter> csv,
            Optional<IntSupplier> columns,
            Supplier<ZoneId> zone,
            boolean isColoured,
            Optional<LongSupplier> nanos) {
        this.out = out;
        this.err = err;
        this.csv = csv;
        this.columns = columns;
        this.isColoured = isColoured;
        this.zone = zone;
        this.nanos = nanos;
    }

    /** This process's. */
    static Terminal ofProcess() {
        boolean isTerminal = isTerminal(System.console());
        var charset = charset("stdout.encoding");
        Text.escapeBeyond(charset);
        return new Terminal(
                writer(FileDescriptor.out, charset),
                writer(FileDescriptor.err, charset("stderr.encoding")),
                isTerminal ? Optional.empty() : Optional.of(writer(FileDescriptor.out, StandardCharsets.UTF_8)),
                isTerminal ? Optional.of(Terminal::columnsOfProcess) : Optional.empty(),
                ZoneId::systemDefault,
                isTerminal && wantsColours(System.getenv()),
                isTerminal(STANDARD_ERROR, isTerminal) ? Optional.of(System::nanoTime) : Optional.empty());
    }

    /** See no-color.org. */
    static boolean wantsColours(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** Not around System.out, which would keep a full disk to itself. */
    private static PrintWriter writer(FileDescriptor to, Charset charset) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(to), charset));
    }

    /** Before Java 19 the default is what the locale says. */
    private static Charset charset(String encodingProperty) {
        return Optional.ofNullable(System.getProperty(encodingProperty))
                .map(Charset::forName)
                .orElseGet(Charset::defaultCharset);
    }

    private static int columnsOfProcess() {
        return Optional.ofNullable(System.getenv("COLUMNS"))
                .flatMap(Terminal::parseColumns)
                .or(Terminal::askTerminal)
                .orElse(USUAL_COLUMNS);
    }

    private static Optional<Integer> parseColumns(String text) {
        return text.matches("[1-9][0-9]{0,5}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    /** Shells do not export COLUMNS. Where there is no {@code stty}, or it knows nothing, there is no answer. */
    private static Optional<Integer> askTerminal() {
        try {
            var process = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                if (!process.waitFor(ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
                    return Optional.empty();
                }
                var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
                return parseColumns(answer.substring(answer.indexOf(' ') + 1));
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** From Java 22 on there may be a console where there is no terminal, and a method that tells. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }

    /**
     * Whether a file of this process is a terminal, as Linux names it.
     *
     * @param otherwise if there is no such name
     */
    static boolean isTerminal(Path file, boolean otherwise) {
        try {
            var name = Files.readSymbolicLink(file).toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return otherwise;
        }
    }

    PrintWriter out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    /** Whether somebody looks at the results. */
    boolean isWatched() {
        return columns.isPresent();
    }

    private OptionalInt columns() {
        if (knownColumns.isEmpty() && columns.isPresent()) {
            knownColumns = OptionalInt.of(columns.get().getAsInt());
        }
        return knownColumns;
    }

    /** Shows how far something is, if that takes long and somebody looks; goes when anything else is said. */
    Progress progress() {
        if (progress.isEmpty()) {
            progress = nanos.map(
                    clock -> new ProgressLine(err, clock, () -> columns().orElse(NARROW_COLUMNS)));
        }
        return progress.<Progress>map(line -> line).orElse(Progress.NONE);
    }

    /** Where results go, once no progress is in their way. */
    private PrintWriter result() {
        progress.ifPresent(ProgressLine::clear);
        return out;
    }

    /** A table, as wide as the terminal at most where somebody looks; its cells were made harmless one by one. */
    void table(Table table) {
        int fitting = table.fit(columns());
        table.lines(fitting, isColoured).forEach(line -> result().print(line + "\n"));
        var omitted = table.headerFrom(fitting);
        if (!omitted.isEmpty()) {
            note("left out for want of width: " + String.join(", ", omitted) + "; set COLUMNS, or use --json for all");
        }
    }

    /** A line of a file that a program reads as it is, in UTF-8 under every locale; only a terminal is kept from obeying it. */
    void csvLine(String text) {
        csv.orElse(result()).print((columns.isPresent() ? Text.printable(text) : text) + "\r\n");
    }

    /** A line of the result; whatever it holds stays one line. */
    void line(String text) {
        result().print(Text.printable(text) + "\n");
    }

    void json(JsonNode result) {
        Json.write(result, result());
        out.print("\n");
    }

    /** An array; its items are asked for one by one. */
    void jsonArray(Stream<?> items) {
        Json.writeArray(items.iterator(), result());
        out.print("\n");
    }

    /** One of many results, on a line of its own. */
    void jsonLine(JsonNode result) {
        result().print(Json.line(result) + "\n");
    }

    void warning(String sentence) {
        say("warning: " + sentence);
    }

    void error(String sentence) {
        say("daybook: " + sentence);
    }

    /** Something worth knowing, where nothing is wrong. */
    void note(String sentence) {
        say(sentence);
    }

    void trace(Throwable thrown) {
        progress.ifPresent(ProgressLine::clear);
        thrown.printStackTrace(err);
    }

    private void say(String sentence) {
        var results = result();
        if (isWatched()) {
            // both are read in one place, in the order in which they were written
            results.flush();
        }
        err.print(Text.printable(sentence) + "\n");
        err.flush();
    }

    /** A moment as people here read it; written by hand, because a list has very many of them. */
    String minute(Instant time) {
        return text(time, false);
    }

    /** To the millisecond, where the order matters. */
    String moment(Instant time) {
        return text(time, true);
    }

    private String text(Instant time, boolean isExact) {
        var local = LocalDateTime.ofInstant(time, zone.get());
        if (local.getYear() < 1000 || local.getYear() > 9999) {
            return local.truncatedTo(isExact ? ChronoUnit.MILLIS : ChronoUnit.MINUTES)
                    .toString()
                    .replace('T', ' ');
        }
        var text = new StringBuilder(MOMENT_CHARACTERS).append(local.getYear());
        twoDigits(text.append('-'), local.getMonthValue());
        twoDigits(text.append('-'), local.getDayOfMonth());
        twoDigits(text.append(' '), local.getHour());
        twoDigits(text.append(':'), local.getMinute());
        if (isExact) {
            twoDigits(text.append(':'), local.getSecond());
            int millis = local.getNano() / NANOS_OF_A_MILLISECOND;
            twoDigits(text.append('.').append((char) ('0' + millis / 100)), millis % 100);
        }
        return text.toString();
    }

    private static void twoDigits(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** Writes what is still held back; false if the result did not get out. */
    boolean flush() {
        var results = result();
        err.flush();
        return !results.checkError() && csv.stream().noneMatch(PrintWriter::checkError);
    }
}
