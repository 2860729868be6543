package dev.daybook.cli;

import dev.daybook.DaybookException;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What goes wrong, as one sentence and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final Terminal terminal;
    private final Settings settings;

    Failures(Terminal terminal, Settings settings) {
        this.terminal = terminal;
        this.settings = settings;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        var command = e.getCommandLine();
        var sentence = e instanceof UnmatchedArgumentException unmatched
                ? unmatched(unmatched, command)
                : lowerFirst(String.valueOf(e.getMessage()));
        return wrongUsage(sentence, command);
    }

    private int wrongUsage(String sentence, CommandLine command) {
        terminal.error(sentence + "; see '" + command.getCommandSpec().qualifiedName() + " --help'");
        return ExitCode.USAGE;
    }

    /** picocli's own messages count arguments from 0. */
    private static String unmatched(UnmatchedArgumentException e, CommandLine command) {
        var argument = e.getUnmatched().get(0);
        var kind = "unexpected argument";
        if (e.isUnknownOption()) {
            kind = "unknown option";
        } else if (!command.getSubcommands().isEmpty()) {
            kind = "unknown command";
        }
        return kind + " '" + argument + "'"
                + e.getSuggestions().stream()
                        .findFirst()
                        .map(name -> ", did you mean '" + name + "'?")
                        .orElse("");
    }

    /** picocli's messages are sentences, and begin like one. */
    private static String lowerFirst(String message) {
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        return e instanceof WrongUsageException ? wrongUsage(String.valueOf(e.getMessage()), command) : failed(e);
    }

    /** Daybook's own exceptions say what to do; of all others we know nothing but how to learn more. */
    int failed(Throwable thrown) {
        if (settings.isDebug()) {
            terminal.trace(thrown);
        }
        if (thrown instanceof DaybookException known) {
            terminal.error(String.valueOf(known.getMessage()));
            Stream.of(known.getSuppressed())
                    .filter(DaybookException.class::isInstance)
                    .forEach(also -> terminal.note(String.valueOf(also.getMessage())));
        } else {
            terminal.error("an error that was not foreseen: " + thrown
                    + (settings.isDebug() ? "" : "; run it again with --debug for the stack trace, and report that"));
        }
        return ExitCode.SOFTWARE;
    }

    int unwritten() {
        terminal.error("the result could not be written to standard output; is the disk full, or did its reader end?");
        return ExitCode.SOFTWARE;
    }
}
