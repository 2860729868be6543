package dev.daybook.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.util.FileUtils;

/**
 * Sends refs by one {@code git push}, whatever refs there are here: out of a Git folder for this one time, which has the repository's objects
 * and settings, and in {@code packed-refs} just what is to be sent.
 *
 * <p>So git can be given some patterns instead of a thousand names, which it would compare each with each; what is sent is what was looked at,
 * not what a ref names by then; and the refs of the repository, also those that follow the remote's, stay as they are.
 */
final class OutgoingRefs {

    private static final List<String> PATTERNS = Stream.of(
                    ExperimentRefs.EXPERIMENTS, ExperimentRefs.CHECKPOINTS, AnnotationRefs.PREFIX)
            .map(folder -> folder + "*:" + folder + "*")
            .toList();

    /** Each replaced ref is named on the command line, which has an end. */
    private static final int MOST_LEASES = 1_000;

    /** No push takes so long. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Repository repository;
    private final Remote remote;

    OutgoingRefs(Repository repository, Remote remote) {
        this.repository = repository;
        this.remote = remote;
    }

    /**
     * A ref to be sent.
     *
     * @param replaces what the remote has, where it is to lose that; empty where it loses nothing
     */
    record Sent(String ref, ObjectId commit, Optional<ObjectId> replaces) {}

    /**
     * What git said of a ref.
     *
     * @param reason why it was refused
     */
    record Answer(boolean isDone, String reason) {}

    /** What was said of one. */
    static Answer answer(Map<String, Answer> answers, Sent sent) {
        return answers.getOrDefault(sent.ref(), new Answer(false, "git said nothing about it"));
    }

    /**
     * Sends them.
     *
     * @return the answers by ref; of one that git did not come to there is none
     */
    Map<String, Answer> send(List<Sent> refs) throws IOException {
        var forced = refs.stream().filter(each -> each.replaces().isPresent()).toList();
        var some = new ArrayList<>(
                refs.stream().filter(each -> each.replaces().isEmpty()).toList());
        var answers = new HashMap<String, Answer>();
        int from = 0;
        do {
            int to = Math.min(forced.size(), from + MOST_LEASES);
            some.addAll(forced.subList(from, to));
            answers.putAll(sendAtOnce(some));
            some.clear();
            from = to;
        } while (from < forced.size());
        return answers;
    }

    private Map<String, Answer> sendAtOnce(List<Sent> refs) throws IOException {
        var all = repository
                .getCommonDirectory()
                .toPath()
                .toAbsolutePath()
                .normalize()
                .resolve("daybook/outgoing");
        Files.createDirectories(all);
        sweep(all);
        var folder = all.resolve(System.currentTimeMillis() + "-" + UUID.randomUUID());
        try {
            make(folder, refs);
            var arguments = new ArrayList<>(List.of(
                    "push", "--porcelain", "--progress", "--no-verify", "--no-recurse-submodules", "--no-follow-tags"));
            for (var each : refs) {
                each.replaces().ifPresent(old -> arguments.add("--force-with-lease=" + each.ref() + ":" + old.name()));
            }
            arguments.add("--");
            arguments.add(remote.address());
            arguments.addAll(PATTERNS);
            var result = remote.run(
                    arguments,
                    Map.of(
                            "GIT_DIR", folder.toString(),
                            "GIT_OBJECT_DIRECTORY", objects().toString()));
            var answers = answers(result.output());
            if (answers.isEmpty()) {
                throw remote.unreachable(result);
            }
            if (!result.isDone() && answers.values().stream().allMatch(Answer::isDone)) {
                answers.replaceAll((ref, answer) -> new Answer(false, result.complaint()));
            }
            return answers;
        } finally {
            delete(folder);
        }
    }

    private Path objects() {
        return common().resolve("objects");
    }

    private Path common() {
        return repository.getCommonDirectory().toPath().toAbsolutePath().normalize();
    }

    private void make(Path folder, List<Sent> refs) throws IOException {
        Files.createDirectories(folder.resolve("refs"));
        Files.createDirectories(folder.resolve("objects"));
        Files.writeString(folder.resolve("HEAD"), "ref: refs/heads/none\n");
        var config = new StringBuilder("[core]\n\trepositoryformatversion = 0\n");
        var own =
                repository.getDirectory().toPath().toAbsolutePath().normalize().resolve("config.worktree");
        for (var file : List.of(common().resolve("config"), own)) {
            if (Files.isRegularFile(file)) {
                config.append("[include]\n\tpath = ")
                        .append(quoted(file.toString()))
                        .append('\n');
            }
        }
        // what the repository says of itself is not true of this folder, and a mirror would refuse to be sent a part
        config.append("[core]\n\tbare = true\n");
        if (remote.address().indexOf('\n') < 0) {
            config.append("[remote ").append(quoted(remote.address())).append("]\n\tmirror = false\n");
        }
        Files.writeString(folder.resolve("config"), config);
        try {
            Files.copy(common().resolve("shallow"), folder.resolve("shallow"));
        } catch (NoSuchFileException e) {
            // it is not shallow
        }
        var sorted = new TreeMap<String, ObjectId>();
        refs.forEach(each -> sorted.put(each.ref(), each.commit()));
        var packed = new StringBuilder("# pack-refs with: peeled fully-peeled \n");
        sorted.forEach((ref, commit) ->
                packed.append(commit.name()).append(' ').append(ref).append('\n'));
        Files.writeString(folder.resolve("packed-refs"), packed, StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** {@code flag TAB from:to TAB summary}. */
    private static Map<String, Answer> answers(String output) {
        var answers = new HashMap<String, Answer>();
        for (var line : output.split("\n", -1)) {
            var fields = line.split("\t", 3);
            int colon = fields.length == 3 ? fields[1].lastIndexOf(':') : -1;
            if (colon >= 0) {
                boolean isDone = !fields[0].equals("!");
                answers.put(fields[1].substring(colon + 1), new Answer(isDone, reason(fields[2])));
            }
        }
        return answers;
    }

    /** {@code [rejected] (stale info)}, {@code [remote rejected] (pre-receive hook declined)}. */
    private static String reason(String summary) {
        int open = summary.indexOf('(');
        int close = summary.lastIndexOf(')');
        var reason = open >= 0 && close > open ? summary.substring(open + 1, close) : summary;
        return switch (reason) {
            case "stale info", "fetch first", "non-fast-forward", "needs force" ->
                "somebody else has written it meanwhile";
            default -> reason;
        };
    }

    private static void sweep(Path all) throws IOException {
        long limit = System.currentTimeMillis() - ABANDONED.toMillis();
        try (var folders = Files.newDirectoryStream(all)) {
            for (var folder : folders) {
                var name = String.valueOf(folder.getFileName());
                if (name.matches("\\d{1,18}-.*") && Long.parseLong(name.substring(0, name.indexOf('-'))) < limit) {
                    delete(folder);
                }
            }
        }
    }

    private static void delete(Path folder) {
        try {
            FileUtils.delete(folder.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING | FileUtils.IGNORE_ERRORS);
        } catch (IOException e) {
            // the next push does it
        }
    }
}
