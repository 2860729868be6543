package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** What came through, in a file that grows over all runs: time, suite, seed, rounds and losses of each go, between tabs. Not thread-safe. */
final class Counts {

    private static final int COLUMNS = 5;

    private final Path file;
    private final Map<Suite, Sum> sums = new EnumMap<>(Suite.class);

    private Counts(Path file) {
        this.file = file;
    }

    /** Goes that were made, rounds that came through since the last loss, and goes in which something was lost. */
    record Sum(long goes, long rounds, long losses) {

        static final Sum NONE = new Sum(0, 0, 0);

        Sum plus(long moreRounds, long moreLosses) {
            return new Sum(goes + 1, moreLosses > 0 ? 0 : rounds + moreRounds, losses + moreLosses);
        }
    }

    /** Of former runs; the file need not exist. */
    static Counts read(Path file) throws IOException {
        var counts = new Counts(file);
        if (Files.exists(file)) {
            for (var line : Files.readAllLines(file)) {
                var cells = line.split("\t", -1);
                if (cells.length != COLUMNS) {
                    throw new IOException(file + " holds a line that is no count; put it right or away: " + line);
                }
                counts.count(Suite.valueOf(cells[1]), Long.parseLong(cells[3]), Long.parseLong(cells[4]));
            }
        }
        return counts;
    }

    private void count(Suite suite, long rounds, long losses) {
        sums.put(suite, of(suite).plus(rounds, losses));
    }

    /** Adds a go, on disk too. */
    void add(Suite suite, long seed, long rounds, long losses) throws IOException {
        count(suite, rounds, losses);
        Files.createDirectories(file.toAbsolutePath().getParent());
        var line = String.join(
                        "\t",
                        Instant.now().toString(),
                        suite.name(),
                        String.valueOf(seed),
                        String.valueOf(rounds),
                        String.valueOf(losses))
                + "\n";
        Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    Sum of(Suite suite) {
        return sums.getOrDefault(suite, Sum.NONE);
    }
}
