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
    void it_is_mapped_while_it_has_users_and_again_when_it_has_one_again() throws IOException {
        var unmapped = new AtomicInteger();
        var again = ByteBuffer.allocate(0);
        var window = new Window(0, ByteBuffer.allocate(0), new Window.Mapping() {
            @Override
            public ByteBuffer map() {
                return again;
            }

            @Override
            public void unmap(ByteBuffer memory) {
                unmapped.incrementAndGet();
            }
        });
        window.use().release();
        window.use();
        window.release();
        assertThat(unmapped).hasValue(0);

        window.release();
        assertThat(unmapped).hasValue(1);
        assertThat(window.use().memory()).isSameAs(again);
        window.use();
        window.release();
        assertThat(unmapped).hasValue(1);
        window.release();
        assertThat(unmapped).hasValue(2);
    }

    @Test
    void of_a_long_file_two_are_mapped_and_those_that_somebody_uses() throws IOException {
        assumeTrue(Files.exists(MAPS));
        var path = Files.createFile(folder.resolve("queue"));
        var space = new Space(path, 0, LIMIT);
        var used = space.windowAt(0).use();
        assertThat(used.isBehind()).isFalse();

        space.require(FAR);
        assertThat(mappings(path)).isEqualTo(3);
        used.memory().put(0, (byte) 7);

        used.release();
        assertThat(mappings(path)).isEqualTo(2);

        assertThat(used.isBehind()).isTrue();
        assertThat(used.use().memory().get(0)).isEqualTo((byte) 7);
        assertThat(mappings(path)).isEqualTo(3);
        used.release();
        assertThat(mappings(path)).isEqualTo(2);
        space.close();
        space.close();
        assertThat(mappings(path)).isZero();
        assertThatThrownBy(() -> space.require(LIMIT)).isInstanceOf(IOException.class);
    }

    @Test
    void those_that_are_mapped_afresh_hold_what_was_written_and_the_old_ones_are_unmapped() throws IOException {
        assumeTrue(Files.exists(MAPS));
        var path = Files.createFile(folder.resolve("queue"));
        try (var space = new Space(path, 0, LIMIT)) {
            space.require(FAR);
            var before = space.windowAt(FAR - 1);
            before.memory().put(7, (byte) 7);

            space.renew();
            assertThat(mappings(path)).isEqualTo(2);
            assertThat(before.isBehind()).isTrue();
            assertThat(space.windowAt(FAR - 1)).isNotSameAs(before);
            assertThat(space.windowAt(FAR - 1).base()).isEqualTo(before.base());
            assertThat(space.windowAt(FAR - 1).memory().get(7)).isEqualTo((byte) 7);
            assertThat(space.windowAt(FAR - 1).isBehind()).isFalse();
        }
        assertThat(mappings(path)).isZero();
    }

    private static long mappings(Path file) throws IOException {
        try (var lines = Files.lines(MAPS)) {
            return lines.filter(line -> line.endsWith(file.toString())).count();
        }
    }
}
