package dev.daybook.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The command without a verb: says what there is. */
@Command(
        name = "daybook",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        // each is a class; to look for methods takes time
        addMethodSubcommands = false,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        description = "Experiments of a Git repository: what a JVM training loop has logged, and what is saved of it.",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%nArguments:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:what was asked for could not be done; standard error says why",
            "2:wrong usage",
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  java -jar daybook.jar -C ~/projects/digits list",
            "",
            "Results go to standard output, warnings and errors to standard error.",
            "'daybook COMMAND --help' explains a command.",
        })
final class DaybookCommand {}
