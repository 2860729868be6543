package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.RepositoryException;
import dev.daybook.Rounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills or interrupts processes that rename, replace, remove, bring back, branch off and note experiments: each experiment is there once or can be had back, and all
 * that was said to be done is. The seed decides when; {@code -Ddaybook.seed} repeats one, {@code -Ddaybook.rounds} asks for more.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VerbCrashIT {

    private static final int ROUNDS = Rounds.of(8);
    private static final int EXPERIMENTS = 24;
    private static final int OLD = 4;
    private static final int MAX_MILLIS = 400;
    private static final int MAX_MILLIS_IN_THE_MIDDLE = 12;
    private static final int ONE_INTERRUPTED_OF = 4;

    private final long seed = Rounds.seed();
    private final Random random = new Random(seed);

    /** What is known to be so, by commits. */
    private final Map<String, String> names = new TreeMap<>();

    private final Map<String, String> removed = new TreeMap<>();
    private final Map<String, List<String>> words = new HashMap<>();
    private final Map<String, String> branches = new TreeMap<>();

    @TempDir
    Path temp;

    private GitRepo repo;
    private Path log;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
        log = temp.resolve("log");
        for (int i = 0; i < EXPERIMENTS; i++) {
            int number = i;
            var one = repo.save("e" + i, run -> {
                if (number % 4 == 0) {
                    run.makeCheckpoint("early");
                }
                run.logMetric("loss", number);
            });
            names.put(one.commit(), one.name());
        }
    }

    @Test
    void a_kill_leaves_each_experiment_once_and_loses_nothing_that_was_done() throws IOException {
        var cut = new TreeMap<String, Integer>();
        int locks = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var where = "round " + round + ", seed " + seed;
            removeLongAgo(round);
            if (round % 2 == 1) {
                repo.git("pack-refs", "--all");
            }
            Files.writeString(log, "");
            killAmongVerbs();
            var begun = replay();
            if (!begun.isEmpty()) {
                cut.merge(begun.get(1), 1, Integer::sum);
            }
            repo.assertSound();
            locks += finish(begun, where);
            assertAllIsThere(where);
            assertVerbsWork(where);
        }
        repo.assertSound();
        try (var daybook = Daybook.open(repo.top)) {
            var verification = daybook.verify();
            assertThat(verification.problems()).isEmpty();
            assertThat(verification.commits()).isEqualTo(names.size());
        }
        System.out.println("VerbCrashIT: " + ROUNDS + " kills, in the middle of " + cut + ", with " + locks
                + " locks left, 0 experiments lost or doubled; seed " + seed);
        Rounds.done(ROUNDS, "kills among verbs");
    }

    private void killAmongVerbs() {
        try (var child = ChildJvm.start(
                temp.resolve("output"),
                VerbCrashChild.class,
                repo.top.toString(),
                log.toString(),
                Long.toString(random.nextLong()))) {
            int steps = 2 + random.nextInt(40);
            child.await(steps + " steps", () -> lines().size() > steps);
            child.runFor(random.nextInt(random.nextBoolean() ? MAX_MILLIS : MAX_MILLIS_IN_THE_MIDDLE));
            if (random.nextInt(ONE_INTERRUPTED_OF) == 0) {
                child.interrupt();
            } else {
                child.kill();
            }
        }
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What a collection is to take, or has taken when it is killed. */
    private void removeLongAgo(int round) {
        for (int i = 0; i < OLD; i++) {
            var gone = repo.git("commit-tree", repo.code().tree(), "-p", "HEAD", "-m", "gone " + round + "-" + i);
            var experiment = ExperimentRefs.experiment(repo.head(), "gone" + i);
            repo.git("update-ref", KeptRefs.removed(Instant.EPOCH.plusSeconds(round), experiment), gone);
        }
    }

    /** Takes what was done into account, and gives the words of what was only begun. */
    private List<String> replay() {
        List<String> begun = List.of();
        for (var line : lines()) {
            if (line.equals("done")) {
                apply(begun);
                begun = List.of();
            } else if (line.startsWith("begin ")) {
                begun = List.of(line.split(" ", -1));
            }
        }
        return begun.size() == 4 ? begun : List.of();
    }

    private void apply(List<String> step) {
        var name = step.get(2);
        var word = step.get(3);
        switch (step.get(1)) {
            case "rename" -> names.put(commitOf(names, name), word);
            case "replace" -> {
                var commit = commitOf(names, name);
                var replaced = commitOf(names, word);
                names.remove(replaced);
                removed.put(replaced, word);
                names.put(commit, word);
            }
            case "remove" -> {
                var commit = commitOf(names, name);
                names.remove(commit);
                removed.put(commit, name);
            }
            case "restore" -> {
                var commit = commitOf(removed, name);
                removed.remove(commit);
                names.put(commit, name);
            }
            case "branch" -> branches.put("refs/heads/b/" + word, commitOf(names, name));
            case "tag", "note" ->
                words.computeIfAbsent(commitOf(names, name), none -> new ArrayList<>())
                        .add(word);
            case "untag" -> words.values().forEach(each -> each.remove(word));
            default -> assertThat(step.get(1)).isEqualTo("gc");
        }
    }

    private static String commitOf(Map<String, String> names, String name) {
        return names.entrySet().stream()
                .filter(each -> each.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + name + " in " + names));
    }

    /** Says again what was only begun, as people do, and deletes the locks that a refusal names; the number of these. */
    private int finish(List<String> begun, String where) {
        if (begun.isEmpty()) {
            return 0;
        }
        var name = begun.get(2);
        var verb = begun.get(1);
        try (var saved = SavedExperiments.open(repo.top)) {
            var present = new TreeSet<String>();
            saved.all().forEach(each -> present.add(each.name()));
            var absent = new TreeSet<String>();
            saved.removed().forEach(each -> absent.add(each.name()));
            switch (verb) {
                case "rename", "replace" ->
                    assertThat(present).as(where + ": " + begun).containsAnyOf(name, begun.get(3));
                case "remove", "restore" ->
                    assertThat(present.contains(name))
                            .as(where + ": " + begun + " leaves it there or removed")
                            .isNotEqualTo(absent.contains(name));
                default -> assertThat(present).as(where + ": " + begun).contains(name);
            }
            boolean isDone = switch (verb) {
                case "rename", "replace", "remove" -> !present.contains(name);
                case "restore" -> present.contains(name);
                case "branch" -> !repo.refs("refs/heads/b/" + begun.get(3)).isEmpty();
                default -> false;
            };
            apply(begun);
            return isDone ? deleteLocks() : again(saved, begun);
        }
    }

    /** What is killed behind its last step but one leaves the lock of a ref that nobody asks for before its name comes back. */
    private int deleteLocks() {
        try (var files = Files.walk(repo.top.resolve(".git/refs"))) {
            var locks = files.filter(file -> file.toString().endsWith(".lock")).toList();
            for (var lock : locks) {
                Files.delete(lock);
            }
            return locks.size();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private int again(SavedExperiments saved, List<String> begun) {
        for (int locks = 0; ; locks++) {
            try {
                say(saved, begun);
                return locks;
            } catch (RepositoryException e) {
                var lock = Path.of(String.valueOf(e.getMessage())
                        .replaceFirst("(?s).* is locked by (\\S+\\.lock); if no git command is running.*", "$1"));
                assertThat(lock).as(e.getMessage()).isRegularFile();
                try {
                    Files.delete(lock);
                } catch (IOException notDeleted) {
                    throw new AssertionError(notDeleted);
                }
            }
        }
    }

    private static void say(SavedExperiments saved, List<String> begun) {
        var name = begun.get(2);
        var word = begun.get(3);
        switch (begun.get(1)) {
            case "rename" -> saved.rename(name, word, false);
            case "replace" -> saved.rename(name, word, true);
            case "remove" -> saved.remove(name);
            case "restore" -> saved.restore(name);
            case "branch" -> saved.branch(name, "b/" + word);
            case "tag" -> saved.tag(name, word);
            case "untag" -> saved.untag(name, word);
            case "note" -> saved.note(name, word);
            default -> saved.collect(VerbCrashChild.AGE, false);
        }
    }

    private void assertAllIsThere(String where) {
        try (var saved = SavedExperiments.open(repo.top)) {
            assertThat(refs()).as(where).isEqualTo(names);
            var kept = new TreeMap<String, String>();
            saved.removed().stream()
                    .filter(each -> !each.name().startsWith("gone"))
                    .forEach(each -> assertThat(kept.put(each.commit(), each.name()))
                            .as(where + ": " + each.name() + " is removed once")
                            .isNull());
            assertThat(kept).as(where).isEqualTo(removed);
            names.forEach((commit, name) -> {
                var found = saved.annotations(name);
                var all = new TreeSet<>(found.tags());
                found.notes().forEach(note -> all.add(note.text()));
                assertThat(all)
                        .as(where + ": what is noted on " + name)
                        .isEqualTo(new TreeSet<>(words.getOrDefault(commit, List.of())));
            });
            branches.forEach((branch, commit) ->
                    assertThat(repo.git("rev-parse", branch)).as(where).isEqualTo(commit));
        }
    }

    /** Names by commits, each once, as git has them. */
    private Map<String, String> refs() {
        var refs = new TreeMap<String, String>();
        for (var line : repo.git("for-each-ref", "--format=%(objectname) %(refname:lstrip=4)", "refs/exps")
                .lines()
                .toList()) {
            var parts = line.split(" ", -1);
            assertThat(refs.put(parts[0], parts[1]))
                    .as("a second name of " + parts[1])
                    .isNull();
        }
        return refs;
    }

    /** One experiment takes all ways; a lock that is left says how to go on. */
    private void assertVerbsWork(String where) {
        var commit = List.copyOf(names.keySet()).get(random.nextInt(names.size()));
        var name = names.get(commit);
        var tag = "t" + random.nextInt(Integer.MAX_VALUE);
        try (var saved = SavedExperiments.open(repo.top)) {
            for (var step : List.of(
                    List.of("", "rename", name, "other"),
                    List.of("", "remove", "other", ""),
                    List.of("", "restore", "other", ""),
                    List.of("", "rename", "other", name),
                    List.of("", "tag", name, tag),
                    List.of("", "untag", name, tag),
                    List.of("", "gc", name, ""))) {
                assertThat(again(saved, step))
                        .as(where + ": " + step + ", locks")
                        .isLessThanOrEqualTo(2);
            }
            assertThat(saved.removed()).as(where).noneMatch(each -> each.name().startsWith("gone"));
        }
        assertThat(refs()).as(where).isEqualTo(names);
    }
}
