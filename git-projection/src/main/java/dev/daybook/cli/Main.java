package dev.daybook.cli;

import dev.daybook.git.SavedExperiments;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;

/** The entry of the executable jar. Exit codes: 0 done, 1 could not be done, 2 wrong usage. */
public final class Main {

    /** In the order in which the help lists them. */
    static final List<String> VERBS = List.of(
            "list",
            "show",
            "history",
            "tail",
            "diff",
            "status",
            "apply",
            "branch",
            "tag",
            "note",
            "rename",
            "remove",
            "restore",
            "save",
            "discard",
            "push",
            "pull",
            "recover",
            "verify",
            "gc",
            "dvc-init");

    private Main() {}

    public static void main(String[] args) {
        SavedExperiments.prepare();
        QuietJvm.hush();
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** A whole run, except for the end of the process. */
    static int run(Terminal terminal, String... args) {
        var settings = new Settings(terminal);
        var failures = new Failures(terminal, settings);
        var program = settings.addTo(Syntax.ofProgram(
                                "daybook",
                                "Experiments of a Git repository: what a JVM training loop has logged, and what is saved of it.")
                        .examples(
                                "  java -jar daybook.jar -C ~/projects/digits list",
                                "",
                                "Results go to standard output, warnings and errors to standard error.",
                                "'daybook COMMAND --help' explains a command.")
                        .help())
                .spec();
        for (var name : wanted(args)) {
            program.addSubcommand(
                    name, verb(name, settings, terminal).syntax().help().spec());
        }
        var commandLine = new CommandLine(program)
                .setOut(terminal.out())
                .setErr(terminal.err())
                // a name may begin with @, and is no file of arguments
                .setExpandAtFiles(false)
                .setExecutionStrategy(new Checked(settings))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
        int code;
        try {
            code = commandLine.execute(args);
        } catch (Error e) {
            // picocli hands only exceptions to its handlers
            code = failures.failed(e);
        }
        return terminal.flush() ? code : failures.unwritten();
    }

    /** Just the command that is called, where that is clear: to make all of them takes longer than most of them take. */
    private static List<String> wanted(String... args) {
        return args.length > 0 && VERBS.contains(args[0]) ? List.of(args[0]) : VERBS;
    }

    private static Verb verb(String name, Settings settings, Terminal terminal) {
        return switch (name) {
            case "list" -> new ListCommand(settings, terminal);
            case "show" -> new ShowCommand(settings, terminal);
            case "history" -> new HistoryCommand(settings, terminal);
            case "tail" -> new TailCommand(settings, terminal);
            case "diff" -> new DiffCommand(settings, terminal);
            case "status" -> new StatusCommand(settings, terminal);
            case "apply" -> new ApplyCommand(settings, terminal);
            case "branch" -> new BranchCommand(settings, terminal);
            case "tag" -> new TagCommand(settings, terminal);
            case "note" -> new NoteCommand(settings, terminal);
            case "rename" -> new RenameCommand(settings, terminal);
            case "remove" -> new RemoveCommand(settings, terminal);
            case "restore" -> new RestoreCommand(settings, terminal);
            case "save" -> new SaveCommand(settings, terminal);
            case "discard" -> new DiscardCommand(settings, terminal);
            case "push" -> new PushCommand(settings, terminal);
            case "pull" -> new PullCommand(settings, terminal);
            case "recover" -> new RecoverCommand(settings, terminal);
            case "verify" -> new VerifyCommand(settings, terminal);
            case "gc" -> new GcCommand(settings, terminal);
            case "dvc-init" -> new DvcInitCommand(settings, terminal);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** No lambda: picocli's interfaces are so old that the JVM keeps none of them ready. */
    private record Checked(Settings settings) implements IExecutionStrategy {

        @Override
        public int execute(ParseResult parsed) {
            return settings.execute(parsed);
        }
    }
}
