package dev.daybook;

import dev.daybook.port.JournalSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * The settings of a {@link Daybook}; immutable, each {@code with} method gives a changed copy.
 *
 * @param outputFolder the folder in each commit that holds the experiment's metrics and plots; every DVC tool knows the default,
 *     {@code dvclive}
 * @param code which files are the code of an experiment; the tracked ones by default
 * @param takenName what {@code init} does with a name that is taken
 * @param journalDirectory where the journal lives; by default {@code daybook/journal} in the repository's Git folder. Not on a network
 *     file system
 * @param opensJvm whether Daybook may open the two packages of {@code java.base} that the journal needs by itself (default), or the
 *     command line does
 * @param recoversOnOpen whether saves that a crash has cut in half are finished when the Daybook is opened (default)
 * @param durability what is forced to disk when; {@link Durability#INTERVAL} by default
 * @param generationBytes how large a generation of the journal grows before the next one is begun, in bytes; 256 MiB by default
 * @param retention how long the journal of experiments that are saved or discarded is kept; 30 days or 2 GiB by default
 * @param clock for the time of events and metric records; the system's by default
 * @param warnings takes each warning, one sentence; by default the SLF4J logger {@code dev.daybook}
 * @param progress is told how far it is where very many experiments are read, or the journal is verified or collected; by default nobody
 */
public record DaybookOptions(
        String outputFolder,
        CodeScope code,
        TakenName takenName,
        Optional<Path> journalDirectory,
        boolean opensJvm,
        boolean recoversOnOpen,
        Durability durability,
        long generationBytes,
        Retention retention,
        InstantSource clock,
        Consumer<String> warnings,
        Progress progress) {

    private static final DaybookOptions DEFAULTS = new DaybookOptions(
            "dvclive",
            CodeScope.tracked(),
            TakenName.NUMBER,
            Optional.empty(),
            true,
            true,
            Durability.INTERVAL,
            256L << 20,
            Retention.DEFAULT,
            InstantSource.system(),
            message -> LoggerFactory.getLogger("dev.daybook").warn(message),
            Progress.NONE);

    /** Below that a generation would hold little but its own beginning. */
    private static final long LEAST_GENERATION_BYTES = 1L << 20;

    public DaybookOptions {
        if (generationBytes < LEAST_GENERATION_BYTES) {
            throw new InvalidInputException("generations of " + generationBytes + " bytes are too small; give at least "
                    + LEAST_GENERATION_BYTES);
        }
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
        return changed(draft -> draft.outputFolder = folder);
    }

    public DaybookOptions withCode(CodeScope scope) {
        return changed(draft -> draft.code = scope);
    }

    /** Short for {@link #withCode} of {@link CodeScope#untracked}. */
    public DaybookOptions withUntracked(String... globs) {
        return withCode(CodeScope.untracked(globs));
    }

    public DaybookOptions withTakenName(TakenName policy) {
        return changed(draft -> draft.takenName = policy);
    }

    public DaybookOptions withJournalDirectory(Path directory) {
        return changed(draft -> draft.journalDirectory = Optional.of(directory));
    }

    public DaybookOptions withOpensJvm(boolean opens) {
        return changed(draft -> draft.opensJvm = opens);
    }

    public DaybookOptions withRecoversOnOpen(boolean recovers) {
        return changed(draft -> draft.recoversOnOpen = recovers);
    }

    public DaybookOptions withDurability(Durability level) {
        return changed(draft -> draft.durability = level);
    }

    public DaybookOptions withGenerationBytes(long bytes) {
        return changed(draft -> draft.generationBytes = bytes);
    }

    public DaybookOptions withRetention(Retention rule) {
        return changed(draft -> draft.retention = rule);
    }

    public DaybookOptions withClock(InstantSource source) {
        return changed(draft -> draft.clock = source);
    }

    public DaybookOptions withWarnings(Consumer<String> consumer) {
        return changed(draft -> draft.warnings = consumer);
    }

    public DaybookOptions withProgress(Progress listener) {
        return changed(draft -> draft.progress = listener);
    }

    private DaybookOptions changed(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** A copy that one setting is changed of. */
    private static final class Draft {

        private String outputFolder;
        private CodeScope code;
        private TakenName takenName;
        private Optional<Path> journalDirectory;
        private boolean opensJvm;
        private boolean recoversOnOpen;
        private Durability durability;
        private long generationBytes;
        private Retention retention;
        private InstantSource clock;
        private Consumer<String> warnings;
        private Progress progress;

        Draft(DaybookOptions options) {
            outputFolder = options.outputFolder;
            code = options.code;
            takenName = options.takenName;
            journalDirectory = options.journalDirectory;
            opensJvm = options.opensJvm;
            recoversOnOpen = options.recoversOnOpen;
            durability = options.durability;
            generationBytes = options.generationBytes;
            retention = options.retention;
            clock = options.clock;
            warnings = options.warnings;
            progress = options.progress;
        }

        DaybookOptions options() {
            return new DaybookOptions(
                    outputFolder,
                    code,
                    takenName,
                    journalDirectory,
                    opensJvm,
                    recoversOnOpen,
                    durability,
                    generationBytes,
                    retention,
                    clock,
                    warnings,
                    progress);
        }
    }

    JournalSettings journalSettings() {
        return new JournalSettings(
                opensJvm,
                JournalSettings.Force.valueOf(durability.name()),
                generationBytes,
                retention.age(),
                retention.bytes());
    }
}
