package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.Rounds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Child JVMs that add artifacts until they are killed. The seed decides when; {@code -Ddaybook.seed} repeats one. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ArtifactCrashIT {

    private static final int ROUNDS = Rounds.of(20);
    private static final int MAX_MILLIS = 400;
    private static final int MAX_MILLIS_IN_THE_MIDDLE = 50;

    private final long seed = Rounds.seed();
    private final Random random = new Random(seed);

    @TempDir
    Path temp;

    @Test
    void a_kill_leaves_nothing_or_a_whole_object_and_what_was_acknowledged_is_there() throws IOException {
        var repo = GitRepo.reference(temp.resolve("repo"));
        var acks = temp.resolve("acks");
        for (int round = 0; round < ROUNDS; round++) {
            var where = "round " + round + ", seed " + seed;
            var name = "round-" + round;
            try (var child = ChildJvm.start(
                    temp.resolve("output"),
                    ArtifactCrashChild.class,
                    repo.top.toString(),
                    acks.toString(),
                    String.valueOf(round))) {
                if (round % 2 == 0) {
                    child.await("an artifact", () -> !last(acks, name).isEmpty());
                    child.runFor(random.nextInt(MAX_MILLIS));
                } else {
                    // in the middle of the first ones
                    long before = temporaries(repo);
                    child.await("a temporary file", () -> temporaries(repo) > before);
                    child.runFor(random.nextInt(MAX_MILLIS_IN_THE_MIDDLE));
                }
                child.kill();
            }
            assertObjectsWhole(repo, where);
            assertKeptAndSave(repo, name, last(acks, name), where);
        }
        sweep(repo);
        repo.assertSound();
        System.out.println(
                "ArtifactCrashIT: " + ROUNDS + " kills, no acknowledged artifact lost, no object torn; seed " + seed);
        Rounds.done(ROUNDS, "kills among artifacts");
    }

    private static void assertKeptAndSave(GitRepo repo, String name, List<Long> acknowledged, String where)
            throws IOException {
        try (var daybook = Daybook.open(repo.top)) {
            var saved = daybook.find(name).orElseThrow().save();
            assertThat(daybook.damage()).as(where).isEmpty();
            Census.assertEachIsInOnePlace(repo, daybook, List.of(name), where);
            boolean isThere = repo.files(saved.commit()).contains("number.bin.dvc");
            if (!acknowledged.isEmpty()) {
                assertThat(isThere).as(where).isTrue();
                // one may have been added and not yet acknowledged
                assertThat(number(repo.show(saved.commit(), "number.bin.dvc")))
                        .as(where)
                        .isBetween(acknowledged.get(0), acknowledged.get(0) + 1);
                assertFolder(repo, repo.show(saved.commit(), "folder.dvc"), name, acknowledged.get(0), where);
            }
            if (isThere) {
                var hash = repo.show(saved.commit(), "number.bin.dvc").substring("outs:\n- md5: ".length());
                assertThat(object(repo, hash.substring(0, 32))).as(where).isRegularFile();
            }
        }
    }

    /** All files of the folder, of one number: that which was acknowledged, or the next. */
    private static void assertFolder(GitRepo repo, String pointer, String name, long acknowledged, String where)
            throws IOException {
        var list = Files.readString(
                object(repo, pointer.substring("outs:\n- md5: ".length()).split("\n", 2)[0]));
        var entries = Pattern.compile("\"md5\": \"([0-9a-f]{32})\", \"relpath\": \"f(\\d+)\"")
                .matcher(list)
                .results()
                .toList();
        assertThat(entries).as(where + ": " + list).hasSize(ArtifactCrashChild.FILES);
        var numbers = new TreeSet<Long>();
        for (var entry : entries) {
            var words = Files.readString(object(repo, entry.group(1))).split(" ", -1);
            assertThat(words).as(where).hasSize(3).startsWith(name).endsWith(entry.group(2));
            numbers.add(Long.parseLong(words[1]));
        }
        assertThat(numbers).as(where).hasSize(1);
        assertThat(numbers.first()).as(where).isBetween(acknowledged, acknowledged + 1);
    }

    private static Path object(GitRepo repo, String hash) {
        return repo.top.resolve(".dvc/cache/files/md5/" + hash.substring(0, 2) + "/" + hash.substring(2));
    }

    private static long temporaries(GitRepo repo) {
        var workshop = repo.top.resolve(".dvc/cache/daybook");
        return Files.exists(workshop) ? GitRepo.listing(workshop).size() : 0;
    }

    /** The child lets the size of the file be its number. */
    private static long number(String pointer) {
        return Long.parseLong(pointer.replaceAll("(?s).*\\n  size: (\\d+)\\n.*", "$1")) - ArtifactCrashChild.BYTES;
    }

    private static void assertObjectsWhole(GitRepo repo, String where) throws IOException {
        var folder = repo.top.resolve(".dvc/cache/files/md5");
        if (!Files.exists(folder)) {
            return; // killed before the first one
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var name = folder.relativize(file).toString().replace("/", "");
                assertThat(md5(file)).as(where + " " + file).isEqualTo(name.replace(".dir", ""));
                assertThat(Files.getPosixFilePermissions(file)).as(where).hasSize(3);
            }
        }
    }

    /** What was left half-written is known by its name, and goes when it is old. */
    private static void sweep(GitRepo repo) throws IOException {
        var workshop = repo.top.resolve(".dvc/cache/daybook");
        for (var name : GitRepo.listing(workshop)) {
            assertThat(name).endsWith(".tmp");
            Files.setLastModifiedTime(
                    workshop.resolve(name), FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        }
        try (var daybook = Daybook.open(repo.top);
                var run = daybook.experiment("sweeper").init()) {
            run.addArtifact(Path.of("number.bin"));
            run.discard();
        }
        assertThat(GitRepo.listing(workshop)).isEmpty();
    }

    private static String md5(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The last number that was acknowledged, if there is one. */
    private static List<Long> last(Path acks, String name) {
        try {
            var lines = Files.exists(acks) ? Files.readAllLines(acks) : List.<String>of();
            return lines.stream()
                    .filter(line -> line.startsWith(name + " ") && line.endsWith(" ."))
                    .map(line -> Long.parseLong(line.split(" ", -1)[1]))
                    .reduce((first, second) -> second)
                    .stream()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
