package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.daybook.Daybook;
import dev.daybook.DaybookException;
import dev.daybook.DaybookOptions;
import dev.daybook.FailingFiles;
import dev.daybook.FailingFiles.Cause;
import dev.daybook.FailingFiles.Kind;
import dev.daybook.git.dvc.DvcCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a call has forced to disk when it returns, and in which order: what is named before what names it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ForcedFilesTest {

    private static final String PACK = ".*/objects/daybook-[^/]*\\.pack";
    private static final String INDEX = ".*/objects/daybook-[^/]*\\.idx";
    private static final String PACKS = ".*/objects/pack";
    private static final String REFS = ".*/refs/exps/[0-9a-f]{2}/[0-9a-f]{38}";
    private static final String CACHE = ".*/\\.dvc/cache";

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

    private interface Action {
        void run() throws IOException;
    }

    /** The paths, in their order, of all threads. */
    private List<String> forced(Action action) throws IOException {
        try (var files = FailingFiles.below(temp)) {
            action.run();
            return files.forced();
        }
    }

    /** That what these expressions match was forced one after the other. */
    private static void assertOrder(List<String> forced, String... expressions) {
        int from = 0;
        for (var expression : expressions) {
            int at = from;
            while (at < forced.size() && !forced.get(at).matches(expression)) {
                at++;
            }
            assertThat(at)
                    .as("%s is to be forced behind the first %d of %s", expression, from, forced)
                    .isLessThan(forced.size());
            from = at + 1;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_force_that_fails_is_told_by_the_call_that_asked_for_it(WritingCall call) {
        int told = 0;
        try (var files = FailingFiles.below(temp)) {
            boolean isOver = false;
            for (int force = 1; !isOver; force++) {
                var what = call + " " + force;
                repo.write("model.bin", what).write("data/a.txt", what).write("data/b/c.txt", what);
                var daybook = open();
                var run = daybook.experiment(call + "-" + force).init();
                run.logMetric("loss", force);
                files.failOf(Thread.currentThread().getName(), Kind.FORCE, force, 1, Cause.IO);
                int before = files.forced().size();
                var failure = catchThrowable(() -> call.make(daybook, List.of(run)));
                files.heal();
                isOver = files.failed().isEmpty();
                if (!isOver) {
                    var forced = files.forced().subList(before, files.forced().size());
                    var failed = files.failed().orElseThrow();
                    assertThat(failure instanceof DaybookException || isWrittenAgain(forced, failed))
                            .as(what + ": " + failed + ": " + failure)
                            .isTrue();
                    told++;
                }
                // what has failed for good says so once more
                var unused = catchThrowable(daybook::close);
            }
        }
        assertThat(told).isPositive();
    }

    /** A ref that could not be written is written once more, from the beginning: then that counts. */
    private static boolean isWrittenAgain(List<String> forced, String failed) {
        var path = failed.substring(failed.indexOf('/'), failed.lastIndexOf(", in "));
        return path.endsWith(".lock")
                && forced.stream().filter(each -> each.endsWith(path)).count() > 1;
    }

    private static long count(List<String> forced, String expression) {
        return forced.stream().filter(path -> path.matches(expression)).count();
    }

    @Test
    void a_save_forces_the_pack_and_its_name_before_the_ref_and_its_name() throws IOException {
        try (var daybook = open()) {
            var run = daybook.experiment("lion").init();
            run.logMetric("loss", 0.5);

            var forced = forced(run::save);

            assertOrder(forced, PACK, INDEX, PACKS, REFS + "/lion.*", REFS, ".*/refs/exps", ".*/refs");
            assertThat(count(forced, PACK)).isEqualTo(count(forced, INDEX)).isEqualTo(count(forced, PACKS));
        }
    }

    @Test
    void many_saves_force_one_pack_before_the_refs_that_are_written_together() throws IOException {
        try (var daybook = open()) {
            var runs = IntStream.range(0, 5)
                    .mapToObj(i -> daybook.experiment("lion" + i).init())
                    .toList();
            runs.forEach(run -> run.logMetric("loss", 0.5));

            var forced = forced(() -> daybook.saveAll(runs));

            assertOrder(forced, PACK, INDEX, PACKS, ".*/packed-refs", ".*/\\.git", REFS + "/lion4.*");
        }
    }

    @Test
    void a_checkpoint_is_on_disk_before_its_ref() throws IOException {
        try (var daybook = open()) {
            var run = daybook.experiment("lion").init();
            run.logMetric("loss", 0.5);

            var forced = forced(() -> run.makeCheckpoint("half way"));

            var refs = ".*/refs/daybook/checkpoints";
            assertOrder(forced, PACK, INDEX, PACKS, refs + "/.*", refs);
        }
    }

    @Test
    void a_pack_is_kept_from_gc_from_the_moment_that_it_is_there() throws IOException {
        try (var projection = repo.open();
                var repository = Repositories.open(repo.top);
                var objects = new PackedObjects(repository)) {
            assertThat(projection.head()).isEqualTo(repo.head());
            var blob = objects.blob("lion".getBytes(StandardCharsets.UTF_8));
            objects.force();

            assertThat(objects.name().keep()).content().startsWith("daybook: being saved by process ");
            repo.git("repack", "-a", "-d", "-q");
            repo.git("prune", "--expire=now");
            assertThat(repo.git("cat-file", "-p", blob.name())).isEqualTo("lion");
        }
    }

    @Test
    void an_artifact_and_all_names_on_the_way_to_it_are_forced() throws IOException {
        for (int length : new int[] {100, 3 << 20}) {
            var file = Files.write(repo.top.resolve("model.bin"), new byte[length]);
            var cache = DvcCache.of(repo.top);

            var forced = forced(() -> cache.store(file));

            assertOrder(forced, CACHE + "/daybook/[^/]*\\.tmp", CACHE + "/files/md5/[0-9a-f]{2}");
            assertThat(forced)
                    .anyMatch(path -> path.matches(CACHE + "/files/md5"))
                    .anyMatch(path -> path.matches(CACHE + "/files"))
                    .anyMatch(path -> path.matches(CACHE));
        }
    }

    @Test
    void of_a_folder_each_file_and_the_list_are_forced() throws IOException {
        var one = Files.writeString(repo.top.resolve("one.txt"), "one");
        var two = Files.writeString(repo.top.resolve("two.txt"), "two");
        var cache = DvcCache.of(repo.top);

        var forced = forced(() -> cache.store(Map.of("one.txt", one, "two.txt", two)));

        assertThat(count(forced, CACHE + "/daybook/[^/]*\\.tmp")).isEqualTo(3);
    }
}
