package dev.daybook.cli;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.RepositoryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command has, before or behind its name, and the Daybook that they open. */
final class Settings {

    private final Terminal terminal;

    @Option(
            names = "-C",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Use the repository around this folder, instead of the current one.")
    private Path directory = Path.of("");

    @Option(
            names = "--journal",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description =
                    "Where the journal is, if the program that logs sets it: by default daybook/journal in the Git folder.")
    private Optional<Path> journal = Optional.empty();

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Give the result as JSON, with all digits.")
    private boolean json;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean debug;

    Settings(Terminal terminal) {
        this.terminal = terminal;
    }

    boolean isJson() {
        return json;
    }

    boolean isDebug() {
        return debug;
    }

    /** Opens and writes nothing: what a crash has cut in half stays so until somebody asks. */
    Daybook open() {
        if (!Files.isDirectory(directory)) {
            throw new RepositoryException("there is no folder '" + directory + "'; give an existing one with -C");
        }
        var options = DaybookOptions.defaults().withRecoversOnOpen(false).withWarnings(terminal::warning);
        return Daybook.open(
                directory,
                journal.map(Path::toAbsolutePath)
                        .map(options::withJournalDirectory)
                        .orElse(options));
    }
}
