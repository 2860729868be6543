package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.JvmAccessException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal in a JVM that was started without any flag, as a user's is. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class JvmAccessIT {

    @TempDir
    private Path directory;

    /** Appends to a journal, or says why not. */
    static final class Write {
        public static void main(String[] args) {
            try (var journal = new ChronicleJournalProvider().open(Path.of(args[0]), Boolean.parseBoolean(args[1]))) {
                Samples.write(journal);
                System.out.print("written");
            } catch (JvmAccessException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    /** Reads a journal. */
    static final class Read {
        public static void main(String[] args) {
            try (var journal = new ChronicleJournalProvider().open(Path.of(args[0]), false)) {
                var sink = new CountingSink();
                journal.generations().forEach(generation -> generation.read(0, sink));
                System.out.print(sink.items);
            }
        }
    }

    private String run(List<String> flags, Class<?> program, String... args) throws IOException {
        return ChildJvm.output(ChildJvm.program(flags, program, args)
                .redirectError(directory.resolve("errors").toFile()));
    }

    @Test
    void where_it_may_it_opens_the_jvm_by_itself() throws IOException {
        assertThat(run(List.of(), Write.class, directory.toString(), "true")).isEqualTo("written");
        try (var journal = Samples.open(directory)) {
            assertThat(journal.generations()).hasSize(1);
        }
        // JDK 24 and later warn of Unsafe and of native access, which no library can keep quiet
        assertThat(Files.readString(directory.resolve("errors"))
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("WARNING: ")))
                .isEmpty();
    }

    @Test
    void where_it_may_not_it_names_the_line_to_add_and_leaves_nothing() throws IOException {
        assertThat(run(List.of(), Write.class, directory.resolve("none").toString(), "false"))
                .isEqualTo("the journal may not open the JVM by itself (a setting): add "
                        + "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED"
                        + " --add-exports=java.base/sun.nio.ch=ALL-UNNAMED to the java command");
        assertThat(directory.resolve("none")).doesNotExist();
    }

    @Test
    void with_just_that_line_it_writes() throws IOException {
        assertThat(run(List.of(JvmAccess.FLAGS.split(" ")), Write.class, directory.toString(), "false"))
                .isEqualTo("written");
    }

    @Test
    void reading_needs_no_flags_and_no_chronicle() throws IOException {
        try (var journal = Samples.open(directory)) {
            Samples.write(journal);
        }
        var log = directory.resolve("classes.log");

        assertThat(run(List.of("-Xlog:class+load:file=" + log), Read.class, directory.toString()))
                .isEqualTo("16");

        assertThat(Files.readString(log)).contains(QueueFile.class.getName()).doesNotContain("net.openhft");
    }
}
