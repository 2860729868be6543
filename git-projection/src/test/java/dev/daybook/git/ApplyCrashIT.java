package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Rounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills processes that apply experiments: what they leave, once finished, is the one experiment or the other. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApplyCrashIT {

    private static final int ROUNDS = Rounds.of(8);
    private static final int FILES = 60;
    private static final int MAX_MILLIS = 300;

    /** A change takes some milliseconds from its plan to its end. */
    private static final int MAX_MILLIS_IN_THE_MIDDLE = 4;

    private final long seed = Rounds.seed();
    private final Random random = new Random(seed);

    @TempDir
    Path temp;

    private GitRepo repo;

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
            saved.apply(name, ApplyOptions.DEFAULT);
        }
        return workTree();
    }

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
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
        for (int round = 0; round < ROUNDS; round++) {
            try (var child = ChildJvm.start(temp.resolve("output"), ApplyCrashChild.class, repo.top.toString())) {
                child.await("a change", () -> hasPlan(stages));
                child.runFor(random.nextInt(round % 3 == 2 ? MAX_MILLIS : MAX_MILLIS_IN_THE_MIDDLE));
                child.kill();
            }
            finished += hasPlan(stages) ? 1 : 0;
            // finishes what was begun, and no more
            WorkTreeChange.begin(repo.top, repo.top.resolve(".git")).close();
            assertThat(workTree()).as("round " + round + ", seed " + seed).isIn(lion, tiger);
            assertThat(applied(round % 2 == 0 ? "tiger" : "lion")).isEqualTo(round % 2 == 0 ? tiger : lion);
            assertThat(GitRepo.listing(stages)).isEmpty();
        }
        repo.assertSound();
        System.out.println("ApplyCrashIT: " + ROUNDS + " kills, " + finished
                + " of them in the middle, each one experiment or the other; seed " + seed);
        Rounds.done(ROUNDS, "kills of apply");
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
