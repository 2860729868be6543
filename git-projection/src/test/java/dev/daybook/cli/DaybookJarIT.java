package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The executable jar as people run it: {@code java -jar daybook.jar}, no flags, on the JDK that runs the test. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DaybookJarIT {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Path JAR = Path.of(System.getProperty("daybook.jar", "target/daybook.jar"));
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final int ENOUGH_VALUES = 5_000;
    private static final int SOME_VALUES = 10_000;
    private static final int MOST_VALUES = 2_000_000;

    @TempDir
    Path folder;

    private TestRepository repository;

    @BeforeEach
    void create() throws IOException {
        repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    }

    private Result daybook(String... args) throws IOException, InterruptedException {
        return daybookIn(repository.folder(), args);
    }

    private Result daybookIn(Path directory, String... args) throws IOException, InterruptedException {
        var out = folder.resolve("out");
        var err = folder.resolve("err");
        int code = finish(
                java(directory, command(args)).redirectOutput(out.toFile()).redirectError(err.toFile()));
        return new Result(code, Files.readString(out), Files.readString(err));
    }

    private static List<String> command(String... args) {
        var command = new ArrayList<>(List.of("-jar", JAR.toString()));
        command.addAll(List.of(args));
        return command;
    }

    private static ProcessBuilder java(Path directory, List<String> args) {
        // quick to start, as the script beside the jar makes it
        var command = new ArrayList<>(List.of(JAVA.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(args);
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        TestRepository.isolate(builder);
        // the JVM would say on standard error that it has picked them up
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        return builder;
    }

    private static int finish(ProcessBuilder builder) throws IOException, InterruptedException {
        var process = builder.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as(builder.command() + " ends")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void the_version_is_the_manifests() throws Exception {
        try (var jar = new JarFile(JAR.toFile())) {
            var version = jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);

            assertThat(daybook("--version")).isEqualTo(new Result(0, "daybook " + version + "\n", ""));
        }
    }

    @Test
    void help_is_a_result() throws Exception {
        var result = daybook("--help");

        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("Usage: daybook ").contains("  recover  ");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void wrong_usage_is_2() throws Exception {
        assertThat(daybook("lst"))
                .isEqualTo(new Result(
                        2, "", "daybook: unknown command 'lst', did you mean 'list'?; see 'daybook --help'\n"));
    }

    @Test
    void outside_a_repository_is_1_and_one_sentence() throws Exception {
        var result = daybookIn(folder, "list");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("daybook: " + folder).hasLineCount(1);
    }

    @Test
    void a_repository_without_a_commit_is_1_and_one_sentence() throws Exception {
        var empty = Files.createDirectory(folder.resolve("empty"));
        new TestRepository(empty).git("init", "--quiet");

        var result = daybookIn(empty, "list");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("daybook: ").contains("no commit").hasLineCount(1);
    }

    @Test
    void without_experiments_there_is_a_kind_word() throws Exception {
        var result = daybook("list");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("there are no experiments in this repository yet")
                .hasLineCount(1);
        assertThat(daybook("list", "--json")).isEqualTo(new Result(0, "[]\n", ""));
    }

    @Test
    void every_command_works_without_a_word_on_standard_error() throws Exception {
        repository.saved("done", NOON, TestRepository::logLoss);
        repository.interrupted("keep", NOON.plusSeconds(60), TestRepository::logLoss);
        repository.interrupted("drop", NOON.plusSeconds(120), TestRepository::logLoss);
        repository.cutSaveInHalf("half", NOON.plusSeconds(180));

        var list = daybook("list");
        var show = daybook("show", "keep");
        var save = daybook("save", "keep");
        var discard = daybook("discard", "drop");
        var recover = daybook("recover");
        var history = daybook("history", "keep");
        var verify = daybook("verify");
        var gc = daybook("gc", "--journal", "--dry-run", "--keep-bytes", "1G", "--json");
        var after = daybook("list", "--json");

        var refs = "refs/exps/" + repository.headOfRef() + "/";
        assertThat(List.of(list, show, save, discard, recover, history, verify, gc, after))
                .allSatisfy(result -> assertThat(result.err()).isEmpty())
                .allSatisfy(result -> assertThat(result.code()).isZero());
        assertThat(list.out().lines().map(line -> line.split(" +", 3)[0] + " " + line.split(" +", 3)[1]))
                .containsExactly(
                        "name status", "half completed", "drop interrupted", "keep interrupted", "done persisted");
        assertThat(show.out()).startsWith("name      keep\nstatus    interrupted\n");
        assertThat(save.out()).matches("keep [0-9a-f]{7} " + refs + "keep\n");
        assertThat(discard.out()).isEqualTo("discarded drop\n");
        assertThat(recover.out()).matches("half [0-9a-f]{7} " + refs + "half\n");
        assertThat(history.out()).hasLineCount(8);
        assertThat(verify.out()).endsWith("\nno problems\n");
        assertThat(gc.json().get("generations")).isEmpty();
        assertThat(after.json().findValuesAsText("name")).containsExactlyInAnyOrder("half", "keep", "done");
        assertThat(after.json().findValuesAsText("status")).containsOnly("persisted");
        assertThat(repository.git("status", "--porcelain")).isEmpty();
    }

    @Test
    void what_the_readme_ends_the_quickstart_with_works() throws Exception {
        var models = List.of("softmax-lr0.01", "softmax-lr0.1", "perceptron32-lr0.1");
        for (int i = 0; i < models.size(); i++) {
            double lr = 0.2 + i;
            repository.saved(models.get(i), NOON.plusSeconds(i), run -> {
                run.setParam("lr", lr);
                run.logMetric("loss", lr);
            });
        }
        var commands = Files.readString(Path.of("..", "README.md"))
                .lines()
                .map(String::strip)
                .dropWhile(line -> !line.startsWith("alias daybook="))
                .skip(1)
                .takeWhile(line -> line.startsWith("daybook "))
                .map(line -> line.split(" "))
                .toList();
        assertThat(commands).extracting(words -> words[1]).containsExactly("list", "diff", "apply");

        var results = new ArrayList<Result>();
        for (var words : commands) {
            results.add(daybook(Arrays.copyOfRange(words, 1, words.length)));
        }

        assertThat(results).extracting(Result::code).containsOnly(0);
        assertThat(results.get(0).out()).contains(models).hasLineCount(4);
        assertThat(results.get(1).out()).containsPattern("lr +1\\.2 +2\\.2").containsPattern("loss +1\\.2 +2\\.2");
        assertThat(repository.folder().resolve("params.yaml")).hasContent("lr: 2.2");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_result_that_does_not_get_out_is_1() throws Exception {
        repository.saved("done", NOON, run -> {});
        var err = folder.resolve("err");

        int code = finish(java(repository.folder(), command("list"))
                .redirectOutput(new File("/dev/full"))
                .redirectError(err.toFile()));

        assertThat(code).isEqualTo(1);
        assertThat(err).content().startsWith("daybook: the result could not be written to standard output");
    }

    @Test
    void an_experiment_that_was_killed_while_it_logged_is_saved_with_every_acknowledged_value() throws Exception {
        long acknowledged = trainAndKill("killed");

        var list = daybook("list", "--json");
        var show = daybook("show", "killed", "--json");
        var save = daybook("save", "killed");

        assertThat(List.of(list, show, save))
                .allSatisfy(result -> assertThat(result.err()).isEmpty())
                .allSatisfy(result -> assertThat(result.code()).isZero());
        var listed = list.json().get(0);
        assertThat(listed.get("status").textValue()).isEqualTo("interrupted");
        assertThat(listed.get("params").get("lr").doubleValue()).isEqualTo(0.25);
        var loss = show.json().get("summaries").get(0);
        long count = loss.get("count").longValue();
        // one more, if it was killed between keeping the value and saying so
        assertThat(count).isBetween(acknowledged, acknowledged + 1);
        assertThat(loss.get("lastStep").longValue()).isEqualTo(count - 1);
        assertThat(loss.get("last").doubleValue()).isEqualTo(1.0 / count);
        var ref = "refs/exps/" + repository.headOfRef() + "/killed";
        assertThat(save.out()).matches("killed [0-9a-f]{7} " + ref + "\n");
        assertThat(repository.git("log", "-1", "--format=%an %P %s", ref))
                .startsWith("Ada " + repository.head() + " ")
                .contains("killed");
        assertThat(repository.git("show", ref + ":dvclive/plots/metrics/loss.tsv"))
                .hasLineCount((int) count + 1);
        assertThat(repository.git("show", ref + ":params.yaml")).isEqualTo("lr: 0.25");
    }

    @Test
    void tail_gives_everything_once_and_in_order_over_full_generations_until_the_writer_ends() throws Exception {
        var training = training(TrainingOnRequest.class, "tailed").start();
        Process tail = null;
        try {
            var begun = training.inputReader(StandardCharsets.US_ASCII);
            assertThat(begun.readLine()).isEqualTo("begun");
            tail = tail("tailed");
            var seen = tail.inputReader(StandardCharsets.UTF_8);
            var lines = new ArrayList<>(List.of(seen.readLine()));
            var values = new ArrayList<JsonNode>();
            try (var requests = training.outputWriter(StandardCharsets.US_ASCII)) {
                // a full generation goes on until the next one is ready: nobody can say after how many values
                while (values.stream().map(DaybookJarIT::generation).distinct().count() < 3) {
                    assertThat(values).as("values in two generations").hasSizeLessThan(MOST_VALUES);
                    requests.write(SOME_VALUES + "\n");
                    requests.flush();
                    for (int wanted = values.size() + SOME_VALUES; values.size() < wanted; ) {
                        lines.add(seen.readLine());
                        HistoryCommandTest.jsonLines(lines.get(lines.size() - 1)).stream()
                                .filter(line -> line.get("kind").asText().equals("MetricLogged"))
                                .forEach(values::add);
                    }
                }
            }
            seen.lines().forEach(lines::add);

            assertThat(tail.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(tail.exitValue()).isZero();
            assertThat(folder.resolve("tail-err")).isEmptyFile();
            assertThat(values.stream()
                            .map(line -> line.get("details").get("step").longValue()))
                    .containsExactlyElementsOf(
                            LongStream.range(0, values.size()).boxed().toList());
            assertThat(lines.remove(lines.size() - 1)).isEqualTo("{\"ended\":\"persisted\"}");
            assertThat(lines.get(0)).contains("\"ExperimentInitialized\"");
            assertThat(lines.get(lines.size() - 1)).contains("\"ExperimentPersisted\"");
            assertThat(daybook("history", "tailed", "--json").out().lines()).containsExactlyElementsOf(lines);
            assertThat(daybook("verify").code()).isZero();
        } finally {
            destroy(tail);
            destroy(training);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void tail_ends_without_a_word_and_with_a_whole_line_when_it_is_told_to() throws Exception {
        var training = training(TrainingOnRequest.class, "tailed").start();
        Process tail = null;
        try {
            assertThat(training.inputReader(StandardCharsets.US_ASCII).readLine())
                    .isEqualTo("begun");
            tail = tail("tailed");
            var out = tail.getInputStream();
            assertThat(out.read()).isEqualTo('{');

            tail.toHandle().destroy();

            assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("}\n")
                    .hasLineCount(1);
            assertThat(tail.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(tail.exitValue()).isEqualTo(128 + 15);
            assertThat(folder.resolve("tail-err")).isEmptyFile();
        } finally {
            destroy(tail);
            destroy(training);
        }
    }

    private Process tail(String name) throws IOException {
        return java(repository.folder(), command("tail", name, "--json"))
                .redirectError(folder.resolve("tail-err").toFile())
                .start();
    }

    private static String generation(JsonNode line) {
        return line.path("position").asText().split("#", 2)[0];
    }

    private static void destroy(@Nullable Process process) throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** A program of these tests on the jar. */
    private ProcessBuilder training(Class<?> main, String name) throws URISyntaxException {
        var tests =
                Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
        return java(
                        folder,
                        List.of(
                                "-cp",
                                JAR + File.pathSeparator + tests,
                                main.getName(),
                                repository.folder().toString(),
                                name))
                .redirectError(folder.resolve("training-err").toFile());
    }

    /** Gives how many values the program had been promised when it died. */
    private long trainAndKill(String name) throws IOException, InterruptedException, URISyntaxException {
        var err = folder.resolve("training-err");
        var training = training(TrainingUntilKilled.class, name).start();
        try {
            var output = training.getInputStream();
            var said = new StringBuilder();
            while (lastNumber(said) < ENOUGH_VALUES) {
                var bytes = output.readNBytes(1024);
                assertThat(bytes)
                        .as(() -> "the training goes on: " + content(err))
                        .isNotEmpty();
                said.append(new String(bytes, StandardCharsets.US_ASCII));
            }
            // by its handle, because Process.destroyForcibly closes the pipe too
            training.toHandle().destroyForcibly();
            // what the pipe held when it died was said before
            said.append(new String(output.readAllBytes(), StandardCharsets.US_ASCII));
            return lastNumber(said);
        } finally {
            training.destroyForcibly().waitFor();
        }
    }

    /** That of the last whole line; 0 if there is none. */
    private static long lastNumber(StringBuilder said) {
        int end = said.lastIndexOf("\n");
        return end < 0 ? 0 : Long.parseLong(said.substring(said.lastIndexOf("\n", end - 1) + 1, end));
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
