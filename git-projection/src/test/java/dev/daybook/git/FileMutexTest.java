package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.RepositoryException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FileMutexTest {

    @TempDir
    Path temp;

    /** As notebooks load Daybook again: with fields of its own. */
    private Optional<?> tryTakeElsewhere(Path file) throws Exception {
        var ours =
                new URL[] {FileMutex.class.getProtectionDomain().getCodeSource().getLocation()};
        try (var loader = new URLClassLoader(ours, FileMutexTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                return name.equals(FileMutex.class.getName()) ? findClass(name) : super.loadClass(name, resolve);
            }
        }) {
            var other = loader.loadClass(FileMutex.class.getName());
            assertThat(other).isNotSameAs(FileMutex.class);
            var tryTake = other.getDeclaredMethod("tryTake", Path.class);
            tryTake.setAccessible(true);
            return (Optional<?>) tryTake.invoke(null, file);
        }
    }

    @Test
    void one_has_it_at_a_time_whatever_the_class_loader() throws Exception {
        var file = temp.resolve("a/lock");
        try (var taken = FileMutex.tryTake(file).orElseThrow()) {
            assertThat(taken).isNotNull();
            assertThat(FileMutex.tryTake(file)).isEmpty();
            assertThat(tryTakeElsewhere(file)).isEmpty();
            assertThatThrownBy(() -> FileMutex.take(file, Duration.ofMillis(20), "it is busy"))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessage("it is busy");
        }
        FileMutex.take(file, Duration.ZERO, "it is busy").close();
    }
}
