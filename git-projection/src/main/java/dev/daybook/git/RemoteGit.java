package dev.daybook.git;

import dev.daybook.Progress;
import dev.daybook.RepositoryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.util.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * Runs the user's git where it talks to other repositories: with the user's addresses, keys and helpers, and without hooks.
 *
 * <p>Its streams are files, as those of {@link GitCommand} are. How long a transfer takes nobody knows; it counts as hanging when it has said
 * nothing for a while, because git is told to report its progress.
 *
 * <p>Hooks are off: a {@code pre-push} hook is there for branches, looks at the work tree, and may take minutes for an experiment that it
 * knows nothing of.
 */
final class RemoteGit {

    private static final List<String> SETTINGS = List.of(
            "core.hooksPath=/dev/null",
            "core.fsmonitor=false",
            "core.fsync=objects",
            "core.fsyncObjectFiles=true",
            // what comes is a pack, whose folder is forced in one go
            "fetch.unpackLimit=1",
            "transfer.unpackLimit=1");

    private static final Duration SILENCE = Duration.ofMinutes(10);
    private static final int POLL_MILLIS = 100;
    private static final int MESSAGE_CHARS = 500;

    /** {@code Writing objects:  45% (450/1000), 1.20 MiB | 2.4 MiB/s}, from here or from the remote. */
    private static final Pattern PROGRESS =
            Pattern.compile("(?:remote: )?([A-Z][a-z]+ [a-z]+(?: [a-z]+)*): +\\d+% " + "\\((\\d+)/(\\d+)\\).*");

    private static final Pattern CHATTER = Pattern.compile("(?:remote: )?(?:[A-Z][a-z]+ [a-z]+(?: [a-z]+)*: +\\d+.*"
            + "|Total \\d+ .*|To .*|From .*|Delta compression .*| [*+=!-] .*|   [0-9a-f]+\\.\\..*|Done)");

    private final GitCommand.Program program;
    private final Path workTree;
    private final Path gitDir;
    private final TransferOptions options;

    RemoteGit(Repository repository, GitCommand.Program program, TransferOptions options) {
        this.program = program;
        this.workTree = repository.getWorkTree().toPath();
        this.gitDir = repository.getDirectory().toPath().toAbsolutePath();
        this.options = options;
    }

    /** How a command ended; {@code complaint} is what it said on one line, without its progress and hints. */
    record Result(int status, String output, String complaint) {

        boolean isDone() {
            return status == 0;
        }
    }

    /**
     * Runs a command.
     *
     * @param environment besides what every command has
     */
    Result run(Map<String, String> environment, List<String> arguments) {
        Path scratch = null;
        try {
            scratch = Files.createTempDirectory("daybook-git");
            return run(scratch, environment, arguments);
        } catch (IOException e) {
            throw new RepositoryException(
                    "git could not be started (" + e.getMessage() + "); install it, or put it on the PATH", e);
        } finally {
            delete(scratch);
        }
    }

