package dev.daybook.journal;

import static dev.daybook.journal.Samples.TIME;
import static dev.daybook.journal.Samples.id;

import dev.daybook.lifecycle.Event;
import dev.daybook.lifecycle.ExperimentId;
import dev.daybook.port.AppendCondition;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalSettings;
import dev.daybook.port.JournalSettings.Force;
import dev.daybook.port.Tail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes the damaged journals of {@link DamagedGoldenTest}: one experiment that goes on from a full generation to the next, and one beside it.
 * Run once for each kind that is new; what is there stays as it is.
 */
final class DamagedGoldens {

    private static final String LONG_TAG = "x".repeat(60 << 10);
    private static final int PAGE = 4 << 10;

    private DamagedGoldens() {}

    /** What is done to the two generations, the older first. */
    enum Kind {
        UNDAMAGED {
            @Override
            void damage(List<Path> generations) {
                // to compare with
            }
        },
        CUT_IN_A_DOCUMENT {
            @Override
            void damage(List<Path> generations) throws IOException {
                var last = last(generations.get(1));
                cut(generations.get(1), last.end() - 9);
            }
        },
        CUT_BETWEEN_DOCUMENTS {
            @Override
            void damage(List<Path> generations) throws IOException {
                cut(generations.get(1), last(generations.get(1)).start());
            }
        },
        FLIPPED_BIT_IN_AN_EVENT {
            @Override
            void damage(List<Path> generations) throws IOException {
                var last = last(generations.get(1));
                flip(generations.get(1), last.end() - 12, 3);
            }
        },
        FLIPPED_BIT_IN_A_RECORD {
            @Override
            void damage(List<Path> generations) throws IOException {
                flip(generations.get(0), firstSlot(generations.get(0)) + 40 + 17, 3);
            }
        },
        LOST_RECORD {
            @Override
            void damage(List<Path> generations) throws IOException {
                zero(generations.get(0), firstSlot(generations.get(0)) + 40, 40);
            }
        },
        LOST_HEADER {
            @Override
            void damage(List<Path> generations) throws IOException {
                zero(
                        generations.get(0),
                        Samples.documents(queue(generations.get(0))).get(3).start(),
                        4);
            }
        },
        ZEROED_PAGE {
            @Override
            void damage(List<Path> generations) throws IOException {
                int page = last(generations.get(0)).start() / PAGE * PAGE - 2 * PAGE;
                zero(generations.get(0), page, PAGE);
            }
        },
        REPEATED_PAGE {
            @Override
            void damage(List<Path> generations) throws IOException {
                var bytes = Files.readAllBytes(queue(generations.get(0)));
                int page = firstSlot(generations.get(0)) / PAGE * PAGE;
                System.arraycopy(bytes, page, bytes, page + 2 * PAGE, PAGE);
                Files.write(queue(generations.get(0)), bytes);
            }
        },
        MISSING_GENERATION {
            @Override
            void damage(List<Path> generations) throws IOException {
                Disk.deleteFlat(generations.get(0));
            }
        },
        MARK_WITHOUT_THE_RECORDS_BEFORE_IT {
            @Override
            void damage(List<Path> generations) throws IOException {
                cut(generations.get(0), firstSlot(generations.get(0)) + 40);
            }
        },
        EMPTY_QUEUE {
            @Override
            void damage(List<Path> generations) throws IOException {
                cut(generations.get(1), 0);
            }
        };

        abstract void damage(List<Path> generations) throws IOException;

        String file() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Argument: the folder of the golden files. */
    public static void main(String[] args) throws IOException {
        for (var kind : Kind.values()) {
            var zip = Path.of(args[0], kind.file() + ".zip");
            if (!Files.exists(zip)) {
                make(kind, zip);
            }
        }
    }

    private static void make(Kind kind, Path zip) throws IOException {
        var directory = Files.createTempDirectory("daybook-golden-");
        write(directory);
        var names = JournalDirectory.of(directory).generations();
        var generations = names.stream().map(directory::resolve).toList();
        for (var generation : generations) {
            // what needs no reading hides what reading finds
            Files.deleteIfExists(generation.resolve("contents"));
            Files.deleteIfExists(JournalDirectory.queueMetadata(generation));
            Files.writeString(JournalDirectory.writer(generation), "process 4711 on host gpu3\n");
            cut(generation, last(generation).end());
        }
        kind.damage(generations);
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (var generation : generations) {
                for (var file : Disk.list(generation)) {
                    var entry = new ZipEntry(generation.getFileName() + "/" + file.getFileName());
                    entry.setLastModifiedTime(FileTime.from(TIME));
                    out.putNextEntry(entry);
                    Files.copy(file, out);
                }
            }
        }
        Files.writeString(zip.resolveSibling(kind.file() + ".txt"), DamagedGoldenTest.state(directory));
    }

    private static void write(Path directory) {
        var defaults = JournalSettings.defaults(false);
        var settings = new JournalSettings(
                false, Force.PROCESS, 256 << 10, defaults.retentionAge(), defaults.retentionBytes());
        try (var journal = Samples.open(directory, settings, new BlockWriter.Sizes(8, 8))) {
            var tail = begin(journal, id(1));
            Samples.publish(journal, id(1), 6);
            var other = begin(journal, id(2));
            Samples.publish(journal, id(2), 2);
            tail = Samples.tag(journal, id(1), tail, "before the next generation");
            Samples.publish(journal, id(1), 3);
            for (int i = 0; i < 4; i++) {
                other = Samples.tag(journal, id(2), other, LONG_TAG);
            }
            Script.await("the next generation", () -> !journal.wantsNext());
            other = Samples.tag(journal, id(2), other, LONG_TAG);
            Samples.publish(journal, id(1), 2);
            tail = Samples.tag(journal, id(1), tail, "in the next generation");
            Samples.tag(journal, id(1), tail, "the end of one");
            Samples.tag(journal, id(2), other, "the end of two, which is longer than that of one");
        }
    }

    private static Tail begin(Journal journal, ExperimentId id) {
        var tail = Samples.begin(journal, id).tail();
        for (int metric = 0; metric < 2; metric++) {
            tail = journal.append(
                            id,
                            AppendCondition.continues(tail),
                            TIME,
                            new Event.MetricDefined(metric, "metric-" + metric))
                    .tail();
        }
        return tail;
    }

    private static Path queue(Path generation) {
        return JournalDirectory.queue(generation);
    }

    private static Samples.Extent last(Path generation) {
        var documents = Samples.documents(queue(generation));
        return documents.get(documents.size() - 1);
    }

    /** Of the first block. */
    private static int firstSlot(Path generation) {
        try {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(queue(generation))).order(ByteOrder.LITTLE_ENDIAN);
            return Samples.documents(queue(generation)).stream()
                    .map(each -> each.start() + QueueFile.HEADER_BYTES)
                    .filter(at -> bytes.get(at + Frame.KIND) == Frame.METRICS)
                    .map(at -> at + Frame.FIRST_SLOT)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void cut(Path generation, int length) throws IOException {
        Files.write(queue(generation), Arrays.copyOf(Files.readAllBytes(queue(generation)), length));
    }

    private static void flip(Path generation, int at, int bit) throws IOException {
        var bytes = Files.readAllBytes(queue(generation));
        bytes[at] ^= (byte) (1 << bit);
        Files.write(queue(generation), bytes);
    }

    private static void zero(Path generation, int from, int count) throws IOException {
        var bytes = Files.readAllBytes(queue(generation));
        Arrays.fill(bytes, from, from + count, (byte) 0);
        Files.write(queue(generation), bytes);
    }
}
