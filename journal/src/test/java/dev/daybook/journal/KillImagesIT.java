package dev.daybook.journal;

import static dev.daybook.journal.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.ProcessImage;
import dev.daybook.Rounds;
import dev.daybook.Scratch;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.JournalSettings.Force;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * What a {@code kill -9} would leave, at many moments of one process: it is stopped, its files are copied, and it goes on. One to four threads
 * log, from one small generation to the next.
 */
@EnabledOnOs(OS.LINUX)
@DisplayNameGeneration(ReplaceUnderscores.class)
class KillImagesIT {

    private static final int ROUNDS = Rounds.of(300);
    private static final int IMAGES_OF_A_PROCESS = 8;
    private static final int LEAST_BETWEEN = 30_000;
    private static final long GENERATION_BYTES = 512 << 10;

    private final long seed = Rounds.seed();
    private final Random random = new Random(seed);

    private Path directory = Scratch.MEMORY;
    private int images;
    private long acknowledged;
    private long lost;
    private int generations;
    private int underWay;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Scratch.temporary();
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        Scratch.delete(directory);
    }

    @Test
    void whatever_was_acknowledged_is_in_each_image_and_an_heir_goes_on_with_it() throws Exception {
        for (int number = 1; images < ROUNDS; number++) {
            imagesOfOne(number);
        }
        System.out.printf(
                "kill images: %d, %d of them in the middle of logging, of %d generations, %d acknowledged, %d lost; seed %d%n",
                images, underWay, generations, acknowledged, lost, seed);
        assertThat(lost).isZero();
        assertThat(underWay).isGreaterThan(images / 2);
        Rounds.done(images, "images of kills");
    }

    private void imagesOfOne(int number) throws IOException, InterruptedException {
        var place = Files.createDirectory(directory.resolve("journal-" + number));
        var file = directory.resolve("acks-" + number);
        var acks = new Acks(file);
        long allowed = 1;
        acks.set(LoggingProgram.ALLOWED, allowed);
        int threads = 1 + random.nextInt(LoggingProgram.THREADS);
        var force = random.nextInt(3) == 0 ? Force.INTERVAL : Force.PROCESS;
        var process = ChildJvm.start(
                LoggingProgram.class,
                place.toString(),
                Integer.toString(number),
                file.toString(),
                force.name(),
                Integer.toString(threads),
                Long.toString(GENERATION_BYTES));
        try {
            for (int i = 0; i < IMAGES_OF_A_PROCESS && images < ROUNDS; i++) {
                long more = (long) LEAST_BETWEEN + random.nextInt(LEAST_BETWEEN);
                acks.set(LoggingProgram.ALLOWED, allowed + more);
                // early, so that it is in the middle of it, mostly, when it stands still
                acks.await(allowed + random.nextLong(more / 4), process);
                var image = directory.resolve("image");
                ProcessImage.take(process.toHandle(), place, image);
                underWay += acks.total() < allowed + more ? 1 : 0;
                check(
                        "seed " + seed + ", process " + number + " with " + threads + " threads, " + force + ", image "
                                + i,
                        image,
                        number,
                        acks);
                ProcessImage.goOn(process.toHandle());
                Scratch.delete(image);
                allowed += more;
            }
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
        Scratch.delete(place);
    }

    /** The process stands still, and its acknowledgements with it. */
    private void check(String what, Path image, int experiment, Acks acks) {
        images++;
        acknowledged += acks.total();
        Map<ExperimentId, Streams.One> found;
        try (var journal = Samples.open(image)) {
            found = Streams.of(journal);
            generations += journal.generations().size();
            lost += RotationCrashIT.lost(what, journal, Objects.requireNonNull(found.get(id(experiment))), acks);
        }
        Heirs.goOn(what, image, found, Optional.ofNullable(found.get(id(experiment))));
    }
}
