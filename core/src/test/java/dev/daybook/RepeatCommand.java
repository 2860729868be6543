package dev.daybook;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Says of each random test that fails with which command it can be had again. JUnit finds this by itself. */
public final class RepeatCommand implements TestWatcher {

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        command(context.getRequiredTestClass())
                .ifPresent(command ->
                        System.out.println(context.getDisplayName() + " has failed; repeat it with: " + command));
    }

    /** Empty for a test that is not random. */
    static Optional<String> command(Class<?> test) {
        var name = test.getSimpleName();
        var which = name.endsWith("IT")
                ? "verify -Dtest=None -Dit.test=" + name + " -Dfailsafe.failIfNoSpecifiedTests=false"
                : "test -Dtest=" + name;
        var rounds = System.getProperty("daybook.rounds");
        return Rounds.seedOf(test)
                .map(seed -> "./mvnw -pl " + module(test) + " -am " + which
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Ddaybook.seed=" + seed
                        + (rounds == null ? "" : " -Ddaybook.rounds=" + rounds));
    }

    /** Its classes are in {@code MODULE/target/test-classes}. */
    private static Path module(Class<?> test) {
        var classes =
                Path.of(test.getProtectionDomain().getCodeSource().getLocation().getPath());
        return classes.resolve("../..").normalize().getFileName();
    }
}
