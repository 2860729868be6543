package dev.daybook.journal;

import dev.daybook.lifecycle.Author;
import dev.daybook.lifecycle.Code;
import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.lifecycle.Outcome;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Entry;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalReading;
import dev.daybook.port.JournalReading.Item;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.Tail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Journals to test on, and what is in them. */
final class Samples {

    static final Instant TIME = Instant.parse("2026-11-23T10:15:30.123Z");
    static final String GENERATION = "20261123T101530.123Z-00c0ffee";

    private static final Code CODE = new Code("1".repeat(40), "2".repeat(40));

    private Samples() {}

    static ExperimentId id(int number) {
        return ExperimentId.of(TIME.toEpochMilli(), new UUID(number, 42));
    }

    static Journal open(Path directory) {
        return new ChronicleJournalProvider().open(directory, false);
    }

    /** A journal in which each record is a document of its own, as they all were once. */
    static Journal openWithBlocksOfOne(Path directory) {
        return open(directory, JournalSettings.defaults(false), new BlockWriter.Sizes(1, 1));
    }

    static ChronicleJournal open(Path directory, JournalSettings settings, BlockWriter.Sizes sizes) {
        return new ChronicleJournal(
                JournalDirectory.of(directory), new JvmAccess(false), QueueWriter.Sync.DISK, settings, sizes);
    }

    static Event initialized(String name) {
        return initialized(name, "17");
    }

    /** @param environment says something of it, of any length */
    static Event initialized(String name, String environment) {
        return new Event.ExperimentInitialized(
                name,
                CODE,
                Map.of(),
                new Author("Ada", "ada@example.org"),
                "dvclive",
                Optional.empty(),
                Map.of("java", environment));
    }

    static Entry begin(Journal journal, ExperimentId id) {
        return journal.append(id, AppendCondition.begins(id), TIME, initialized("of-" + id));
    }

    static Tail tag(Journal journal, ExperimentId id, Tail tail, String text) {
        return journal.append(id, AppendCondition.continues(tail), TIME, new Event.Tagged(text))
                .tail();
    }

    static void publish(Journal journal, ExperimentId id, int count) {
        var lease = journal.lease(id);
        for (int i = 0; i < count; i++) {
            if (!lease.publish(i % 2, i, Math.sqrt(i), TIME.toEpochMilli() + i)) {
                throw new AssertionError("sealed");
            }
        }
    }

    /**
     * Two experiments side by side, one released and taken up again. The last document is an event whose length is no power of two: a flipped
     * bit cannot make its header zero, as a writer leaves it that dies in it.
     */
    static void write(Journal journal) {
        var one = id(1);
        var two = id(2);
        var tail = begin(journal, one).tail();
        publish(journal, one, 3);
        var other = begin(journal, two).tail();
        publish(journal, two, 2);
        publish(journal, one, 2);
        tail = tag(journal, one, tail, "better");
        tag(journal, two, other, "so far");
        journal.release(two);
        journal.release(one);
        tail = tag(journal, one, tail, "an even longer tag, so that its document is of another length");
        publish(journal, one, 1);
        journal.append(
                one,
                AppendCondition.continues(tail),
                TIME.plusSeconds(60),
                new Event.ExperimentCompleted(
                        Outcome.failed("java.lang.OutOfMemoryError: Java heap space"), Optional.empty()));
    }

    /** The queue of the only generation below a directory, up to the end of its last document. */
    static byte[] queue(Path directory) {
        try {
            var generations = JournalDirectory.of(directory).generations();
            if (generations.size() != 1) {
                throw new AssertionError("expected one generation, there are " + generations);
            }
            var file = JournalDirectory.queue(directory.resolve(generations.get(0)));
            var documents = documents(file);
            return Arrays.copyOf(
                    Files.readAllBytes(file),
                    documents.get(documents.size() - 1).end());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a finished generation of a queue's bytes. */
    static Path place(Path directory, byte[] queue) {
        try {
            var generation = Files.createDirectories(directory.resolve(GENERATION));
            Files.write(JournalDirectory.lock(generation), new byte[0]);
            Files.writeString(JournalDirectory.writer(generation), "process 4711 on host gpu3\n");
            return Files.write(JournalDirectory.queue(generation), queue);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JournalGeneration generation(Path directory) {
        return new JournalGeneration(JournalDirectory.of(directory), GENERATION, name -> false);
    }

    /** What a generation says from its beginning on, without the names of generations, which differ. */
    static List<Item> read(JournalGeneration generation) {
        var reading = new JournalReading();
        generation.read(0, reading);
        return reading.items();
    }

    /** The documents of a queue: where each begins and ends, its header included. */
    static List<Extent> documents(Path queue) {
        try {
            var file = new QueueFile(queue);
            var documents = new ArrayList<Extent>();
            while (file.find(
                            documents.isEmpty()
                                    ? 0
                                    : documents.get(documents.size() - 1).end())
                    == QueueFile.Found.DOCUMENT) {
                documents.add(new Extent((int) file.start(), (int) file.payload() + file.length()));
            }
            return documents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Extent(int start, int end) {}
}
