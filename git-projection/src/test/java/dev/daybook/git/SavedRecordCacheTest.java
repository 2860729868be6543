package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import dev.daybook.port.SavedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SavedRecordCacheTest {

    @TempDir
    Path temp;

    private GitRepo repo;
    private Path folder;
    private Path file;

    @BeforeEach
    void create() {
        repo = GitRepo.reference(temp.resolve("repo"));
        folder = repo.top.resolve(".git/daybook/cache");
        file = folder.resolve("saved-4");
    }

    /** A commit as DVC makes it, on HEAD. */
    private String experiment(String name, String metrics) {
        repo.write("dvclive/metrics.json", metrics).write("dvclive/params.yaml", "lr: 0.5\nname: " + name + "\n");
        repo.git("add", "-A");
        var commit = repo.git("commit-tree", repo.git("write-tree"), "-p", "HEAD", "-m", name);
        repo.git("reset", "-q", "--hard");
        repo.git("update-ref", ref(name), commit);
        return commit;
    }

    private String ref(String name) {
        return ExperimentRefs.experiment(repo.head(), name);
    }

    private void experiments(int count) {
        for (int i = 0; i < count; i++) {
            experiment("x" + i, "{\"acc\": 0." + i + ", \"loss\": NaN}");
        }
    }

    /** As a new process sees them. */
    private List<SavedRecord> read() {
        try (var projection = repo.open()) {
            return projection.saved();
        }
    }

    /** Out of the commits, whatever is in the cache. */
    private List<SavedRecord> uncached() throws IOException {
        try (var repository = Repositories.open(repo.top)) {
            return new SavedRecords(repository, new SavedRecordCache(temp.resolve("none/saved-4")))
                    .of(new ExperimentRefs(repository, java.time.Duration.ZERO).experiments(), (done, all) -> {});
        }
    }

    private void loseObjects() throws IOException {
        Files.move(repo.top.resolve(".git/objects"), temp.resolve("objects"));
        Files.createDirectories(repo.top.resolve(".git/objects"));
    }

    @Test
    void what_was_read_once_needs_no_object_any_more() throws IOException {
        experiments(3);
        var first = read();

        loseObjects();

        assertThat(read()).isEqualTo(first);
        assertThat(first).extracting(SavedRecord::name).containsExactly("x0", "x1", "x2");
        assertThat(first.get(1).metrics())
                .containsEntry("acc", ParamValue.of(0.1))
                .containsEntry("loss", ParamValue.of(Double.NaN));
        assertThat(first.get(1).params())
                .containsEntry(new ParamKey(Optional.of("dvclive/params.yaml"), List.of("name")), ParamValue.of("x1"));
        assertThat(first).allSatisfy(record -> assertThat(record.problems()).isEmpty());
    }

    @Test
    void a_new_one_is_appended_and_the_others_stay_as_they_are() throws IOException {
        experiments(2);
        read();
        var before = Files.readAllBytes(file);

        experiment("late", "{}");
        var all = read();

        assertThat(all).hasSize(3);
        assertThat(Files.readAllBytes(file)).startsWith(before).hasSizeGreaterThan(before.length);
        loseObjects();
        assertThat(read()).isEqualTo(all);
    }

    @Test
    void without_experiments_there_is_no_file() {
        assertThat(read()).isEmpty();
        assertThat(repo.top.resolve(".git/daybook")).doesNotExist();
    }

    @Test
    void whichever_byte_is_wrong_the_result_is_right() throws IOException {
        experiments(2);
        var expected = read();
        var good = Files.readAllBytes(file);

        for (int i = 0; i < good.length; i++) {
            var bad = good.clone();
            bad[i] ^= (byte) (1 << i % 8);
            Files.write(file, bad);
            assertThat(read()).as("byte " + i).isEqualTo(expected);
            assertThat(Files.readAllBytes(file)).as("after byte " + i).hasSameSizeAs(good);
        }
    }

    @Test
    void wherever_it_is_cut_the_result_is_right_and_the_file_is_whole_again() throws IOException {
        experiments(2);
        var expected = read();
        var good = Files.readAllBytes(file);

        for (int length = 0; length < good.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            assertThat(read()).as("cut at " + length).isEqualTo(expected);
            assertThat(Files.readAllBytes(file)).as("cut at " + length).hasSameSizeAs(good);
        }
    }

    @Test
    void another_programs_file_in_its_place_is_replaced() throws IOException {
        experiments(1);
        var expected = read();
        Files.writeString(file, "something else altogether");

        assertThat(read()).isEqualTo(expected);
        loseObjects();
        assertThat(read()).isEqualTo(expected);
    }

    @Test
    void where_nothing_can_be_written_everything_is_read() throws IOException {
        experiments(2);
        // no permission keeps root from writing, but a file is no folder for anybody
        Files.writeString(repo.top.resolve(".git/daybook"), "in the way");

        assertThat(read()).isEqualTo(uncached()).hasSize(2);
        assertThat(repo.top.resolve(".git/daybook")).hasContent("in the way");
    }

    @Test
    void a_folder_in_the_files_place_is_left_alone() throws IOException {
        experiments(2);
        Files.createDirectories(file.resolve("full"));

        assertThat(read()).isEqualTo(uncached()).hasSize(2);
        assertThat(file.resolve("full")).isDirectory();
        assertThat(GitRepo.listing(folder)).containsExactly("saved-4");
    }

    @Test
    void what_may_be_fetched_some_day_is_not_remembered() throws IOException {
        var commit = experiment("partial", "{\"acc\": 0.5}");
        var blob = repo.git("rev-parse", commit + ":dvclive/metrics.json");
        var object = repo.top.resolve(".git/objects/" + blob.substring(0, 2) + "/" + blob.substring(2));
        var aside = Files.move(object, temp.resolve("aside"));

        assertThat(read().get(0).problems()).singleElement().asString().contains("fetch it");
        assertThat(read().get(0).metrics()).isEmpty();
        Files.move(aside, object);

        assertThat(read().get(0).problems()).isEmpty();
        assertThat(read().get(0).metrics()).containsEntry("acc", ParamValue.of(0.5));
    }

    @Test
    void what_is_wrong_for_ever_is_remembered() throws IOException {
        experiment("garbled", "{\"acc\": ");
        var first = read();

        loseObjects();

        assertThat(read()).isEqualTo(first);
        assertThat(first.get(0).problems()).singleElement().asString().contains("dvclive/metrics.json");
    }

    @Test
    void a_commit_under_two_baselines_is_two_experiments() {
        var commit = experiment("one", "{\"acc\": 1}");
        var baseline = repo.head();
        repo.write("train.py", "later\n").commit("later");
        repo.git("update-ref", ref("other"), commit);

        read();

        assertThat(read())
                .extracting(record -> record.name() + " " + record.baseline())
                .containsExactlyInAnyOrder("one " + baseline, "other " + repo.head());
    }

    @Test
    void a_renamed_one_is_known_by_its_commit() throws IOException {
        var commit = experiment("old", "{\"acc\": 1}");
        read();
        repo.git("update-ref", ref("new"), commit);
        repo.git("update-ref", "-d", ref("old"));
        loseObjects();

        assertThat(read()).singleElement().satisfies(record -> {
            assertThat(record.name()).isEqualTo("new");
            assertThat(record.ref()).isEqualTo(ref("new"));
            assertThat(record.problems()).isEmpty();
        });
    }

    @Test
    void what_no_ref_names_goes_when_it_is_more_than_half() throws IOException {
        experiments(4);
        read();
        long full = Files.size(file);

        repo.git("update-ref", "-d", ref("x0"));
        repo.git("update-ref", "-d", ref("x1"));
        read();
        assertThat(file).hasSize(full);
        repo.git("update-ref", "-d", ref("x2"));
        var left = read();

        assertThat(Files.size(file)).isLessThan(full / 2);
        loseObjects();
        assertThat(read()).isEqualTo(left).hasSize(1);
    }

    @Test
    void one_who_finds_the_file_changed_writes_nothing() throws IOException {
        experiments(2);
        var cache = new SavedRecordCache(file);
        var all = uncached();
        cache.keep(cache.read(), List.of(), all.subList(0, 1));
        var seen = cache.read();
        cache.keep(seen, names(all.subList(0, 1)), all.subList(1, 2));
        var bytes = Files.readAllBytes(file);

        cache.keep(seen, names(all.subList(0, 1)), all.subList(1, 2));

        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        assertThat(names(all))
                .allSatisfy(name -> assertThat(cache.read().find(name)).isPresent());
    }

    private static List<SavedName> names(List<SavedRecord> records) {
        return records.stream()
                .map(record -> SavedName.of(record.ref(), org.eclipse.jgit.lib.ObjectId.fromString(record.commit())))
                .toList();
    }

    @Test
    void many_at_once_all_see_what_there_is() throws Exception {
        experiments(5);
        var expected = uncached();
        var threads = Executors.newFixedThreadPool(8);
        try {
            Callable<List<SavedRecord>> reading = this::read;
            var all = new ArrayList<Callable<List<SavedRecord>>>();
            IntStream.range(0, 40).forEach(i -> all.add(reading));
            for (var result : threads.invokeAll(all)) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
        read();
        loseObjects();
        assertThat(read()).isEqualTo(expected);
        assertThat(GitRepo.listing(folder)).containsExactly("saved-4");
    }

    @Test
    void what_a_killed_process_has_left_half_written_goes_some_day() throws IOException {
        experiments(1);
        Files.createDirectories(folder);
        var old = Files.writeString(file.resolveSibling("saved-4.1-2.tmp"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(7200)));
        var young = Files.writeString(file.resolveSibling("saved-4.3-4.tmp"), "half");

        read();

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void metrics_that_dvc_takes_for_one_are_all_there() {
        experiment(
                "twice",
                "{\"train\": {\"acc\": 1, \"b/c\": 3}, \"train.acc\": 2, \"train/acc\": 4,"
                        + " \"train/b\": {\"c\": 5}, \"train/b/c\": 6}");

        assertThat(read().get(0).metrics().entrySet().stream()
                        .map(metric -> metric.getKey() + "=" + ((ParamValue.LongValue) metric.getValue()).value())
                        .collect(Collectors.joining(" ")))
                .isEqualTo("train/acc=1 train/b/c=3 train.acc=2 dvclive/metrics.json:train/acc=4"
                        + " dvclive/metrics.json:train/b/c=5"
                        + " dvclive/metrics.json:dvclive/metrics.json:train/b/c=6");
    }
}
