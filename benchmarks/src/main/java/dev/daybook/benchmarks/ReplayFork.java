package dev.daybook.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** A fork of {@link ReplayBenchmark}: writes an archive, or reads it. Nothing is warmed up: who reads a journal back has just started. */
final class ReplayFork {

    /** The two kinds of archives. */
    enum Kind {
        DAYBOOK,
        CHRONICLE;

        Archive archive() {
            return this == DAYBOOK ? new DaybookArchive() : new ChronicleArchive();
        }
    }

    /** What to do with it. */
    enum Task {
        WRITE,
        READ
    }

    private ReplayFork() {}

    /** Arguments: kind, task, folder, records. */
    public static void main(String[] args) throws IOException {
        var archive = Kind.valueOf(args[0]).archive();
        var folder = Path.of(args[2]);
        long records = Long.parseLong(args[3]);
        if (Task.valueOf(args[1]) == Task.WRITE) {
            archive.write(folder, records);
            return;
        }
        var heap = new PeakHeap();
        var times = archive.read(folder, records);
        var figures = new Figures();
        figures.put("open", times.openNanos());
        figures.put("records/s", records * 1e9 / times.foldNanos());
        figures.put("heap", heap.bytes());
        figures.put("anonymous", PeakHeap.anonymousKibibytes() << 10);
        figures.print(System.out);
    }
}
