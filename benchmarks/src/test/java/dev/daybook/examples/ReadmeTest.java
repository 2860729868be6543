package dev.daybook.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example is code: it is cut out of the page, compiled, and run in a repository of its own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReadmeTest {

    private static final Path README = Path.of("..", "README.md");
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    /** What the example leaves to the reader: imports, and a model. */
    private static final String FRAME = """
            import dev.daybook.Daybook;
            import dev.daybook.Metric;
            import java.util.Map;

            public final class ReadmeExample {
                static final class Model {
                    private double loss = 2;

                    double train(double lr) {
                        return loss *= 1 - lr;
                    }

                    double accuracy() {
                        return 1 / (1 + loss);
                    }

                    double f1() {
                        return accuracy() * 0.9;
                    }
                }

                public static void main(String[] args) {
                    var model = new Model();
            %s
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void the_example_compiles_and_saves_three_experiments() throws Exception {
        var classes = compile(FRAME.formatted(example()));
        var repository = repository();

        var output = run(
                repository,
                "java",
                List.of("-cp", classes + ":" + System.getProperty("java.class.path"), "ReadmeExample"));

        assertThat(output.lines()).hasSize(3).allMatch(line -> line.contains(" persisted "));
        assertThat(output)
                .contains(
                        "digits-0.1 ",
                        "digits-0.01 ",
                        "digits-0.001 ",
                        "lr=0.01",
                        "epochs=20",
                        "val/f1=",
                        "train/loss=");
        assertThat(run(repository, "git", List.of("for-each-ref", "--format=%(refname:lstrip=4)", "refs/exps"))
                        .lines())
                .containsExactly("digits-0.001", "digits-0.01", "digits-0.1");
        assertThat(run(repository, "git", List.of("status", "--porcelain"))).isEmpty();
        assertThat(run(repository, "git", List.of("for-each-ref", "refs/daybook/checkpoints"))
                        .lines())
                .hasSize(3);
    }

    private static String example() throws IOException {
        var matcher = JAVA.matcher(Files.readString(README));
        assertThat(matcher.find()).as("the README holds Java").isTrue();
        return matcher.group(1);
    }

    private Path compile(String source) throws IOException {
        var file = Files.writeString(folder.resolve("ReadmeExample.java"), source);
        var classes = Files.createDirectory(folder.resolve("classes"));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        file.toString());
        assertThat(status).as("javac").isZero();
        return classes;
    }

    private Path repository() throws Exception {
        var repository = Files.createDirectory(folder.resolve("repository"));
        run(repository, "git", List.of("init", "-q", "."));
        run(repository, "git", List.of("config", "user.name", "Reader"));
        run(repository, "git", List.of("config", "user.email", "reader@example.com"));
        Files.writeString(repository.resolve("params.yaml"), "lr: 0.5 # learning rate\n");
        run(repository, "git", List.of("add", "."));
        run(repository, "git", List.of("commit", "-q", "-m", "baseline"));
        return repository;
    }

    private static String run(Path directory, String command, List<String> arguments) throws Exception {
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(false);
        if (command.equals("java")) {
            builder.command()
                    .set(
                            0,
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString());
        }
        builder.command().addAll(arguments);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS))
                .as("%s ended", command)
                .isTrue();
        assertThat(process.exitValue()).as("%s %s", command, arguments).isZero();
        return output;
    }
}
