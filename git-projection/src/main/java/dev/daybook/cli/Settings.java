package dev.daybook.cli;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Progress;
import dev.daybook.RepositoryException;
import dev.daybook.git.SavedExperiments;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The options that every command has, before or behind its name, and the Daybook that they open. */
final class Settings {

    private final Terminal terminal;

    private Path directory = Path.of("");
    private Optional<Path> journal = Optional.empty();
    private boolean json;
    private boolean debug;

    Settings(Terminal terminal) {
        this.terminal = terminal;
    }

    Syntax addTo(Syntax syntax) {
        var folder = new Folder();
        return syntax.optionOfAll(
                        "-C",
                        "DIR",
                        Optional.empty(),
                        Path.class,
                        folder,
                        "Use the repository around this folder, instead of the current one.",
                        given -> directory = given.orElse(directory))
                .optionOfAll(
                        "--journal",
                        "DIR",
                        Optional.of(""),
                        Path.class,
                        folder,
                        "Where the journal is, if the program that logs sets it: by default daybook/journal in the Git folder.",
                        given -> journal = given)
                .flagOfAll("--json", "Give the result as JSON, with all digits.", () -> json = true)
                .flagOfAll("--debug", "Print the stack trace of an error.", () -> debug = true);
    }

    boolean isJson() {
        return json;
    }

    /** The folder in or below the work tree. */
    Path directory() {
        return directory;
    }

    /** What a git command has to be given so that it works on the same repository, with a space before it; empty for the current folder. */
    String gitOption() {
        var text = directory.toString();
        return text.isEmpty() ? "" : " -C '" + text.replace("'", "'\\''") + "'";
    }

    /** Is shown to people. */
    Progress progress() {
        return json ? Progress.NONE : terminal.progress();
    }

    boolean isDebug() {
        return debug;
    }

    /** Whether the option is there, with a folder or without one. */
    boolean isJournalGiven() {
        return journal.isPresent();
    }

    /** Without its folder the option means something to one command only, which collects what it names. */
    private boolean isFolderMissing() {
        return journal.filter(path -> path.toString().isEmpty()).isPresent();
    }

    /**
     * Runs the command once what every command has is known to be right.
     *
     * @return the exit code
     */
    int execute(ParseResult parsed) {
        var commands = parsed.asCommandLineList();
        var last = commands.get(commands.size() - 1);
        if (isFolderMissing() && !(last.getCommand() instanceof GcCommand)) {
            throw new ParameterException(last, "missing required parameter for option '--journal' (DIR)");
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** Opens and writes nothing: what a crash has cut in half stays so until somebody asks. */
    Daybook open() {
        return open(UnaryOperator.identity());
    }

    /** What is saved, without the journal. */
    SavedExperiments openSaved() {
        requireDirectory();
        return SavedExperiments.open(directory);
    }

    private void requireDirectory() {
        if (!Files.isDirectory(directory)) {
            throw new RepositoryException("there is no folder '" + directory + "'; give an existing one with -C");
        }
    }

    /** As {@link #open()}, with other options besides. */
    Daybook open(UnaryOperator<DaybookOptions> changed) {
        requireDirectory();
        var folder = journal.filter(path -> !isFolderMissing());
        if (folder.isPresent() && !Files.isDirectory(folder.get())) {
            throw new RepositoryException("there is no journal folder '" + folder.get()
                    + "'; give the one that the program uses with --journal");
        }
        var options = changed.apply(DaybookOptions.defaults()
                .withRecoversOnOpen(false)
                .withWarnings(terminal::warning)
                .withProgress(progress()));
        return Daybook.open(
                directory,
                folder.map(Path::toAbsolutePath)
                        .map(options::withJournalDirectory)
                        .orElse(options));
    }

    /** picocli's own would be looked up by reflection. */
    private static final class Folder implements ITypeConverter<Path> {

        @Override
        public Path convert(String text) {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new TypeConversionException("'" + text + "' is no path: " + e.getReason());
            }
        }
    }
}
