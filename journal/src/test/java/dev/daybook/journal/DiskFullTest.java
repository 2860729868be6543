package dev.daybook.journal;

import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.journal.FillingProgram.Kind;
import dev.daybook.port.Generation;
import dev.daybook.port.JournalReading;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that log until the disk is full: a file system of their own, where this may be mounted, and files that may not grow, which any user
 * can have.
 */
@EnabledOnOs(OS.LINUX)
@DisplayNameGeneration(ReplaceUnderscores.class)
class DiskFullTest {

    private static final int DISK_KB = 4 << 10;
    private static final long SMALL_GENERATION = 512 << 10;
    private static final long LARGE_GENERATION = 256 << 20;
    private static final String NO_SPACE = "No space left on device";
    private static final int FOR_EVER = Integer.MAX_VALUE - 1;

    @TempDir
    private Path directory;

    private int scripts;
    private long acknowledged;

    /** What a program said, line by line. */
    private record Outcome(int exit, List<String> lines) {}

    private interface Part {
        void run(Path mount) throws Exception;
    }

    private void onSmallDisk(Part part) throws Exception {
        var mount = Files.createTempDirectory(directory, "mount-");
        Assumptions.assumeTrue(
                isDone("mount", "-t", "tmpfs", "-o", "size=" + DISK_KB + "k", "tmpfs", mount.toString()),
                "only root may mount a small disk");
        try {
            part.run(mount);
        } finally {
            // lazily, because what was read stays mapped until it is collected
            assertThat(isDone("umount", "-l", mount.toString())).isTrue();
        }
    }

    private static boolean isDone(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Outcome run(List<String> prefix, Path place, int experiment, Kind kind, long generation, int most)
            throws Exception {
        var program = ChildJvm.program(
                ChildJvm.FLAGS,
                FillingProgram.class,
                place.toString(),
                Integer.toString(experiment),
                acksFile(experiment).toString(),
                kind.name(),
                Long.toString(generation),
                Integer.toString(most));
        program.command().addAll(0, prefix);
        var process = program.directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = process.getInputStream()) {
            var said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return new Outcome(process.exitValue(), said.lines().toList());
        } finally {
            process.destroyForcibly();
        }
    }

    private Path acksFile(int experiment) {
        return directory.resolve("acks-" + experiment);
    }

    private static void fill(Path filler, long kilobytes) throws IOException {
        try (var open = new RandomAccessFile(filler.toFile(), "rw")) {
            var kilobyte = new byte[1 << 10];
            for (long i = 0; i < kilobytes; i++) {
                open.write(kilobyte);
            }
        }
    }

    /** Everything that was acknowledged is there, and at most what was under way is there besides. */
    private void requireReadable(String what, Path place, int experiment) throws IOException {
        var acks = new Acks(acksFile(experiment));
        try (var journal = Samples.open(place)) {
            assertThat(journal.generations()).as(what).noneMatch(Generation::isAlive);
            var stream = Optional.ofNullable(Streams.of(journal).get(id(experiment)));
            long events = stream.map(found -> found.tail().events()).orElse(0L);
            var records = JournalReading.records(stream.map(Streams.One::items).orElse(List.of()));
            for (int step = 0; step < records.size(); step++) {
                assertThat(records.get(step).step()).as(what).isEqualTo(step);
                assertThat(Double.longBitsToDouble(records.get(step).valueBits()))
                        .as(what)
                        .isEqualTo(step / 8.0);
            }
            assertThat(events).as(what).isBetween(acks.get(FillingProgram.EVENTS), acks.get(FillingProgram.EVENTS) + 1);
            assertThat((long) records.size())
                    .as(what)
                    .isBetween(acks.get(FillingProgram.RECORDS), acks.get(FillingProgram.RECORDS) + 1);
        }
        scripts++;
        acknowledged += acks.total();
    }

