package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.SavedExperiment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A Git repository for one test, which knows nothing of the user who runs it. */
record TestRepository(Path folder) {

    /** Makes it with one commit, the same each time, of a {@code params.yaml}. */
    static TestRepository create(Path folder) {
        var repository = new TestRepository(folder);
        repository.git("init", "--quiet", "--initial-branch=main");
        repository.git("config", "user.name", "Ada");
        repository.git("config", "user.email", "ada@example.org");
        repository.commit("params.yaml", "lr: 0.1\n");
        return repository;
    }

    /** Isolates a child process that will run git. */
    static void isolate(ProcessBuilder process) {
        process.environment()
                .putAll(Map.of(
                        "GIT_CONFIG_GLOBAL", "/dev/null",
                        "GIT_CONFIG_SYSTEM", "/dev/null",
                        "GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z",
                        "GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z",
                        "LC_ALL", "C.UTF-8"));
    }

    /** What git prints, without the last line's end. */
    String git(String... args) {
        var command = new ProcessBuilder(
                        Stream.concat(Stream.of("git"), Arrays.stream(args)).toList())
                .directory(folder.toFile())
                .redirectErrorStream(true);
        isolate(command);
        try {
            var process = command.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("git ends").isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a file and commits it. */
    String commit(String file, String content) {
        write(file, content);
        git("add", "--all");
        git("commit", "--quiet", "--message", "Add " + file);
        return head();
    }

    String head() {
        return git("rev-parse", "HEAD");
    }

    /** As {@code ab/cdef...}, the way refs have it. */
    String headOfRef() {
        return head().substring(0, 2) + "/" + head().substring(2);
    }

    Path gitFolder() {
        return folder.resolve(".git");
    }

    /** Runs the command line on it, in this process. */
    Result daybook(String... args) {
        return daybook(OptionalInt.empty(), args);
    }

    /** As {@link #daybook(String...)}, on a terminal of some width. */
    Result daybook(OptionalInt columns, String... args) {
        var all = Stream.concat(Stream.of("-C", folder.toString()), Arrays.stream(args));
        return Result.of(columns, all.toArray(String[]::new));
    }

    /** Opens it as a program does, at a moment. */
    Daybook open(Instant now) {
        return Daybook.open(
                folder, DaybookOptions.defaults().withClock(() -> now).withWarnings(warning -> {}));
    }

    /** Begins an experiment and lets it go, neither saved nor discarded. */
    void interrupted(String name, Instant now, Consumer<Experiment> body) {
        try (var daybook = open(now)) {
            body.accept(daybook.experiment(name).init());
        }
    }

    /** Runs an experiment to its end. */
    SavedExperiment saved(String name, Instant now, Consumer<Experiment> body) {
        try (var daybook = open(now)) {
            return daybook.run(name, body::accept).orElseThrow();
        }
    }

    /** Saves an experiment on HEAD as DVC does, with these files. */
    String savedByDvc(String name, Map<String, String> files) {
        files.forEach(this::write);
        git("add", "--all", "--force");
        var commit = git("commit-tree", git("write-tree"), "-p", "HEAD", "-m", name);
        git("reset", "--quiet", "--hard");
        git("update-ref", "refs/exps/" + headOfRef() + "/" + name, commit);
        return commit;
    }

    /** Writes a file of the work tree, or of Git's folder. */
    void write(String file, String content) {
        try {
            var path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void logLoss(Experiment run) {
        run.logMetric("loss", 0, 0.5);
        run.logMetric("loss", 10, 1 / 3.0);
    }

    /** Leaves a save of a new experiment cut in half, as a crash between its steps does: its ref is locked when it is to be written. */
    void cutSaveInHalf(String name, Instant now) {
        var lock = gitFolder().resolve("refs/exps/" + headOfRef() + "/" + name + ".lock");
        try (var daybook = open(now)) {
            Files.createDirectories(lock.getParent());
            Files.createFile(lock);
            var run = daybook.experiment(name).init();
            run.logMetric("loss", 0, 0.5);
            assertThat(catchThrowable(run::save)).hasMessageContaining("locked");
            Files.delete(lock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes one bit of the journal where it holds a text. */
    void damageJournal(String text) {
        try (var files = Files.walk(gitFolder().resolve("daybook/journal"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var bytes = Files.readAllBytes(file);
                int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
                if (at >= 0) {
                    bytes[at] ^= 1;
                    Files.write(file, bytes);
                    return;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("'" + text + "' is nowhere in the journal");
    }

    /** As the retention does it some day, to all that processes that are gone have written. */
    void deleteJournal() throws IOException {
        try (var files = Files.walk(gitFolder().resolve("daybook/journal"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        try (var folders = Files.list(gitFolder().resolve("daybook/journal"))) {
            for (var generation : folders.filter(Files::isDirectory).toList()) {
                Files.delete(generation);
            }
        }
    }

    /** Every file with what it holds: the work tree's and Git's. */
    Map<String, String> content() {
        var content = new TreeMap<String, String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.toList()) {
                var name = folder.relativize(file).toString();
                content.put(
                        name,
                        Files.isDirectory(file)
                                ? "folder"
                                : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return content;
    }
}
