package dev.daybook.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A user's Git repository of one commit, with the real git and the real DVC to look at it. */
final class Project {

    /** Takes what the standard takes: no NaN, no key twice, nothing behind the end. */
    static final JsonMapper STRICT_JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final long TIMEOUT_SECONDS = 120;

    private final Path folder;
    private final Path home;

    /**
     * Makes it.
     *
     * @param scratch an empty folder
     * @param files of the commit, beside DVC's own; path and text
     */
    Project(Path scratch, Map<String, String> files) {
        folder = scratch.resolve("repo");
        home = scratch.resolve("home");
        try {
            Files.createDirectories(home);
            Files.createDirectories(folder);
            git("init", "--quiet", "--initial-branch=main");
            git("config", "user.name", "Ada");
            git("config", "user.email", "ada@example.org");
            write(".dvc/config", "");
            write(".dvc/.gitignore", "/config.local\n/tmp\n/cache\n");
            for (var file : files.entrySet()) {
                write(file.getKey(), file.getValue());
            }
            git("add", "--all");
            git("commit", "--quiet", "--message=baseline");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Project(Path scratch) {
        folder = scratch.resolve("repo");
        home = scratch.resolve("home");
    }

    /**
     * A clone of somebody else.
     *
     * @param scratch an empty folder
     */
    static Project cloned(Path scratch, Path origin) {
        var project = new Project(scratch);
        try {
            Files.createDirectories(project.home);
            Files.createDirectories(project.folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        project.git("clone", "--quiet", origin.toString(), ".");
        project.git("config", "user.name", "Bob");
        project.git("config", "user.email", "bob@example.org");
        return project;
    }

    Path folder() {
        return folder;
    }

    void write(String path, String text) throws IOException {
        var file = folder.resolve(path);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }

    /** What git prints, without the last line's end; it has to succeed. */
    String git(String... arguments) {
        return run(Map.of(), command("git", arguments)).strip();
    }

    /** The id of all that stands in the work tree and is not ignored, as a tree of Git. */
    String workTree() {
        var index = Map.of("GIT_INDEX_FILE", home.resolve("index").toString());
        run(index, command("git", "add", "--all"));
        return run(index, command("git", "write-tree")).strip();
    }

    /** Takes back what is changed and not committed. */
    void restore() {
        git("reset", "--quiet", "--hard");
        git("clean", "--quiet", "--force", "-d");
    }

    /** What DVC prints; it has to succeed. */
    String dvc(String... arguments) {
        return run(path(), command(programs().resolve("dvc").toString(), arguments));
    }

    /** Runs what somebody types where DVC is installed; it has to succeed. */
    void shell(String line) {
        run(path(), command("sh", "-c", line));
    }

    /** What a program in the work tree prints where DVC can be imported; it has to succeed. */
    String python(String file) {
        return run(path(), command(programs().resolve("python").toString(), file));
    }

    /** DVC starts itself, and stages start Python. */
    private static Map<String, String> path() {
        return Map.of("PATH", programs() + ":" + System.getenv("PATH"));
    }

    private static Path programs() {
        var venv = System.getProperty("daybook.interop.venv");
        assertThat(venv).as("set by the profile interop").isNotNull();
        return Path.of(venv, "bin");
    }

    JsonNode dvcJson(String... arguments) {
        try {
            return STRICT_JSON.readTree(dvc(arguments));
        } catch (IOException e) {
            throw new AssertionError("dvc " + String.join(" ", arguments) + " printed no JSON", e);
        }
    }

    private static List<String> command(String program, String... arguments) {
        var command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return command;
    }

    private String run(Map<String, String> environment, List<String> command) {
        var out = home.resolve("stdout").toFile();
        var err = home.resolve("stderr").toFile();
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out)
                .redirectError(err);
        isolate(builder.environment());
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end within " + TIMEOUT_SECONDS + " s");
            }
            assertThat(process.exitValue())
                    .as(() -> {
                        try {
                            return command + " said: " + Files.readString(err.toPath());
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .isZero();
            return Files.readString(out.toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Nothing of the user's settings, and nothing that calls home. */
    private void isolate(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.matches("(GIT|DVC|XDG|PYTHON)_?.*"));
        environment.put("HOME", home.toString());
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("DVC_NO_ANALYTICS", "1");
        environment.put("DVC_SITE_CACHE_DIR", home.resolve("dvc").toString());
        environment.put("CI", "true"); // no look for updates
        environment.put("TZ", "UTC");
        environment.put("LC_ALL", "C.UTF-8");
    }
}
