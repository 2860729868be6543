package dev.daybook.git;

import dev.daybook.ExperimentSummary;
import dev.daybook.RepositoryException;
import dev.daybook.git.DvcTask.State;
import dev.daybook.git.dvc.DvcRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What DVC has under way. Its queue is a stash of its own, of which only the reflog says what is in it; what it runs is in files below
 * {@code .dvc/tmp/exps} of each DVC project. Both are DVC's own affair and may change with any version: what is not understood is passed
 * over.
 */
public final class DvcTasks {

    private static final Logger LOG = LoggerFactory.getLogger(DvcTasks.class);

    /** {@code <old> <new> Name <mail> 1764201600 +0000\tcommit: dvc-exp:<head>:<baseline>:<name>[:<branch>]}. */
    private static final Pattern STASHED = Pattern.compile(
            "[0-9a-f]{40} ([0-9a-f]{40}) .*> (\\d{1,12}) [-+]\\d{4}\tcommit: dvc-exp:[0-9a-f]+:([0-9a-f]{40}):([^:]*)(?::.*)?");

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final String TEMPORARY = ".dvc/tmp/exps";
    private static final String LIVE = "DVCLIVE_ONLY";
    private static final String WORKSPACE = "workspace";
    private static final int SHORT_DIGITS = 7;

    private final Repository repository;

    /** By commit, or by its folder or file. */
    private final Map<String, DvcTask> tasks = new LinkedHashMap<>();

    private DvcTasks(Repository repository) {
        this.repository = repository;
    }

    /**
     * The tasks of the repository around a folder: those that run, then those that wait, then those that failed.
     *
     * @throws RepositoryException if there is none
     */
    public static List<DvcTask> of(Path folder) {
        if (!mayHaveSome(folder.toAbsolutePath().normalize())) {
            return List.of();
        }
        try (var repository = Repositories.open(folder.toAbsolutePath())) {
            return of(repository);
        }
    }

    /** Nearly no repository has any; to open one with ten thousand refs takes time. */
    private static boolean mayHaveSome(Path start) {
        for (var folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(".git"))) {
                return !Files.isDirectory(folder.resolve(".git"))
                        || Files.exists(folder.resolve(".git/logs/refs/exps/celery"))
                        || TrackedProjects.of(folder, folder.resolve(".git/index")).stream()
                                .anyMatch(project -> Files.exists(project.resolve(TEMPORARY)));
            }
        }
        return true;
    }

    static List<DvcTask> of(Repository repository) {
        var all = new DvcTasks(repository);
        var projects = TrackedProjects.of(
                repository.getWorkTree().toPath(), repository.getIndexFile().toPath());
        try (var reading = new SavedReading(repository)) {
            for (var project : projects) {
                all.running(project.resolve(TEMPORARY + "/run"), reading);
                all.running(project.resolve(TEMPORARY + "/standalone/run"), reading);
            }
            all.stashed("stash", State.QUEUED, reading);
            all.stashed("failed", State.FAILED, reading);
        }
        return List.copyOf(all.tasks.values());
    }

    private void running(Path runs, SavedReading reading) {
        for (var entry : entries(runs)) {
            var name = entry.getFileName().toString();
            try {
                if (name.equals(LIVE)) {
                    live(entry);
                } else {
                    running(entry, name, reading);
                }
            } catch (IOException | RuntimeException e) {
                LOG.debug("{} is passed over: {}", entry, e.toString());
            }
        }
    }

    private static List<Path> entries(Path folder) {
        var entries = new ArrayList<Path>();
        try (var found = Files.newDirectoryStream(folder)) {
            found.forEach(entries::add);
        } catch (NoSuchFileException e) {
            return entries;
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} is passed over: {}", folder, e.toString());
        }
        entries.sort(null);
        return entries;
    }

    private void live(Path file) throws IOException {
        var content = Files.readAllBytes(file);
        var name = DvcRun.liveName(content);
        if (name.isPresent() && isAlive(content)) {
            var head = Repositories.head(repository).name();
            add(
                    file.toString(),
                    new DvcTask(name.get(), State.RUNNING, head, Optional.empty(), time(file), Map.of(), List.of()));
        }
    }

    private void running(Path folder, String id, SavedReading reading) throws IOException {
        var file = folder.resolve(id + ".run");
        if (!Files.isRegularFile(file)) {
            return;
        }
        var run = DvcRun.read(Files.readAllBytes(file));
        if (!run.isUnderWay() || !COMMIT.matcher(run.baseline()).matches() || !isAlive(folder, id, run)) {
            return;
        }
        boolean isCommit = COMMIT.matcher(id).matches();
        add(
                isCommit ? id : folder.toString(),
                isCommit
                        ? task(run.name(), State.RUNNING, run.baseline(), ObjectId.fromString(id), time(file), reading)
                        : new DvcTask(
                                run.name().orElse(id),
                                State.RUNNING,
                                run.baseline(),
                                Optional.empty(),
                                time(file),
                                Map.of(),
                                List.of()));
    }

    /**
     * A run in the work tree has the file of its process until its end, one in a folder of its own has the folder. DVC leaves another file
     * of a run in the work tree, under the id of what it began with, for ever.
     */
    private static boolean isAlive(Path folder, String id, DvcRun run) throws IOException {
        var process = folder.resolve(id + ".json");
        if (Files.exists(process)) {
            return isAlive(Files.readAllBytes(process));
        }
        return !id.equals(WORKSPACE)
                && !run.isInWorkTree()
                && !run.folder().isEmpty()
                && Files.isDirectory(Path.of(run.folder()));
    }

    private static boolean isAlive(byte[] process) throws IOException {
        var pid = DvcRun.process(process);
        return pid.isPresent() && ProcessHandle.of(pid.getAsLong()).isPresent();
    }

    private static Instant time(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant();
    }

    private void stashed(String stash, State state, SavedReading reading) {
        var log = repository.getCommonDirectory().toPath().resolve("logs/refs/exps/celery/" + stash);
        try {
            // whatever its bytes: a line that is none is passed over
            var lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).split("\n", -1);
            for (var line : lines) {
                var matcher = STASHED.matcher(line);
                if (matcher.matches()) {
                    var commit = ObjectId.fromString(matcher.group(1));
                    add(
                            commit.name(),
                            task(
                                    Optional.of(matcher.group(4)).filter(name -> !name.isEmpty()),
                                    state,
                                    matcher.group(3),
                                    commit,
                                    Instant.ofEpochSecond(Long.parseLong(matcher.group(2))),
                                    reading));
                }
            }
        } catch (NoSuchFileException e) {
            // nothing was ever queued
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} is passed over: {}", log, e.toString());
        }
    }

    /** Its metrics are those of the code that it begins with, and none of its own. */
    private static DvcTask task(
            Optional<String> name, State state, String baseline, ObjectId commit, Instant time, SavedReading reading) {
        var shown = name.orElseGet(() -> commit.abbreviate(SHORT_DIGITS).name());
        var record = SavedReader.read(reading, new SavedName(shown, "", commit, baseline))
                .record();
        return new DvcTask(
                shown,
                state,
                baseline,
                Optional.of(commit.name()),
                time,
                ExperimentSummary.of(record).params(),
                record.problems());
    }

    /** What runs may not have left the queue yet. */
    private void add(String id, DvcTask task) {
        tasks.putIfAbsent(id, task);
    }
}
