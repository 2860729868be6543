package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script beside the executable jar, which says and does what the jar says and does. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Path BUILT = Path.of(System.getProperty("daybook.jar", "target/daybook.jar"));

    @TempDir
    Path folder;

    private TestRepository repository;
    private Path jar;
    private Path launcher;
    private Path classes;

    @BeforeEach
    void install() throws IOException {
        var place = Files.createDirectory(folder.resolve("a place"));
        jar = Files.copy(BUILT, place.resolve("daybook.jar"));
        launcher = Files.copy(BUILT.resolveSibling("daybook"), place.resolve("daybook"));
        classes = place.resolve("daybook.jsa");
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
        repository.saved("x", NOON, run -> {});
    }

    private Result run(List<String> program, String... args) throws IOException, InterruptedException {
        var command = new ArrayList<>(program);
        command.addAll(List.of(args));
        var out = folder.resolve("out");
        var err = folder.resolve("err");
        var builder = new ProcessBuilder(command)
                .directory(repository.folder().toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        TestRepository.isolate(builder);
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    private Result launched(String... args) throws IOException, InterruptedException {
        return run(List.of(launcher.toString()), args);
    }

    private Result jar(String... args) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        return run(
                List.of(java.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar.toString()), args);
    }

    @Test
    void it_says_what_the_jar_says_the_first_time_and_ever_after() throws Exception {
        for (int time = 0; time < 2; time++) {
            assertThat(launched("list", "--json")).isEqualTo(jar("list", "--json"));
            assertThat(classes).isNotEmptyFile();
        }
        assertThat(launched()).isEqualTo(jar()).extracting(Result::code).isEqualTo(2);
        assertThat(launched("--version"))
                .isEqualTo(jar("--version"))
                .extracting(Result::code)
                .isEqualTo(0);
        assertThat(launched("show", "$HOME *", "")).isEqualTo(jar("show", "$HOME *", ""));
        assertThat(launched("show", "a 'b' \"c\" *"))
                .isEqualTo(jar("show", "a 'b' \"c\" *"))
                .extracting(Result::code)
                .isEqualTo(1);
        assertThat(launched("verify"))
                .isEqualTo(jar("verify"))
                .extracting(Result::code)
                .isEqualTo(0);
    }

    @Test
    void a_first_command_that_fails_says_so_too_and_leaves_nothing() throws Exception {
        assertThat(launched("show", "nobody"))
                .isEqualTo(jar("show", "nobody"))
                .extracting(Result::code)
                .isEqualTo(1);
        assertThat(place()).containsExactlyInAnyOrder("daybook", "daybook.jar");
    }

    private List<String> place() throws IOException {
        try (var files = Files.list(jar.getParent())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void each_verb_brings_its_classes_once() throws Exception {
        for (var verb : List.of("list", "status", "list")) {
            assertThat(launched(verb)).isEqualTo(jar(verb));
        }

        assertThat(place()).containsExactlyInAnyOrder("daybook", "daybook.jar", "daybook.jsa", "daybook.classes");
        assertThat(Files.readAllLines(classes.resolveSibling("daybook.classes")))
                .doesNotHaveDuplicates()
                .startsWith("# list status")
                .anyMatch(name -> name.startsWith("dev/daybook/cli/ListCommand"))
                .anyMatch(name -> name.startsWith("dev/daybook/cli/StatusCommand"));
    }

    @Test
    void a_link_to_it_will_do() throws Exception {
        var first = Files.createSymbolicLink(launcher.resolveSibling("first"), Path.of("daybook"));
        var bin = Files.createDirectory(folder.resolve("bin"));
        var second = Files.createSymbolicLink(bin.resolve("daybook"), first);

        assertThat(run(List.of(second.toString()), "list")).isEqualTo(jar("list"));
        assertThat(classes).exists();
        assertThat(bin).isDirectoryNotContaining(path -> !path.equals(second));
    }

    @Test
    void classes_that_are_damaged_do_no_harm() throws Exception {
        Files.write(classes, new byte[100_000]);
        Files.setLastModifiedTime(classes, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(launched("list")).isEqualTo(jar("list"));
    }

    @Test
    void for_another_jar_they_are_made_anew() throws Exception {
        assertThat(launched("list").code()).isZero();
        var before = Files.readAttributes(classes, BasicFileAttributes.class).fileKey();
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(2)));

        assertThat(launched("list")).isEqualTo(jar("list"));

        assertThat(Files.readAttributes(classes, BasicFileAttributes.class).fileKey())
                .isNotEqualTo(before);
    }
}