    private Result run(Path scratch, Map<String, String> environment, List<String> arguments) throws IOException {
        var out = scratch.resolve("out");
        var err = scratch.resolve("err");
        var builder = new ProcessBuilder(commandLine(arguments))
                .directory(workTree.toFile())
                .redirectInput(Files.createFile(scratch.resolve("in")).toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        var variables = builder.environment();
        GitCommand.isolate(variables);
        variables.putAll(program.additions());
        variables.put("GIT_OPTIONAL_LOCKS", "0");
        variables.put("GIT_TERMINAL_PROMPT", options.mayAsk() ? "1" : "0");
        variables.put("LC_ALL", "C");
        if (!Files.exists(workTree.resolve(".git"))) {
            // core.worktree: git would not find the repository from there
            variables.put("GIT_DIR", gitDir.toString());
            variables.put("GIT_WORK_TREE", workTree.toString());
        }
        variables.putAll(environment);
        int status = await(builder.start(), arguments.get(0), out, err);
        // names at the remote may be no UTF-8
        return new Result(
                status,
                new String(Files.readAllBytes(out), StandardCharsets.UTF_8),
                complaint(GitCommand.utf8(text(err, 0))));
    }

    private List<String> commandLine(List<String> arguments) {
        var line = new ArrayList<String>();
        line.add(program.name());
        for (var setting : SETTINGS) {
            line.add("-c");
            line.add(setting);
        }
        line.addAll(arguments);
        return line;
    }

    private int await(Process process, String verb, Path out, Path err) throws IOException {
        long told = 0;
        long size = 0;
        var since = System.nanoTime();
        try {
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                told = tell(err, told);
                long now = Files.size(out) + Files.size(err);
                if (now != size) {
                    size = now;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > SILENCE.toNanos()) {
                    kill(process);
                    throw new RepositoryException("git " + verb + " in " + workTree + " has said nothing for "
                            + SILENCE.toMinutes() + " minutes and was stopped; does the connection hang?");
                }
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new RepositoryException("interrupted while waiting for git " + verb + " in " + workTree, e);
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Hands on the newest line of progress; returns up to where it has looked. */
    private long tell(Path err, long from) throws IOException {
        var news = text(err, from);
        int end = Math.max(news.lastIndexOf('\r'), news.lastIndexOf('\n'));
        if (end < 0) {
            return from;
        }
        lines(news.substring(0, end))
                .map(PROGRESS::matcher)
                .filter(Matcher::matches)
                .reduce((first, second) -> second)
                .ifPresent(last -> options.progress()
                        .at(
                                "git: " + last.group(1).toLowerCase(Locale.ROOT),
                                number(last.group(2)),
                                number(last.group(3)),
                                Progress.Unit.ITEMS));
        return from + end + 1;
    }

    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    private static Stream<String> lines(String text) {
        return Pattern.compile("[\r\n]+").splitAsStream(text).map(String::strip);
    }

    /** A character for each byte. */
    private static String text(Path file, long from) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var rest = ByteBuffer.allocate((int) Math.min(1 << 24, Math.max(0, channel.size() - from)));
            channel.read(rest, from);
            return StandardCharsets.ISO_8859_1.decode(rest.flip()).toString();
        }
    }

    private static String complaint(String text) {
        var sentence = new StringBuilder();
        lines(text)
                .filter(line -> !line.isEmpty()
                        && !line.startsWith("warning: ")
                        && !line.startsWith("hint: ")
                        && !line.startsWith("error: failed to push some refs")
                        && !CHATTER.matcher(line).matches()
                        && sentence.length() < MESSAGE_CHARS)
                .forEach(line -> sentence.append(sentence.isEmpty() ? "" : "; ").append(line));
        return sentence.isEmpty() ? "it gave no reason" : sentence.toString();
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

    /**
     * What git's configuration says at one place.
     *
     * @param isOwn whether a file of the repository says it, or one that such a file includes
     * @param value what has none is true
     */
    record Setting(boolean isOwn, String key, Optional<String> value) {}

    /** All that git's configuration says, in its order. */
    List<Setting> settings() {
        var listed = run(Map.of(), List.of("config", "--null", "--list", "--show-scope", "--includes"));
        var fields = listed.output().split("\0", -1);
        var settings = new ArrayList<Setting>();
        for (int i = 0; i + 1 < fields.length; i += 2) {
            boolean isOwn = fields[i].equals("local") || fields[i].equals("worktree");
            var parts = fields[i + 1].split("\n", 2);
            settings.add(new Setting(isOwn, parts[0], parts.length > 1 ? Optional.of(parts[1]) : Optional.empty()));
        }
        return settings;
    }

    /**
     * What lets no one be asked: ssh reads from the terminal by itself.
     *
     * @param sshCommand of the user, who knows what it does
     */
    Map<String, String> silence(Optional<String> sshCommand) {
        return options.mayAsk()
                        || sshCommand.isPresent()
                        || System.getenv("GIT_SSH_COMMAND") != null
                        || System.getenv("GIT_SSH") != null
                ? Map.of()
                : Map.of("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
    }
}
