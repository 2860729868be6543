package dev.daybook.git;

import dev.daybook.RepositoryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.util.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * Runs the user's installed git on one repository so that it can neither ask, nor wait for ever, nor write anything but objects and the
 * index it is given.
 *
 * <p>Its three streams are files, not pipes: nothing has to be drained, and a grandchild that keeps one open holds nobody up.
 */
final class GitCommand {

    /** What names another repository, or another meaning of paths, than the one that was opened; also set inside hooks. */
    private static final List<String> FOREIGN = List.of(
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_COMMON_DIR",
            "GIT_PREFIX",
            "GIT_NAMESPACE",
            "GIT_OBJECT_DIRECTORY",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES",
            "GIT_QUARANTINE_PATH",
            "GIT_CEILING_DIRECTORIES",
            "GIT_CONFIG",
            "GIT_LITERAL_PATHSPECS",
            "GIT_GLOB_PATHSPECS",
            "GIT_NOGLOB_PATHSPECS",
            "GIT_ICASE_PATHSPECS");

    private static final List<String> SETTINGS =
            List.of("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.splitIndex=false", "core.safecrlf=false");

    private static final int MESSAGE_CHARS = 500;

    /** After which it is looked for what a command may be waiting for. */
    private static final Duration SLOW = Duration.ofSeconds(2);

    private final Program program;
    private final Path workTree;
    private final Map<String, String> environment = new HashMap<>();
    private final Duration patience;
    private final Doubt doubt;

    /**
     * Which git.
     *
     * @param name as the PATH has it
     * @param additions to the environment of this process
     */
    record Program(String name, Map<String, String> additions) {

        /** The user's. */
        static final Program INSTALLED = new Program("git", Map.of());
    }

    /** Looks for what a slow command may be waiting for without end. */
    interface Doubt {

        /**
         * Looks, as long as it runs.
         *
         * @throws RepositoryException if that was found: then the command is stopped
         */
        void check(BooleanSupplier isRunning);
    }

    /**
     * @param index the index that stands in for the repository's own
     * @param objects the environment that says where new objects go; empty for the repository's own place
     * @param patience after which a command counts as hanging; large files may pass through a filter
     */
    GitCommand(
            Program program, Path workTree, Path gitDir, Path index, Map<String, String> objects, Duration patience) {
        this(program, workTree, gitDir, index, objects, patience, isRunning -> {});
    }

    /** The same for one that may meet what it waits for without end. */
    GitCommand(
            Program program,
            Path workTree,
            Path gitDir,
            Path index,
            Map<String, String> objects,
            Duration patience,
            Doubt doubt) {
        this.program = program;
        this.workTree = workTree;
        this.patience = patience;
        this.doubt = doubt;
        environment.putAll(program.additions());
        environment.putAll(objects);
        environment.put("GIT_INDEX_FILE", index.toString());
        environment.put("GIT_OPTIONAL_LOCKS", "0");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        if (!Files.exists(workTree.resolve(".git"))) {
            // core.worktree: git would not find the repository from there
            environment.put("GIT_DIR", gitDir.toString());
            environment.put("GIT_WORK_TREE", workTree.toString());
        }
    }

    /**
     * How a command ended.
     *
     * @param output a character for each byte, because paths have no encoding
     */
    record Result(int status, String output, String complaint) {}

