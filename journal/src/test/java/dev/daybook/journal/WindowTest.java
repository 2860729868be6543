package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WindowTest {

    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final long LIMIT = 256L << 20;
    private static final long FAR = 100L << 20;

    @TempDir
    Path folder;

    @Test
    void it_is_unmapped_once_by_its_last_user_and_has_no_more_users_then() {
        var unmapped = new AtomicInteger();
        var window = new Window(0, ByteBuffer.allocate(0), unmapped::incrementAndGet);
        window.retain().release();
        window.retain();
        window.release();
        assertThat(unmapped).hasValue(0);

        window.release();
        assertThat(unmapped).hasValue(1);
        assertThatThrownBy(window::retain).isInstanceOf(IllegalStateException.class);
        assertThat(unmapped).hasValue(1);
    }

    @Test
    void of_a_long_file_two_are_mapped_and_those_that_somebody_uses() throws IOException {
        assumeTrue(Files.exists(MAPS));
        var path = Files.createFile(folder.resolve("queue"));
        var space = new Space(path, 0, LIMIT);
        var used = space.windowAt(0).retain();

        space.require(FAR);
        assertThat(mappings(path)).isEqualTo(3);
        used.memory().put(0, (byte) 7);

        used.release();
        assertThat(mappings(path)).isEqualTo(2);
        space.close();
        space.close();
        assertThat(mappings(path)).isZero();
        assertThatThrownBy(() -> space.require(LIMIT)).isInstanceOf(IOException.class);
    }

    private static long mappings(Path file) throws IOException {
        try (var lines = Files.lines(MAPS)) {
            return lines.filter(line -> line.endsWith(file.toString())).count();
        }
    }
}
