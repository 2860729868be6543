package dev.daybook.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Which files and folders are forced to disk, as the JVM's flight recorder tells: the code under test knows nothing of it. */
final class ForcedFiles {

    /** Something that forces files. */
    interface Action {
        void run() throws IOException;
    }

    private ForcedFiles() {}

    /** The paths, in their order, of all threads. */
    static List<String> during(Action action) throws IOException {
        var file = Files.createTempFile("forced-", ".jfr");
        try (var recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            action.run();
            recording.stop();
            recording.dump(file);
            return paths(file);
        } finally {
            Files.delete(file);
        }
    }

    private static List<String> paths(Path recording) throws IOException {
        return RecordingFile.readAllEvents(recording).stream()
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .map(event -> event.getString("path"))
                .toList();
    }
}