    /** Bytes of git's output as text. */
    static String utf8(String output) {
        return new String(output.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The bytes of a path in git's output. */
    static byte[] bytes(String output) {
        return output.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Runs a command that has to succeed.
     *
     * @throws RepositoryException if it does not; the message holds what git said
     * @throws GitMissingException if there is no git
     */
    String run(String... arguments) throws GitMissingException {
        return runWith("", arguments);
    }

    /** @param input a character for each byte */
    String runWith(String input, String... arguments) throws GitMissingException {
        var result = tryRun(input, arguments);
        if (result.status != 0) {
            throw new RepositoryException("git " + verb(arguments) + " failed in " + workTree + " with status "
                    + result.status + ": " + result.complaint);
        }
        return result.output;
    }

    Result tryRun(String input, String... arguments) throws GitMissingException {
        return tryRun(
                input,
                (status, out, err) ->
                        new Result(status, Files.readString(out, StandardCharsets.ISO_8859_1), complaint(err)),
                arguments);
    }

    /** Whether what a command gives is a file, to the byte. */
    boolean gives(Path file, String... arguments) throws GitMissingException {
        return tryRun("", (status, out, err) -> status == 0 && Files.mismatch(out, file) < 0, arguments);
    }

    /** What is made of a command that has ended. */
    private interface Use<T> {
        T of(int status, Path out, Path err) throws IOException;
    }

    private <T> T tryRun(String input, Use<T> use, String... arguments) throws GitMissingException {
        Path scratch = null;
        try {
            scratch = Files.createTempDirectory("daybook-git");
            return run(scratch, input, use, arguments);
        } catch (IOException e) {
            throw new GitMissingException("git could not be started (" + e.getMessage() + ")", e);
        } finally {
            delete(scratch);
        }
    }

    private <T> T run(Path scratch, String input, Use<T> use, String... arguments) throws IOException {
        var in = Files.writeString(scratch.resolve("in"), input, StandardCharsets.ISO_8859_1);
        var out = scratch.resolve("out");
        var err = scratch.resolve("err");
        var builder = new ProcessBuilder(commandLine(arguments))
                .directory(workTree.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        isolate(builder.environment());
        builder.environment().putAll(environment);
        speakEnglish(builder.environment());
        int status = await(builder.start(), verb(arguments));
        return use.of(status, out, err);
    }

    /** Behind settings. */
    private static String verb(String... arguments) {
        int i = 0;
        while (arguments[i].equals("-c")) {
            i += 2;
        }
        return arguments[i];
    }

    /** Lets a command know no other repository than the one around its folder. */
    static void isolate(Map<String, String> variables) {
        variables.keySet().removeAll(FOREIGN);
    }

    /** Git's words are read here; the filters that it runs have the letters, and their order, of the user's own git. */
    private static void speakEnglish(Map<String, String> variables) {
        var all = variables.remove("LC_ALL");
        if (all != null && !all.isEmpty()) {
            List.of("LANG", "LC_CTYPE", "LC_COLLATE").forEach(name -> variables.put(name, all));
        }
        variables.put("LC_MESSAGES", "C");
    }

    private List<String> commandLine(String... arguments) {
        var line = new ArrayList<String>();
        line.add(program.name());
        for (var setting : SETTINGS) {
            line.add("-c");
            line.add(setting);
        }
        line.addAll(List.of(arguments));
        return line;
    }

    private int await(Process process, String verb) {
        long soon = Math.min(SLOW.toMillis(), patience.toMillis());
        try {
            if (process.waitFor(soon, TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            doubt.check(process::isAlive);
            if (process.waitFor(patience.toMillis() - soon, TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (RepositoryException e) {
            kill(process);
            throw e;
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new RepositoryException("interrupted while waiting for git " + verb + " in " + workTree, e);
        }
        kill(process);
        throw new RepositoryException("git " + verb + " in " + workTree + " did not end within " + patience.toSeconds()
                + " seconds and was stopped; does a filter in .gitattributes hang?");
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** What git said, without its warnings, on one line. */
    private static String complaint(Path err) throws IOException {
        var text = new StringBuilder();
        new String(Files.readAllBytes(err), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty()
                        && !line.startsWith("warning: ")
                        && !line.startsWith("hint: ")
                        && text.length() < MESSAGE_CHARS)
                .forEach(line -> text.append(text.isEmpty() ? "" : "; ").append(line));
        return text.isEmpty() ? "it gave no reason" : text.toString();
    }

    private static void delete(@Nullable Path scratch) {
        if (scratch != null) {
            try {
                FileUtils.delete(scratch.toFile(), FileUtils.RECURSIVE | FileUtils.IGNORE_ERRORS);
            } catch (IOException e) {
                // a leftover in the temporary folder harms nobody
            }
        }
    }
}
