package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Rounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills or interrupts processes that apply experiments, by force over what their user has written: what they leave, once finished, is the one
 * experiment or the other, or what the user wrote last, and all else that he wrote is kept.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApplyCrashIT {

    private static final int ROUNDS = Rounds.of(8);
    private static final int FILES = 60;
    private static final int MAX_MILLIS = 300;

    /** A change takes some milliseconds from its plan to its end. */
    private static final int MAX_MILLIS_IN_THE_MIDDLE = 4;

    private static final int ONE_INTERRUPTED_OF = 4;

    private final long seed = Rounds.seed();
    private final Random random = new Random(seed);

    @TempDir
    Path temp;

    private GitRepo repo;
    private Path log;

    private void save(String name) throws IOException {
        for (int i = 0; i < FILES; i++) {
            repo.write("src/" + name + i + ".py", name);
            repo.write("src/common" + i + ".py", name + i);
        }
        repo.write("model.bin", name.repeat(10_000));
        repo.git("add", "src");
        repo.save(name, run -> run.addArtifact(Path.of("model.bin")).logMetric("loss", 1));
        repo.git("rm", "-rqf", "src");
        Files.delete(repo.top.resolve("model.bin"));
    }

    /** The files of the commit, and of the work tree where it has others. */
    private Map<String, String> workTree() throws IOException {
        var files = new TreeMap<String, String>();
        try (var walk = Files.walk(repo.top)) {
            for (var file : walk.filter(Files::isRegularFile).toList()) {
                var name = repo.top.relativize(file).toString();
                if (!name.startsWith(".git/") && !name.startsWith(".dvc/cache")) {
                    files.put(name, Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return files;
    }

    private Map<String, String> applied(String name) throws IOException {
        try (var saved = SavedExperiments.open(repo.top)) {
            saved.apply(name, ApplyOptions.DEFAULT.withForce());
        }
        return workTree();
    }

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
        log = temp.resolve("log");
    }

    @Test
    void a_kill_leaves_one_experiment_or_the_other() throws IOException {
        save("lion");
        save("tiger");
        var tiger = applied("tiger");
        var lion = applied("lion");
        assertThat(lion).isNotEqualTo(tiger).containsKey("src/lion7.py").doesNotContainKey("src/tiger7.py");
        var stages = repo.top.resolve(".git/daybook/apply");
        int finished = 0;
        int told = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var where = "round " + round + ", seed " + seed;
            Files.writeString(log, "");
            Files.deleteIfExists(log.resolveSibling(ApplyCrashChild.WAITING));
            killOne(stages, round);
            finished += hasPlan(stages) ? 1 : 0;
            // finishes what was begun, and no more
            try (var change = WorkTreeChange.begin(repo.top, repo.top.resolve(".git"))) {
                assertThat(repo.refs(KeptRefs.REPLACED)).as(where).containsAll(change.keptByOthers());
                told += change.keptByOthers().size();
            }
            assertNothingIsLost(lion, tiger, where);
            assertThat(applied(round % 2 == 0 ? "tiger" : "lion")).as(where).isEqualTo(round % 2 == 0 ? tiger : lion);
            assertThat(GitRepo.listing(stages)).as(where).isEmpty();
            repo.refs(KeptRefs.REPLACED).forEach(ref -> repo.git("update-ref", "-d", ref));
        }
        repo.assertSound();
        System.out.println("ApplyCrashIT: " + ROUNDS + " kills, " + finished + " of them in the middle, " + told
                + " of these by force over something, each one experiment or the other; seed " + seed);
        Rounds.done(ROUNDS, "kills of apply");
    }

    private void killOne(Path stages, int round) {
        try (var child = ChildJvm.start(
                temp.resolve("output"),
                ApplyCrashChild.class,
                repo.top.toString(),
                log.toString(),
                Long.toString(random.nextLong()))) {
            child.await("a change", () -> hasPlan(stages));
            child.runFor(random.nextInt(round % 3 == 2 ? MAX_MILLIS : MAX_MILLIS_IN_THE_MIDDLE));
            if (random.nextInt(ONE_INTERRUPTED_OF) == 0) {
                child.interrupt();
            } else {
                child.kill();
            }
        }
    }

    private void assertNothingIsLost(Map<String, String> lion, Map<String, String> tiger, String where)
            throws IOException {
        var written = new ArrayList<>(Files.readAllLines(log));
        if (Files.exists(log.resolveSibling(ApplyCrashChild.WAITING)) && !written.isEmpty()) {
            written.remove(written.size() - 1);
        }
        var found = new TreeMap<>(workTree());
        var file = found.get(ApplyCrashChild.FILE);
        if (!written.isEmpty() && written.get(written.size() - 1).equals(file)) {
            written.remove(file);
            found.put(ApplyCrashChild.FILE, lion.get(ApplyCrashChild.FILE));
            assertThat(found).as(where).isIn(lion, with(tiger, lion));
        } else {
            assertThat(found).as(where).isIn(lion, tiger);
        }
        assertThat(repo.refs(KeptRefs.REPLACED).stream().map(ref -> repo.show(ref, ApplyCrashChild.FILE)))
                .as(where)
                .containsAll(written);
    }

    private static Map<String, String> with(Map<String, String> all, Map<String, String> file) {
        var changed = new TreeMap<>(all);
        changed.put(ApplyCrashChild.FILE, file.get(ApplyCrashChild.FILE));
        return changed;
    }

    private static boolean hasPlan(Path stages) {
        try {
            return Files.isDirectory(stages)
                    && GitRepo.listing(stages).stream()
                            .anyMatch(
                                    stage -> Files.exists(stages.resolve(stage).resolve("plan")));
        } catch (RuntimeException e) {
            // gone just now
            return false;
        }
    }
}
