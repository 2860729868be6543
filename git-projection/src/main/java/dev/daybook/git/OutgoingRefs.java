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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
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

    private static final Pattern OF_THE_REPOSITORY = Pattern.compile(
            "core\\.(bare|worktree|repositoryformatversion)|(extensions|include|includeif)\\..*", Pattern.DOTALL);

    /** Each replaced ref is named on the command line, which has an end. */
    private static final int MOST_LEASES = 1_000;

    /** So often it is tried to find those that keep the others away. */
    private static final int MOST_TRIES = 100;

    /** What git says of all refs if the objects of one cannot be sent, or not be stored. */
    static final String NOTHING_CAME = "unpacker error";

    /** What it says of one that is locked, say: why is in its complaint. */
    private static final String NOT_WRITTEN = "failed to update ref";

    /** No push takes so long. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Repository repository;
    private final Remote remote;
    private int tries;

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
            sendOrHalve(List.copyOf(some), answers);
            some.clear();
            from = to;
        } while (from < forced.size());
        return answers;
    }

    private void sendOrHalve(List<Sent> refs, Map<String, Answer> answers) throws IOException {
        var some = sendAtOnce(refs);
        answers.putAll(some);
        tries++;
        if (refs.size() > 1
                && tries < MOST_TRIES
                && some.values().stream().allMatch(answer -> answer.reason().startsWith(NOTHING_CAME))) {
            sendOrHalve(refs.subList(0, refs.size() / 2), answers);
            sendOrHalve(refs.subList(refs.size() / 2, refs.size()), answers);
        }
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
        // for the user alone, because there are secrets among settings
        var folder = Files.createTempDirectory(all, System.currentTimeMillis() + "-");
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
            answers.replaceAll((ref, answer) -> isExplained(ref, answer, result.complaint())
                    ? new Answer(false, answer.reason() + ": " + result.complaint())
                    : answer);
            if (!result.isDone() && answers.values().stream().allMatch(Answer::isDone)) {
                answers.replaceAll((ref, answer) -> new Answer(false, result.complaint()));
            }
            return answers;
        } finally {
            delete(folder);
        }
    }

    private static boolean isExplained(String ref, Answer answer, String complaint) {
        return answer.reason().equals(NOTHING_CAME) || answer.reason().equals(NOT_WRITTEN) && complaint.contains(ref);
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
        var head = repository.exactRef(Constants.HEAD);
        var branch = head != null && head.isSymbolic() ? head.getTarget().getName() : Constants.R_HEADS + "none";
        // settings of the user may depend on it
        Files.writeString(folder.resolve("HEAD"), "ref: " + branch + "\n");
        var config = new StringBuilder("[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
        for (var setting : remote.ownSettings()) {
            append(config, setting.key(), setting.value());
        }
        // a mirror would refuse to be sent a part
        append(config, "remote." + remote.address() + ".mirror", Optional.of("false"));
        Files.writeString(folder.resolve("config"), config, StandardCharsets.UTF_8);
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

    /** But for what the repository says of itself, which is not true of this folder, and what was included, which is here already. */
    private static void append(StringBuilder config, String key, Optional<String> value) {
        int first = key.indexOf('.');
        int last = key.lastIndexOf('.');
        var part = last > first ? " " + quoted(key.substring(first + 1, last)) : "";
        if (OF_THE_REPOSITORY.matcher(key).matches() || part.indexOf('\n') >= 0) {
            return;
        }
        config.append('[').append(key, 0, first).append(part).append("]\n\t").append(key, last + 1, key.length());
        value.ifPresent(text -> config.append(" = ").append(quoted(text).replace("\n", "\\n")));
        config.append('\n');
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
