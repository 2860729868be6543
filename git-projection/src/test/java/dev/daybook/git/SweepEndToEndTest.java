package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.NameTakenException;
import dev.daybook.SavedExperiment;
import dev.daybook.lifecycle.ExperimentId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many experiments saved at once: one pack, one batch of refs, nothing left over. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SweepEndToEndTest {

    private static final int MANY = 20;

    @TempDir
    Path temp;

    private GitRepo repo;

    @BeforeEach
    void make_a_repository() {
        repo = GitRepo.reference(temp.resolve("repo"));
    }

    private Daybook open() {
        return Daybook.open(repo.top, DaybookOptions.defaults().withWarnings(warning -> {}));
    }

    private static List<Experiment> begin(Daybook daybook, String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> daybook.experiment(name + i)
                        .init()
                        .setParam("lr", i / 100.0)
                        .setParam("params.yaml:model.depth", i))
                .peek(run -> run.logMetric("loss", 0.5))
                .toList();
    }

    private Path objects() {
        return repo.top.resolve(".git/objects");
    }

    private List<String> packs(String extension) {
        return GitRepo.listing(objects().resolve("pack")).stream()
                .filter(file -> file.endsWith(extension))
                .toList();
    }

    private void assertNothingIsLeft() {
        assertThat(packs(".keep")).isEmpty();
        assertThat(GitRepo.listing(objects())).noneMatch(name -> name.startsWith("daybook-"));
        assertThat(repo.refs("refs/daybook/code")).isEmpty();
        repo.assertSound();
    }

    @Test
    void they_are_one_pack_and_packed_refs_of_which_the_last_one_has_its_file_too() throws IOException {
        List<SavedExperiment> saved;
        try (var daybook = open()) {
            saved = daybook.saveAll(begin(daybook, "x", MANY)).orThrow();
        }

        assertThat(saved).hasSize(MANY);
        assertThat(packs(".pack")).hasSize(1);
        assertThat(packs(".idx")).hasSize(1);
        assertThat(repo.refs("refs/exps")).hasSize(MANY);
        var packed = Files.readString(repo.top.resolve(".git/packed-refs"));
        assertThat(packed.lines().filter(line -> line.contains(" refs/exps/"))).hasSize(MANY);
        var last = saved.get(MANY - 1);
        assertThat(repo.top.resolve(".git").resolve(last.ref())).hasContent(last.commit());
        assertThat(repo.show(saved.get(7).commit(), "params.yaml")).contains("depth: 7 ");
        assertNothingIsLeft();
    }

    @Test
    void a_sweep_and_single_saves_give_the_same_trees() {
        try (var daybook = open()) {
            var together = daybook.saveAll(begin(daybook, "x", MANY)).orThrow();
            assertThat(together)
                    .allSatisfy(saved -> assertThat(repo.files(saved.commit()))
                            .contains("dvclive/metrics.json", "dvclive/plots/metrics/loss.tsv", "train.py"));
            var alone = begin(daybook, "y", 1).get(0).save();
            assertThat(repo.show(alone.commit(), "params.yaml"))
                    .isEqualTo(repo.show(together.get(0).commit(), "params.yaml"));
            assertThat(repo.show(alone.commit(), "dvclive/metrics.json"))
                    .isEqualTo(repo.show(together.get(0).commit(), "dvclive/metrics.json"));
            assertThat(repo.files(alone.commit()))
                    .isEqualTo(repo.files(together.get(0).commit()));
        }
    }

    @Test
    void a_ref_that_was_taken_meanwhile_is_one_experiments_matter() {
        try (var daybook = open()) {
            var runs = begin(daybook, "x", MANY);
            var baseline = repo.head();
            repo.git("update-ref", ExperimentRefs.experiment(baseline, "x3"), baseline);

            var result = daybook.saveAll(runs);

            assertThat(result.saved()).hasSize(MANY - 1);
            assertThat(result.failures()).containsOnlyKeys(runs.get(3));
            assertThat(result.failures().get(runs.get(3))).isInstanceOf(NameTakenException.class);
            assertThat(runs.get(3).saveAs("other").name()).isEqualTo("other");
        }
        assertNothingIsLeft();
    }

    @Test
    void a_ref_that_cannot_be_written_is_one_experiments_matter() throws IOException {
        try (var daybook = open()) {
            var runs = begin(daybook, "x", MANY);
            var ref = repo.top.resolve(".git").resolve(ExperimentRefs.experiment(repo.head(), "x3"));
            Files.createDirectories(ref.getParent());
            var lock = Files.createFile(ref.resolveSibling("x3.lock"));

            var result = daybook.saveAll(runs);

            assertThat(result.saved()).hasSize(MANY - 1);
            assertThat(result.failures()).containsOnlyKeys(runs.get(3));
            assertThat(result.failures().get(runs.get(3))).hasMessageContaining("x3.lock");
            assertThat(repo.refs("refs/daybook"))
                    .as("what is not published is kept")
                    .hasSize(1);
            repo.git("gc", "--prune=now", "--quiet");

            Files.delete(lock);
            assertThat(daybook.saveAll(runs).orThrow()).hasSize(MANY);
        }
        assertNothingIsLeft();
    }

    @Test
    void what_has_kept_the_code_goes_even_if_git_has_packed_it() {
        try (var daybook = open()) {
            var runs = begin(daybook, "x", MANY);
            var other = daybook.experiment("other").init();
            repo.git("pack-refs", "--all");
            var late = begin(daybook, "y", 1).get(0);

            daybook.saveAll(runs).orThrow();

            assertThat(repo.refs("refs/daybook")).as("of those that run on").hasSize(2);
            other.discard();
            late.save();
        }
        assertNothingIsLeft();
    }

    @Test
    void the_lock_of_a_ref_that_nobody_can_hold_any_more_is_broken() throws IOException {
        try (var daybook = open()) {
            var runs = begin(daybook, "x", MANY);
            var ref = repo.top.resolve(".git").resolve(ExperimentRefs.experiment(repo.head(), "x3"));
            Files.createDirectories(ref.getParent());
            var lock = Files.createFile(ref.resolveSibling("x3.lock"));
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

            assertThat(daybook.saveAll(runs).orThrow()).hasSize(MANY);
        }
        assertNothingIsLeft();
    }

    @Test
    void a_pack_that_could_not_be_written_on_is_none() throws IOException {
        try (var repository = Repositories.open(repo.top);
                var objects = new PackedObjects(repository)) {
            objects.blob("first".getBytes(StandardCharsets.UTF_8));
            var failing = InputStream.nullInputStream();
            failing.close();
            assertThatThrownBy(() -> objects.blob(1L << 30, failing)).hasMessage("Stream closed");

            assertThatThrownBy(() -> objects.blob("next".getBytes(StandardCharsets.UTF_8)))
                    .hasMessageContaining("after an earlier failure");
            assertThatThrownBy(objects::force).hasMessageContaining("after an earlier failure");
        }
        assertThat(packs(".pack")).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void the_same_content_is_in_a_pack_once() throws IOException {
        var content = "the same\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        try (var repository = Repositories.open(repo.top);
                var objects = new PackedObjects(repository)) {
            for (int i = 0; i < 3; i++) {
                objects.blob(content.length, new ByteArrayInputStream(content));
            }
            objects.force();
        }
        assertThat(repo.git("count-objects", "-v")).contains("in-pack: 1\n");
    }

    @Test
    void many_single_saves_do_not_become_many_packs() {
        try (var daybook = open()) {
            for (int i = 0; i < 105; i++) {
                var run = begin(daybook, "x" + i + "-", 1).get(0);
                if (i % 10 == 0) {
                    run.makeCheckpoint("so far");
                }
                run.save();
            }
            assertThat(packs(".pack")).hasSizeLessThan(20);
            assertThat(daybook.experiments()).hasSize(105);
        }
        assertThat(repo.refs("refs/exps")).hasSize(105);
        assertThat(packs(".idx")).hasSameSizeAs(packs(".pack"));
        repo.git("gc", "--prune=now", "--quiet");
        assertThat(packs(".pack")).hasSize(1);
        repo.assertSound();
    }

    @Test
    void packs_of_others_and_such_that_are_being_saved_are_not_merged() throws IOException {
        repo.git("gc", "--quiet");
        var ofGit = packs(".pack").get(0);
        try (var repository = Repositories.open(repo.top);
                var writing = new PackedObjects(repository)) {
            writing.blob("being saved".getBytes(StandardCharsets.UTF_8));
            writing.force();
            for (int i = 0; i < 15; i++) {
                try (var other = new PackedObjects(repository)) {
                    other.blob(("content " + i).getBytes(StandardCharsets.UTF_8));
                    other.force();
                }
            }
            assertThat(packs(".pack"))
                    .hasSize(3)
                    .contains(ofGit, writing.name().pack().getFileName().toString());
        }
        assertThat(repo.git("count-objects", "-v")).contains("packs: 3\n", "garbage: 0\n");
    }

    @Test
    void packs_that_a_multi_pack_index_names_stay() throws IOException {
        try (var repository = Repositories.open(repo.top)) {
            for (int i = 0; i < 25; i++) {
                try (var other = new PackedObjects(repository)) {
                    other.blob(("content " + i).getBytes(StandardCharsets.UTF_8));
                    other.force();
                }
                if (i == 0) {
                    repo.git("multi-pack-index", "write");
                }
            }
        }
        assertThat(packs(".pack")).hasSize(25);
        assertNothingIsLeft();
    }

    @Test
    void changed_code_that_many_begin_with_is_written_once() {
        repo.write("train.py", "print('changed')\n");
        try (var daybook = open()) {
            begin(daybook, "x", MANY);
            assertThat(packs(".pack")).hasSize(1);
            assertThat(packs(".keep")).as("another one may begin with it").hasSize(1);

            repo.write("train.py", "print('changed again')\n");
            begin(daybook, "y", 1);
            assertThat(packs(".keep")).hasSize(1);
        }
        assertThat(packs(".keep")).isEmpty();
        repo.git("gc", "--prune=now", "--quiet");
        repo.assertSound();
    }

    @Test
    void gc_with_prune_now_takes_nothing_however_it_falls_in() throws Exception {
        var isOver = new AtomicBoolean();
        var collector = new Thread(() -> {
            while (!isOver.get()) {
                repo.tryGit("gc", "--prune=now", "--quiet");
                repo.tryGit("repack", "-adq");
                repo.tryGit("prune", "--expire=now");
            }
        });
        collector.start();
        try (var daybook = open()) {
            for (int round = 0; round < 5; round++) {
                assertThat(daybook.saveAll(begin(daybook, "round" + round + "-", MANY))
                                .orThrow())
                        .hasSize(MANY);
                repo.write("train.py", "print(" + round + ")\n");
                var alone = begin(daybook, "alone" + round + "-", 2);
                alone.get(0).makeCheckpoint("so far");
                alone.get(0).save();
                repo.write("train.py", "print('last in " + round + "')\n");
                alone.get(1).saveAsync().toCompletableFuture().get();
            }
        } finally {
            isOver.set(true);
            collector.join();
        }

        assertThat(repo.refs("refs/exps")).hasSize(5 * MANY + 10);
        assertNothingIsLeft();
    }

    @Test
    void what_dead_processes_have_left_is_swept_up_once_it_is_old() throws IOException {
        var pack = Files.createDirectories(objects().resolve("pack"));
        var dead = new PackOwner(Long.MAX_VALUE, 1);
        var folder = Files.createDirectories(objects().resolve(dead.newName()).resolve("pack"));
        Files.writeString(folder.resolve("insert_1.pack"), "half");
        var keep = Files.writeString(pack.resolve("pack-" + "1".repeat(40) + ".keep"), dead.note());
        var living = Files.writeString(pack.resolve("pack-" + "2".repeat(40) + ".keep"), PackOwner.CURRENT.note());
        var foreign = Files.writeString(pack.resolve("pack-" + "3".repeat(40) + ".keep"), "by hand\n");

        var lock = Files.createFile(repo.top.resolve(".git/packed-refs.lock"));

        open().close();
        assertThat(keep).exists();

        for (var old : List.of(folder.getParent(), keep, living, foreign)) {
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        }
        open().close();
        assertThat(keep).as("beside a lock that somebody may hold").exists();

        for (var old : List.of(folder.getParent(), keep, lock)) {
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        }
        open().close();
        assertThat(keep).doesNotExist();
        assertThat(folder.getParent()).doesNotExist();
        assertThat(lock).doesNotExist();
        assertThat(living).exists();
        assertThat(foreign).exists();
    }

    @Test
    void the_code_of_experiments_that_are_over_goes_once_it_is_old_and_that_of_all_others_stays() {
        var over = new ArrayList<String>();
        try (var daybook = openYesterday(DaybookOptions.defaults())) {
            over.add(codeOf(daybook.experiment("discarded").init(), Experiment::discard));
            over.add(codeOf(daybook.experiment("saved").init(), Experiment::save));
            daybook.experiment("unfinished").init();
        }
        var stays = new ArrayList<>(repo.refs("refs/daybook/code"));
        assertThat(stays).hasSize(1);
        try (var daybook = open()) {
            stays.add(codeOf(daybook.experiment("young").init(), Experiment::discard));
        }
        stays.add(ExperimentRefs.code(ExperimentId.of(yesterday().toEpochMilli(), new UUID(1, 2))));
        stays.add("refs/daybook/code/by-hand");
        // as a process leaves them that dies at the wrong moment
        over.forEach(ref -> repo.git("update-ref", ref, repo.head()));
        stays.forEach(ref -> repo.git("update-ref", ref, repo.head()));

        open().close();

        assertThat(repo.refs("refs/daybook/code")).containsExactlyInAnyOrderElementsOf(stays);
    }

    @Test
    void the_checkpoints_of_what_was_discarded_go_with_its_code_and_those_of_what_is_saved_stay() {
        String stays;
        try (var daybook = openYesterday(DaybookOptions.defaults())) {
            var discarded = daybook.experiment("discarded").init();
            var saved = daybook.experiment("saved").init();
            stays = ExperimentRefs.checkpoints(ExperimentId.parse(saved.id().orElseThrow()));
            var refs = new TreeMap<String, String>();
            for (var run : List.of(discarded, saved)) {
                run.makeCheckpoint("one");
                var id = ExperimentId.parse(run.id().orElseThrow());
                for (var ref : List.of(ExperimentRefs.checkpoints(id), ExperimentRefs.code(id))) {
                    refs.put(ref, repo.git("rev-parse", ref));
                }
            }
            saved.save();
            discarded.discard();
            assertThat(repo.refs("refs/daybook")).containsExactly(stays);
            // as processes leave them that die at the wrong moment
            refs.forEach((ref, commit) -> repo.git("update-ref", ref, commit));
        }
        open().close();

        assertThat(repo.refs("refs/daybook")).containsExactly(stays);
    }

    private static String codeOf(Experiment run, Consumer<Experiment> end) {
        var ref = "refs/daybook/code/" + run.id().orElseThrow();
        end.accept(run);
        return ref;
    }

    @Test
    void the_code_of_an_experiment_in_another_journal_directory_stays() {
        var other = DaybookOptions.defaults().withJournalDirectory(temp.resolve("other"));
        repo.write("train.py", "print(\"changed\")\n");
        try (var daybook = openYesterday(other)) {
            daybook.experiment("elsewhere").init();
        }
        repo.git("checkout", "-q", "--", "train.py");

        open().close();

        repo.git("gc", "-q", "--prune=now");
        try (var daybook = Daybook.open(repo.top, other)) {
            var saved = daybook.find("elsewhere").orElseThrow().save();
            assertThat(repo.show(saved.commit(), "train.py")).isEqualTo("print(\"changed\")\n");
        }
        assertNothingIsLeft();
    }

    private static Instant yesterday() {
        return Instant.now().minus(Duration.ofDays(1));
    }

    private Daybook openYesterday(DaybookOptions options) {
        return Daybook.open(
                repo.top, options.withWarnings(warning -> {}).withClock(Clock.fixed(yesterday(), ZoneOffset.UTC)));
    }

    @Test
    void a_thousand_names_of_others_are_left_alone() throws IOException {
        var baseline = repo.head();
        var commands = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            commands.append("create refs/exps/")
                    .append(baseline, 0, 2)
                    .append('/')
                    .append(baseline.substring(2));
            commands.append("/old-").append(i).append(' ').append(baseline).append('\n');
        }
        var file = Files.writeString(temp.resolve("commands"), commands);
        repo.git("-c", "alias.up=!git update-ref --stdin < " + file, "up");
        repo.git("pack-refs", "--all");
        try (var daybook = open()) {
            daybook.saveAll(begin(daybook, "x", MANY)).orThrow();
        }
        assertThat(repo.refs("refs/exps")).hasSize(1_000 + MANY);
        assertNothingIsLeft();
    }
}
