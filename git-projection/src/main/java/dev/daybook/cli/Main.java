package dev.daybook.cli;

import picocli.CommandLine;

/** The entry of the executable jar. Exit codes: 0 done, 1 could not be done, 2 wrong usage. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        QuietJvm.hush();
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** A whole run, except for the end of the process. */
    static int run(Terminal terminal, String... args) {
        var settings = new Settings(terminal);
        var failures = new Failures(terminal, settings);
        var commandLine = new CommandLine(new DaybookCommand())
                .addMixin("settings", settings)
                .addSubcommand(new ListCommand(settings, terminal))
                .addSubcommand(new ShowCommand(settings, terminal))
                .addSubcommand(new HistoryCommand(settings, terminal))
                .addSubcommand(new TailCommand(settings, terminal))
                .addSubcommand(new DiffCommand(settings, terminal))
                .addSubcommand(new StatusCommand(settings, terminal))
                .addSubcommand(new ApplyCommand(settings, terminal))
                .addSubcommand(new BranchCommand(settings, terminal))
                .addSubcommand(new TagCommand(settings, terminal))
                .addSubcommand(new NoteCommand(settings, terminal))
                .addSubcommand(new RenameCommand(settings, terminal))
                .addSubcommand(new RemoveCommand(settings, terminal))
                .addSubcommand(new RestoreCommand(settings, terminal))
                .addSubcommand(new SaveCommand(settings, terminal))
                .addSubcommand(new DiscardCommand(settings, terminal))
                .addSubcommand(new PushCommand(settings, terminal))
                .addSubcommand(new PullCommand(settings, terminal))
                .addSubcommand(new RecoverCommand(settings, terminal))
                .addSubcommand(new VerifyCommand(settings, terminal))
                .addSubcommand(new GcCommand(settings, terminal))
                .addSubcommand(new DvcInitCommand(settings, terminal))
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
}
