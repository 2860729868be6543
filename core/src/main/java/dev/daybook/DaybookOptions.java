package dev.daybook;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * The settings of a {@link Daybook}; immutable, each {@code with} method gives a changed copy.
 *
 * @param outputFolder the folder in each commit that holds the experiment's metrics and plots; every DVC tool knows the default,
 *     {@code dvclive}
 * @param untracked globs, as Git's pathspecs have them, of untracked files that belong to the code of an experiment; none by default
 * @param takenName what {@code init} does with a name that is taken
 * @param journalDirectory where the journal lives; by default {@code daybook/journal} in the repository's Git folder. Not on a network
 *     file system
 * @param opensJvm whether Daybook may open the two packages of {@code java.base} that the journal needs by itself (default), or the
 *     command line does
 * @param recoversOnOpen whether saves that a crash has cut in half are finished when the Daybook is opened (default)
 * @param clock for the time of events and metric records; the system's by default
 * @param warnings takes each warning, one sentence; by default the SLF4J logger {@code dev.daybook}
 */
public record DaybookOptions(
        String outputFolder,
        List<String> untracked,
        TakenName takenName,
        Optional<Path> journalDirectory,
        boolean opensJvm,
        boolean recoversOnOpen,
        InstantSource clock,
        Consumer<String> warnings) {

    private static final DaybookOptions DEFAULTS = new DaybookOptions(
            "dvclive",
            List.of(),
            TakenName.NUMBER,
            Optional.empty(),
            true,
            true,
            InstantSource.system(),
            message -> LoggerFactory.getLogger("dev.daybook").warn(message));

    public DaybookOptions {
        untracked = List.copyOf(untracked);
        for (var segment : outputFolder.split("/", -1)) {
            if (!segment.matches("[A-Za-z0-9_-][A-Za-z0-9_.-]*")) {
                throw new InvalidInputException("output folder '" + outputFolder
                        + "' is no plain relative path; name a folder such as 'dvclive' or 'results/daybook'");
            }
        }
    }

    public static DaybookOptions defaults() {
        return DEFAULTS;
    }

    public DaybookOptions withOutputFolder(String folder) {
        return new DaybookOptions(
                folder, untracked, takenName, journalDirectory, opensJvm, recoversOnOpen, clock, warnings);
    }

    public DaybookOptions withUntracked(String... globs) {
        return new DaybookOptions(
                outputFolder, List.of(globs), takenName, journalDirectory, opensJvm, recoversOnOpen, clock, warnings);
    }

    public DaybookOptions withTakenName(TakenName policy) {
        return new DaybookOptions(
                outputFolder, untracked, policy, journalDirectory, opensJvm, recoversOnOpen, clock, warnings);
    }

    public DaybookOptions withJournalDirectory(Path directory) {
        return new DaybookOptions(
                outputFolder, untracked, takenName, Optional.of(directory), opensJvm, recoversOnOpen, clock, warnings);
    }

    public DaybookOptions withOpensJvm(boolean opens) {
        return new DaybookOptions(
                outputFolder, untracked, takenName, journalDirectory, opens, recoversOnOpen, clock, warnings);
    }

    public DaybookOptions withRecoversOnOpen(boolean recovers) {
        return new DaybookOptions(
                outputFolder, untracked, takenName, journalDirectory, opensJvm, recovers, clock, warnings);
    }

    public DaybookOptions withClock(InstantSource source) {
        return new DaybookOptions(
                outputFolder, untracked, takenName, journalDirectory, opensJvm, recoversOnOpen, source, warnings);
    }

    public DaybookOptions withWarnings(Consumer<String> consumer) {
        return new DaybookOptions(
                outputFolder, untracked, takenName, journalDirectory, opensJvm, recoversOnOpen, clock, consumer);
    }
}
