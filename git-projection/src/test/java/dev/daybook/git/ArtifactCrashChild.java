package dev.daybook.git;

import dev.daybook.ChildProgram;
import dev.daybook.Daybook;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** What the child JVMs of {@link ArtifactCrashIT} do until they are killed: one file and one folder after the other. */
final class ArtifactCrashChild {

    /** Enough to go through the pipe. */
    static final int BYTES = 2 << 20;

    static final int FILES = 40;

    private ArtifactCrashChild() {}

    /** {@code REPOSITORY ACKS ROUND}: appends a line for each number whose file and folder are added. */
    public static void main(String[] args) throws IOException {
        ChildProgram.endWithParent();
        var top = Path.of(args[0]);
        var random = new Random(Long.parseLong(args[2]));
        var name = "round-" + args[2];
        try (var daybook = Daybook.open(top)) {
            var run = daybook.experiment(name).init();
            for (int number = 0; ; number++) {
                var content = new byte[BYTES + number];
                random.nextBytes(content);
                Files.write(top.resolve("number.bin"), content);
                var folder = Files.createDirectories(top.resolve("folder"));
                for (int i = 0; i < FILES; i++) {
                    Files.writeString(folder.resolve("f" + i), name + " " + number + " " + i);
                }
                run.addArtifact(Path.of("folder"));
                run.addArtifact(Path.of("number.bin"));
                Files.writeString(
                        Path.of(args[1]),
                        name + " " + number + " .\n",
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        }
    }
}
