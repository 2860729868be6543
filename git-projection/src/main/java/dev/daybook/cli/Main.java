package dev.daybook.cli;

import dev.daybook.git.SavedExperiments;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The entry of the executable jar. Exit codes: 0 done, 1 could not be done, 2 wrong usage. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        QuietJvm.hush();
        SavedExperiments.prepare();
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** A whole run, except for the end of the process. */
    static int run(Terminal terminal, String... args) {
        var settings = new Settings(terminal);
        var failures = new Failures(terminal, settings);
        var commandLine = new CommandLine(new DaybookCommand()).addMixin("settings", settings);
        wanted(commands(settings, terminal), args).forEach(command -> commandLine.addSubcommand(command.get()));
        commandLine
                .setOut(terminal.out())
                .setErr(terminal.err())
                // a name may begin with @, and is no file of arguments
                .setExpandAtFiles(false)
                .setExecutionStrategy(settings::execute)
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

    /** By name, in the order in which the help lists them. */
    private static Map<String, Supplier<Object>> commands(Settings settings, Terminal terminal) {
        var commands = new LinkedHashMap<String, Supplier<Object>>();
        commands.put("list", () -> new ListCommand(settings, terminal));
        commands.put("show", () -> new ShowCommand(settings, terminal));
        commands.put("history", () -> new HistoryCommand(settings, terminal));
        commands.put("tail", () -> new TailCommand(settings, terminal));
        commands.put("diff", () -> new DiffCommand(settings, terminal));
        commands.put("status", () -> new StatusCommand(settings, terminal));
        commands.put("apply", () -> new ApplyCommand(settings, terminal));
        commands.put("branch", () -> new BranchCommand(settings, terminal));
        commands.put("tag", () -> new TagCommand(settings, terminal));
        commands.put("note", () -> new NoteCommand(settings, terminal));
        commands.put("rename", () -> new RenameCommand(settings, terminal));
        commands.put("remove", () -> new RemoveCommand(settings, terminal));
        commands.put("restore", () -> new RestoreCommand(settings, terminal));
        commands.put("save", () -> new SaveCommand(settings, terminal));
        commands.put("discard", () -> new DiscardCommand(settings, terminal));
        commands.put("push", () -> new PushCommand(settings, terminal));
        commands.put("pull", () -> new PullCommand(settings, terminal));
        commands.put("recover", () -> new RecoverCommand(settings, terminal));
        commands.put("verify", () -> new VerifyCommand(settings, terminal));
        commands.put("gc", () -> new GcCommand(settings, terminal));
        commands.put("dvc-init", () -> new DvcInitCommand(settings, terminal));
        return commands;
    }

    /** Just the command that is called, where that is clear: to look through all of them takes longer than most of them take. */
    private static Collection<Supplier<Object>> wanted(Map<String, Supplier<Object>> commands, String... args) {
        var called = args.length == 0 ? null : commands.get(args[0]);
        return called == null ? commands.values() : List.of(called);
    }
}
