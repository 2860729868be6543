package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.SavedExperiment;
import dev.daybook.lifecycle.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A real repository, made and looked at by the git command line, which knows nothing of the user's configuration. */
final class GitRepo {

    private static final Map<String, String> ISOLATION =
            Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1");

    static final String PARAMS = """
            # training parameters
            lr: 0.1          # learning rate
            model:
              depth: 3       # layers
              name: "resnet" # quoted on purpose
            seed: 42
            """;

    final Path top;

    GitRepo(Path top) {
        this.top = top;
    }

    /** Empty, with an identity. */
    static GitRepo init(Path top) {
        try {
            Files.createDirectories(top);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var repo = new GitRepo(top);
        repo.git("init", "-q", "-b", "main", ".");
        repo.git("config", "user.name", "Ada");
        repo.git("config", "user.email", "ada@example.com");
        repo.git("config", "gc.auto", "0");
        return repo;
    }

    /** The baseline of the reference experiment. */
    static GitRepo reference(Path top) {
        return init(top)
                .write(".dvc/.gitignore", "/config.local\n/tmp\n/cache\n")
                .write(".dvc/config", "")
                .write("params.yaml", PARAMS)
                .write("train.py", "print(\"train\")\n")
                .write(".gitignore", "/ignored.log\n")
                .commit("baseline");
    }

    GitRepo write(String file, String content) {
        try {
            var path = top.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Makes a pipe, which whoever opens it waits for. */
    GitRepo pipe(String file) {
        try {
            var path = top.resolve(file);
            Files.createDirectories(path.getParent());
            assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    /** Where the object of an MD5 is in DVC's cache. */
    Path object(String md5) {
        return top.resolve(".dvc/cache/files/md5/" + md5.substring(0, 2) + "/" + md5.substring(2));
    }

    GitRepo commit(String message) {
        git("add", "-A");
        git("commit", "-q", "-m", message);
        return this;
    }

    /** Runs git, which must succeed and say nothing on stderr that is an error. */
    String git(String... arguments) {
        var result = tryGit(arguments);
        assertThat(result.status())
                .as("git %s: %s", List.of(arguments), result.text())
                .isZero();
        return result.text();
    }

    record Result(int status, String text) {}

    Result tryGit(String... arguments) {
        try {
            var command = new ArrayList<>(List.of("git"));
            command.addAll(List.of(arguments));
            var builder = new ProcessBuilder(command).directory(top.toFile()).redirectErrorStream(true);
            var environment = builder.environment();
            environment.putAll(ISOLATION);
            environment.put("GIT_AUTHOR_DATE", "1795000000 +0000");
            environment.put("GIT_COMMITTER_DATE", "1795000000 +0000");
            environment.put("LC_ALL", "C");
            var process = builder.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.stripTrailing());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String head() {
        return git("rev-parse", "HEAD");
    }

    /** HEAD as it was committed. */
    Code code() {
        return new Code(head(), git("rev-parse", "HEAD^{tree}"));
    }

    /** A file of a commit or tree, to the byte. */
    String show(String revision, String file) {
        // the marker keeps the final newlines
        return git("-c", "alias.cat=!f() { git cat-file blob \"$1\"; printf E; }; f", "cat", revision + ":" + file)
                .replaceAll("E$", "");
    }

    List<String> files(String revision) {
        return git("-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", revision)
                .lines()
                .toList();
    }

    /** Runs an experiment to its end. */
    SavedExperiment save(String name, Consumer<Experiment> body) {
        try (var daybook = Daybook.open(top, DaybookOptions.defaults().withWarnings(warning -> {}))) {
            return daybook.run(name, body::accept).orElseThrow();
        }
    }

    GitProjection open() {
        return open("git");
    }

    /** @param git the program, which need not exist */
    GitProjection open(String git) {
        return new GitProjection(
                Repositories.open(top), warning -> {}, new GitCommand.Program(git, ISOLATION), Duration.ofSeconds(1));
    }

    /** Makes each packed object a file of its own. */
    void unpack() throws IOException {
        var packs = top.resolve(".git/objects/pack");
        for (var name : listing(packs)) {
            if (name.endsWith(".pack")) {
                var pack = Files.move(packs.resolve(name), top.resolve(".git/unpacked"));
                git("-c", "alias.up=!git unpack-objects -q <" + pack, "up");
                Files.delete(pack);
            }
        }
    }

    /** Leaves of an object, in a file of its own, nothing but the file: as a file system does that a power cut has caught. */
    void empty(String object) throws IOException {
        var id = git("rev-parse", object);
        Files.delete(top.resolve(".git/objects/" + id.substring(0, 2) + "/" + id.substring(2)));
        write(".git/objects/" + id.substring(0, 2) + "/" + id.substring(2), "");
    }

    void assertSound() {
        // prune and repack leave the commit graph as it was, with commits that are rightly gone
        assertThat(git("-c", "core.commitGraph=false", "fsck", "--strict", "--no-dangling", "--no-progress"))
                .isEmpty();
    }

    /**
     * All that Daybook must leave alone, as text: every file of the work tree and of Git's folder with its time and content, but for objects
     * and Daybook's refs and experiments.
     */
    Map<String, String> untouchables() {
        var files = new TreeMap<String, String>();
        try {
            Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    var name = top.relativize(file).toString();
                    if (!name.contains("/objects/")
                            && !name.contains("refs/daybook/")
                            && !name.contains("refs/exps/")) {
                        files.put(
                                name,
                                attributes.lastModifiedTime() + " "
                                        + (attributes.isRegularFile() ? hex(Files.readAllBytes(file)) : "no file"));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.put(
                "status", git("--no-optional-locks", "status", "--porcelain=v2", "--branch", "--untracked-files=all"));
        files.put("stash", git("stash", "list"));
        return files;
    }

    private static String hex(byte[] bytes) {
        return bytes.length > 100_000 ? "large" : HexFormat.of().formatHex(bytes);
    }

    List<String> refs(String prefix) {
        return git("for-each-ref", "--format=%(refname)", prefix)
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
    }

    static List<String> listing(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
