package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.port.Chain;
import dev.daybook.port.Cut;
import dev.daybook.port.JournalSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The end of a generation beside those who still want something of it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GenerationWriterTest {

    @TempDir
    private Path directory;

    @Test
    void who_forces_while_the_generation_is_being_finished_does_not_return_before_that_is_on_disk() throws Exception {
        var finishing = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var isFinishing = new AtomicBoolean();
        var forced = new AtomicInteger();
        QueueWriter.Sync slow = (path, file) -> {
            if (isFinishing.get()) {
                finishing.countDown();
                await(mayEnd);
            }
            file.sync();
            forced.incrementAndGet();
        };
        var place = JournalDirectory.of(directory);
        var journal = Samples.open(directory, JournalSettings.defaults(false), BlockWriter.Sizes.DEFAULT);
        var generation = new GenerationWriter(journal, OwnGeneration.make(place), slow, 1 << 20);
        generation.begin();
        generation.event(Samples.id(1), 0, 0, Cut.NONE, Chain.start(Samples.id(1)), new byte[100], false);
        int before = forced.get();
        isFinishing.set(true);
        var failures = new AtomicInteger();
        var closer = started(failures, () -> generation.finish(true));
        finishing.await();

        var seen = new AtomicInteger(-1);
        var forcing = started(failures, () -> {
            generation.force();
            seen.set(forced.get());
        });
        while (forcing.isAlive() && forcing.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        mayEnd.countDown();
        forcing.join();
        closer.join();

        assertThat(seen).hasValueGreaterThan(before);
        assertThat(failures).hasValue(0);
        journal.close();
    }

    @Test
    void who_waits_while_the_force_of_another_one_fails_is_not_told_that_all_is_on_disk() throws Exception {
        var forcing = new CountDownLatch(1);
        var mayFail = new CountDownLatch(1);
        var isFailing = new AtomicBoolean();
        // says once that it could not write, as a kernel does
        QueueWriter.Sync failing = (path, file) -> {
            if (isFailing.getAndSet(false)) {
                forcing.countDown();
                await(mayFail);
                throw new IOException("Input/output error");
            }
        };
        var place = JournalDirectory.of(directory);
        var journal = Samples.open(directory, JournalSettings.defaults(false), BlockWriter.Sizes.DEFAULT);
        var generation = new GenerationWriter(journal, OwnGeneration.make(place), failing, 1 << 20);
        generation.begin();
        generation.event(Samples.id(1), 0, 0, Cut.NONE, Chain.start(Samples.id(1)), new byte[100], false);
        isFailing.set(true);
        var failures = new AtomicInteger();
        var first = started(failures, generation::force);
        forcing.await();
        var second = started(failures, generation::force);
        while (second.isAlive() && second.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        mayFail.countDown();
        first.join();
        second.join();

        assertThat(failures).hasValue(2);
        generation.finish(true);
        journal.close();
    }

    @Test
    void what_a_finished_generation_holds_is_noted_beside_it_once_that_is_on_disk() throws IOException {
        var place = JournalDirectory.of(directory);
        var journal = Samples.open(directory, JournalSettings.defaults(false), BlockWriter.Sizes.DEFAULT);
        var generation = new GenerationWriter(journal, OwnGeneration.make(place), QueueWriter.Sync.DISK, 1 << 20);
        generation.event(Samples.id(1), 0, 0, Cut.NONE, Chain.start(Samples.id(1)), new byte[100], false);
        var path = place.generation(generation.name());

        generation.finish(false);
        assertThat(ContentsFile.read(path)).isEmpty();
        generation.forceFinished();

        assertThat(ContentsFile.read(path)).hasValue(generation.contents());
        journal.close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_finished_generation_keeps_no_file_open() throws IOException {
        var place = JournalDirectory.of(directory);
        var journal = Samples.open(directory, JournalSettings.defaults(false), BlockWriter.Sizes.DEFAULT);
        var generation = new GenerationWriter(journal, OwnGeneration.make(place), QueueWriter.Sync.DISK, 1 << 20);
        generation.begin();
        assertThat(openFiles()).anyMatch(file -> file.contains(generation.name()));

        generation.finish(true);

        Script.await(
                "Chronicle to be done", () -> openFiles().stream().noneMatch(file -> file.contains(generation.name())));
        journal.close();
    }

    private static List<String> openFiles() {
        var open = new ArrayList<String>();
        for (var each : Objects.requireNonNull(new File("/proc/self/fd").list())) {
            try {
                open.add(Files.readSymbolicLink(Path.of("/proc/self/fd", each)).toString());
            } catch (IOException e) {
                // closed meanwhile
            }
        }
        return open;
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private interface Part {
        void run() throws IOException;
    }

    private static Thread started(AtomicInteger failures, Part part) {
        var thread = new Thread(() -> {
            try {
                part.run();
            } catch (IOException | RuntimeException e) {
                failures.incrementAndGet();
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void the_next_one_is_wanted_when_an_eighth_of_the_room_is_left() throws IOException {
        int full = 1 << 20;
        int event = 1 << 10;
        var id = Samples.id(1);
        try (var journal = Samples.open(directory, JournalSettings.defaults(false), BlockWriter.Sizes.DEFAULT)) {
            var place = OwnGeneration.make(JournalDirectory.of(directory));
            var generation = new GenerationWriter(journal, place, QueueWriter.Sync.DISK, full);
            assertThat(generation.isNearlyFull()).as("before it has a queue").isFalse();
            for (int index = 0; !generation.isNearlyFull() && index < full / event; index++) {
                generation.event(id, index, 0, Cut.NONE, Chain.start(id), new byte[event], false);
            }

            assertThat(generation.contents().bytes()).isBetween(full / 8 * 7L, full / 8 * 7L + 2L * event);
            generation.finish(false);
        }
    }
}
