package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A program of these tests in a JVM of its own, with the class path of the tests and no flags that Daybook would need; killed by close. */
final class ChildJvm implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 180;
    private static final long POLL_MILLIS = 1;
    private static final long INTERRUPTION_MILLIS = 10_000;

    private final Process process;
    private final Path output;

    private ChildJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** @param output a file that takes what the program prints */
    static ChildJvm start(Path output, Class<?> main, String... arguments) {
        return start(output, Map.of(), List.of(), main, arguments);
    }

    static ChildJvm start(
            Path output, Map<String, String> environment, List<String> flags, Class<?> main, String... arguments) {
        return start(Path.of(System.getProperty("java.home")), output, environment, flags, main, arguments);
    }

    /** @param home of the JDK */
    static ChildJvm start(
            Path home,
            Path output,
            Map<String, String> environment,
            List<String> flags,
            Class<?> main,
            String... arguments) {
        var command = new ArrayList<String>();
        command.add(home.resolve("bin/java").toString());
        // most of them live for a second or two
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        try {
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
            // the isolation of GitRepo, for the git that Daybook runs
            builder.environment().keySet().removeIf(key -> key.startsWith("GIT_") || key.startsWith("JAVA_TOOL"));
            builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
            builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
            builder.environment().putAll(environment);
            return new ChildJvm(builder.start(), output);
        } catch (IOException e) {
            throw new AssertionError("the child did not start", e);
        }
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Polls until something is so, while the program lives. */
    void await(String what, BooleanSupplier condition) {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (ended(POLL_MILLIS) && !condition.getAsBoolean()) {
                throw new AssertionError("the child ended before " + what + ": " + printed());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("no " + what + " within " + PATIENCE_SECONDS + " s: " + printed());
            }
        }
    }

    /** Lets it run for a while, or to its end. */
    void runFor(long millis) {
        ended(millis);
    }

    private boolean ended(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@code kill -9}; returns when it is gone. */
    void kill() {
        assertThat(process.isAlive())
                .as("alive until it is killed: " + printed())
                .isTrue();
        close();
    }

    /**
     * As Ctrl-C does, which reaches what it runs too, but not the other side; one that was started where nobody can interrupt it is killed.
     * Returns when it is gone.
     */
    void interrupt() {
        assertThat(process.isAlive())
                .as("alive until it is interrupted: " + printed())
                .isTrue();
        var command = new ArrayList<>(List.of("kill", "-INT", Long.toString(process.pid())));
        process.descendants()
                .filter(other -> !servesAnother(other))
                .forEach(other -> command.add(Long.toString(other.pid())));
        try {
            // one of them may have ended by itself
            var unused = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new AssertionError("there is no kill", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        ended(INTERRUPTION_MILLIS);
        close();
    }

    /** Whether it is the git of the other side of a push or a pull, which ends by itself: killed, it could leave locks there for ever. */
    static boolean servesAnother(ProcessHandle process) {
        return process.info().commandLine().orElse("").matches(".*git[ -](receive|upload)-pack.*");
    }

    /** Waits for its own good end. */
    String succeed() {
        assertThat(ended(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS)))
                .as("ended: " + printed())
                .isTrue();
        assertThat(process.exitValue()).as(printed()).isZero();
        return printed();
    }

    String printed() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        ended(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    }
}
