package dev.daybook.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Where a command speaks: results on standard output, all else on standard error. */
final class Terminal {

    private static final int USUAL_COLUMNS = 120;

    private final PrintWriter out;
    private final PrintWriter err;
    private final OptionalInt columns;
    private final DateTimeFormatter minutes;
    private final DateTimeFormatter moments;

    /**
     * The surroundings of one run.
     *
     * @param columns the width that a table has to fit in; empty if nobody looks at it
     * @param zone of the times that are shown
     */
    Terminal(PrintWriter out, PrintWriter err, OptionalInt columns, ZoneId zone) {
        this.out = out;
        this.err = err;
        this.columns = columns;
        this.minutes =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(zone);
        this.moments = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT)
                .withZone(zone);
    }

    /** This process's. */
    static Terminal ofProcess() {
        return new Terminal(
                writer(FileDescriptor.out, "stdout.encoding"),
                writer(FileDescriptor.err, "stderr.encoding"),
                columnsOfProcess(),
                ZoneId.systemDefault());
    }

    /** Not around System.out, which would keep a full disk to itself. Before Java 19 the default is what the locale says. */
    private static PrintWriter writer(FileDescriptor to, String encodingProperty) {
        var charset = Optional.ofNullable(System.getProperty(encodingProperty))
                .map(Charset::forName)
                .orElseGet(Charset::defaultCharset);
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(to), charset));
    }

    private static OptionalInt columnsOfProcess() {
        if (!isTerminal(System.console())) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Optional.ofNullable(System.getenv("COLUMNS"))
                .filter(text -> text.matches("[1-9][0-9]{0,5}"))
                .map(Integer::valueOf)
                .orElse(USUAL_COLUMNS));
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

    PrintWriter out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    OptionalInt columns() {
        return columns;
    }

    /** A line of the result; whatever it holds stays one line. */
    void line(String text) {
        out.print(Text.printable(text) + "\n");
    }

    void json(JsonNode result) {
        out.print(Json.text(result) + "\n");
    }

    /** One of many results, on a line of its own. */
    void jsonLine(JsonNode result) {
        out.print(Json.line(result) + "\n");
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
        thrown.printStackTrace(err);
    }

    private void say(String sentence) {
        err.print(Text.printable(sentence) + "\n");
        err.flush();
    }

    /** A moment as people here read it. */
    String minute(Instant time) {
        return minutes.format(time);
    }

    /** To the millisecond, where the order matters. */
    String moment(Instant time) {
        return moments.format(time);
    }

    /** Writes what is still held back; false if the result did not get out. */
    boolean flush() {
        err.flush();
        return !out.checkError();
    }
}
