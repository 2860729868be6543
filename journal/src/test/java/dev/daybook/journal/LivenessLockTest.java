package dev.daybook.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.port.Generation;
import dev.daybook.port.Journal;
import dev.daybook.port.JournalProvider;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks among several copies of Daybook in one JVM, as notebooks and Spark load them: the OS cannot tell these from one another. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LivenessLockTest {

    @TempDir
    private Path directory;

    /** Loads this module once more, and shares the ports with the first. */
    private static URLClassLoader anotherDaybook() throws MalformedURLException {
        var ours = new URL[] {
            JournalDirectory.class.getProtectionDomain().getCodeSource().getLocation()
        };
        return new URLClassLoader(ours, LivenessLockTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                synchronized (getClassLoadingLock(name)) {
                    if (name.startsWith("dev.daybook.journal.")) {
                        var loaded = findLoadedClass(name);
                        return loaded == null ? findClass(name) : loaded;
                    }
                    return super.loadClass(name, resolve);
                }
            }
        };
    }

    private static Journal open(ClassLoader loader, Path directory) throws ReflectiveOperationException {
        var provider = loader.loadClass(ChronicleJournalProvider.class.getName())
                .getDeclaredConstructor()
                .newInstance();
        assertThat(provider.getClass()).isNotSameAs(ChronicleJournalProvider.class);
        return ((JournalProvider) provider).open(directory, false);
    }

    @Test
    void another_class_loader_sees_that_the_writer_lives_and_does_not_end_its_lock() throws Exception {
        var journal = Samples.open(directory);
        try (var loader = anotherDaybook();
                var other = open(loader, directory)) {
            Samples.begin(journal, Samples.id(1));

            assertThat(other.generations())
                    .hasSize(1)
                    .allMatch(Generation::isAlive)
                    .noneMatch(Generation::isOwn);
            assertThat(LockProbe.isHeldForOthers(
                            directory, journal.generations().get(0)))
                    .isTrue();
            journal.close();
            assertThat(other.generations()).noneMatch(Generation::isAlive);
            assertThat(LockProbe.isHeldForOthers(
                            directory, journal.generations().get(0)))
                    .isFalse();
        }
    }

    @Test
    void the_lock_for_takeovers_lets_one_in_of_all_class_loaders() throws Exception {
        var pool = Executors.newFixedThreadPool(2);
        try (var loader = anotherDaybook();
                var journal = Samples.open(directory);
                var other = open(loader, directory)) {
            var inside = new AtomicInteger();
            var most = new AtomicInteger();
            var start = new CountDownLatch(2);
            var calls = new ArrayList<Callable<Boolean>>();
            for (var each : List.of(journal, other)) {
                calls.add(() -> {
                    start.countDown();
                    start.await();
                    for (int i = 0; i < 200; i++) {
                        each.exclusively(() -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            // long enough for the other one to come in, if it could
                            for (int spin = 0; spin < 2_000; spin++) {
                                Thread.onSpinWait();
                            }
                            most.accumulateAndGet(inside.get(), Math::max);
                            return inside.decrementAndGet();
                        });
                    }
                    return true;
                });
            }
            for (var done : pool.invokeAll(calls)) {
                assertThat(done.get()).isTrue();
            }

            assertThat(most).hasValue(1);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void the_lock_for_takeovers_is_not_to_be_nested() {
        try (var journal = Samples.open(directory);
                var other = Samples.open(directory)) {
            assertThatThrownBy(() -> journal.exclusively(() -> other.exclusively(() -> 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("exclusively is not to be nested");
            assertThat(journal.exclusively(() -> 1)).isEqualTo(1);
        }
    }

    @Test
    void the_lock_for_takeovers_can_be_taken_before_there_is_a_journal() {
        try (var journal = Samples.open(directory.resolve("new/journal"))) {
            assertThat(journal.exclusively(() -> 1)).isEqualTo(1);
            assertThat(journal.generations()).isEmpty();
        }
    }

    @Test
    void replacing_the_system_properties_does_not_lose_the_lock() {
        var properties = System.getProperties();
        try (var journal = Samples.open(directory)) {
            Samples.begin(journal, Samples.id(1));
            System.setProperties(new Properties());
            assertThat(journal.generations()).allMatch(Generation::isAlive);
            System.setProperties(properties);
            assertThat(LockProbe.isHeldForOthers(
                            directory, journal.generations().get(0)))
                    .isTrue();
        } finally {
            System.setProperties(properties);
        }
    }
}