    private static void requireRefusals(String what, String cause, Outcome outcome) {
        assertThat(outcome.exit()).as(what + " " + outcome.lines()).isZero();
        var refusals = outcome.lines().stream()
                .filter(line -> !line.equals("the block is full"))
                .toList();
        // the call that failed, and two after it; what closes has nothing to say, or the same
        assertThat(refusals).as(what).hasSizeBetween(3, 4);
        assertThat(refusals.get(0))
                .as(what)
                .startsWith("JournalException: the journal ")
                .contains(cause);
        assertThat(refusals.get(1)).as(what).startsWith("JournalException: ").contains(cause);
        assertThat(refusals.get(2)).as(what).containsAnyOf(cause, "its stream does not end here");
    }

    private void goOn(String what, Path place, int experiment) throws Exception {
        var outcome = run(List.of(), place, experiment, Kind.BOTH, SMALL_GENERATION, 50);
        assertThat(outcome).as(what).isEqualTo(new Outcome(0, List.of()));
        requireReadable(what + ", afterwards", place, experiment);
    }

    /** One full disk: with so much room that something is in the way of its being used up. */
    private void fillUp(Kind kind, long generation, int freeKilobytes) throws Exception {
        var what = kind + " in generations of " + generation + " bytes with " + freeKilobytes + " KiB free";
        onSmallDisk(mount -> {
            var place = mount.resolve("journal");
            var filler = mount.resolve("filler");
            int experiment = scripts + 1;
            fill(filler, DISK_KB - freeKilobytes);

            var outcome = run(List.of(), place, experiment, kind, generation, FOR_EVER);

            requireRefusals(what, NO_SPACE, outcome);
            requireReadable(what, place, experiment);
            Files.delete(filler);
            goOn(what, place, experiment + 1);
            requireReadable(what + ", still", place, experiment);
        });
    }

    @Test
    void a_full_disk_is_a_refusal_wherever_it_is_met_and_takes_nothing_that_was_acknowledged() throws Exception {
        // from a disk on which no generation can be begun to one on which several are full
        fillUp(Kind.EVENTS, SMALL_GENERATION, 8);
        fillUp(Kind.RECORDS, SMALL_GENERATION, 700);
        fillUp(Kind.BOTH, SMALL_GENERATION, 1_100);
        fillUp(Kind.RECORDS, SMALL_GENERATION, 1_500);
        fillUp(Kind.EVENTS, SMALL_GENERATION, 2_100);
        fillUp(Kind.BOTH, SMALL_GENERATION, 2_600);
        fillUp(Kind.RECORDS, LARGE_GENERATION, 2_048);
        fillUp(Kind.EVENTS, LARGE_GENERATION, 2_048);
        System.out.printf("full disks: %d journals read, %d acknowledged, 0 lost%n", scripts, acknowledged);
    }

    @Test
    void a_first_event_for_which_there_is_no_room_is_refused_like_any_other() throws Exception {
        // enough to begin a generation
        fillUp(Kind.FIRST, LARGE_GENERATION, 1_300);
    }

    @Test
    void what_fits_into_a_block_that_was_reserved_is_taken_on_a_full_disk_too() throws Exception {
        onSmallDisk(mount -> {
            var place = mount.resolve("journal");
            var outcome = run(List.of(), place, 1, Kind.BLOCK, LARGE_GENERATION, 1);

            requireRefusals("block", NO_SPACE, outcome);
            assertThat(outcome.lines()).startsWith("the block is full");
            assertThat(new Acks(acksFile(1)).get(FillingProgram.RECORDS))
                    .isGreaterThanOrEqualTo(FillingProgram.BLOCK_BEGUN + 1_023);
            requireReadable("block", place, 1);
            Files.delete(place.resolve("filler-of-program"));
            goOn("block", place, 2);
        });
    }

    @Test
    void a_file_that_may_not_grow_is_a_refusal_too() throws Exception {
        int limitKilobytes = 40 << 10;
        var place = directory.resolve("journal");
        var shell = List.of("bash", "-c", "ulimit -f " + limitKilobytes + "; exec \"$0\" \"$@\"");

        var outcome = run(shell, place, 1, Kind.RECORDS, LARGE_GENERATION, FOR_EVER);

        requireRefusals("ulimit", "File too large", outcome);
        requireReadable("ulimit", place, 1);
        goOn("ulimit", place, 2);
        System.out.printf(
                "files that may not grow: %d journals read, %d acknowledged, 0 lost%n", scripts, acknowledged);
    }
}
