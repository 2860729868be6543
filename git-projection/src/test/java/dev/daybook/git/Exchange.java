package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.SavedExperiment;
import dev.daybook.git.TransferReport.Moved;
import dev.daybook.git.TransferReport.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A repository, the bare one that it pushes to, clones of that, and a folder that is DVC's remote.
 *
 * @param temp holds all of them
 * @param repo whose baseline is at {@code origin}
 */
record Exchange(Path temp, GitRepo repo) {

    private static final Map<String, String> ISOLATION =
            Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1");

    /** With a DVC remote that is a folder. */
    static Exchange create(Path temp) {
        return create(
                temp, "[core]\n    remote = store\n['remote \"store\"']\n    url = " + temp.resolve("store") + "\n");
    }

    static Exchange create(Path temp, String dvcConfig) {
        var repo = GitRepo.reference(temp.resolve("repo"));
        repo.write(".dvc/config", dvcConfig);
        if (!dvcConfig.isEmpty()) {
            repo.commit("where data go");
        }
        repo.git(
                "init", "-q", "--bare", "-b", "main", temp.resolve("origin.git").toString());
        repo.git("remote", "add", "origin", "file://" + temp.resolve("origin.git"));
        repo.git("push", "-q", "origin", "main");
        return new Exchange(temp, repo);
    }

    Path store() {
        return temp.resolve("store");
    }

    GitRepo origin() {
        return new GitRepo(temp.resolve("origin.git"));
    }

    GitRepo cloned(String name, String... options) {
        var arguments = new ArrayList<>(List.of("clone", "-q"));
        arguments.addAll(List.of(options));
        arguments.add("file://" + temp.resolve("origin.git"));
        arguments.add(temp.resolve(name).toString());
        repo.git(arguments.toArray(String[]::new));
        var clone = new GitRepo(temp.resolve(name));
        clone.git("config", "user.name", "Bob");
        clone.git("config", "user.email", "bob@example.com");
        return clone;
    }

    SavedExperiment save(String name, String... artifacts) {
        return repo.save(name, run -> {
            run.logMetric("loss", 0.5);
            for (var each : artifacts) {
                run.addArtifact(Path.of(each));
            }
        });
    }

    /** An experiment with a checkpoint, each with data of its own. */
    SavedExperiment saveWithCheckpoint(String name) {
        return repo.save(name, run -> {
            repo.write("model.bin", "early " + name);
            run.addArtifact(Path.of("model.bin"));
            run.makeCheckpoint("early");
            repo.write("model.bin", "late " + name);
            run.addArtifact(Path.of("model.bin"));
        });
    }

    /** An experiment whose {@code dvc.lock} names a file that Git has itself, as DVC does with metrics. */
    void saveWithMetrics(String name, String content, String md5) {
        repo.write("m.json", content)
                .write(
                        "dvc.lock",
                        "schema: '2.0'\nstages:\n  train:\n    cmd: train\n    outs:\n    - path: m.json\n      hash: md5\n      md5: "
                                + md5 + "\n      size: " + content.length() + "\n");
        repo.git("add", "m.json", "dvc.lock");
        var commit = repo.git("commit-tree", "-p", "HEAD", "-m", name, repo.git("write-tree"));
        repo.git("reset", "-q", "--hard");
        repo.git("update-ref", ref(repo, name), commit);
    }

    TransferReport push(String... names) {
        return push(TransferOptions.defaults(), names);
    }

    TransferReport push(TransferOptions options, String... names) {
        return remotes(repo, "git").push(Optional.empty(), List.of(names), options);
    }

    TransferReport pushFrom(GitRepo clone) {
        return remotes(clone, "git").push(Optional.empty(), List.of(), TransferOptions.defaults());
    }

    TransferReport pull(GitRepo clone, String... names) {
        return pull(clone, TransferOptions.defaults(), names);
    }

    TransferReport pull(GitRepo clone, TransferOptions options, String... names) {
        return remotes(clone, "git").pull(Optional.empty(), List.of(names), options);
    }

    /** @param git the program */
    static Remotes remotes(GitRepo repo, String git) {
        var repository = Repositories.open(repo.top);
        var refs = new ExperimentRefs(repository, Duration.ofSeconds(1));
        return new Remotes(repository, refs, new Revisions(repository, refs), new GitCommand.Program(git, ISOLATION));
    }

    /** Another bare repository that has the baseline. */
    GitRepo other(String name) {
        repo.git("init", "-q", "--bare", "-b", "main", temp.resolve(name).toString());
        repo.git("push", "-q", temp.resolve(name).toString(), "main");
        return new GitRepo(temp.resolve(name));
    }

    /** A git before whose one verb something else happens. */
    String meddling(String verb, String script) {
        try {
            var program = temp.resolve("git-" + verb);
            Files.writeString(
                    program,
                    "#!/bin/sh\nfor a; do if [ \"$a\" = " + verb + " ]; then (unset GIT_DIR GIT_OBJECT_DIRECTORY; "
                            + script + ") >&2; break; fi; done\nexec git \"$@\"\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
            return program.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where an experiment's ref is, by the commit that is checked out. */
    static String ref(GitRepo repo, String name) {
        return ExperimentRefs.experiment(repo.head(), name);
    }

    /** The refs of experiments and checkpoints with their commits. */
    static List<String> refs(GitRepo repo) {
        return repo.git("for-each-ref", "--format=%(objectname) %(refname)", "refs/exps", "refs/daybook")
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** The contents in a folder of DVC's objects, by their names. */
    static Map<String, String> objects(Path store) {
        var objects = new TreeMap<String, String>();
        var root = store.resolve("files/md5");
        if (!Files.isDirectory(root)) {
            return objects;
        }
        try (var files = Files.walk(root)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                objects.put(root.relativize(file).toString().replace("/", ""), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return objects;
    }

    static Path cache(GitRepo repo) {
        return repo.top.resolve(".dvc/cache");
    }

    /** All that an exchange must leave alone: what {@link GitRepo} says, but for the cache and the file of refs. */
    static Map<String, String> untouchables(GitRepo repo) {
        var files = new TreeMap<>(repo.untouchables());
        files.keySet().removeIf(name -> name.startsWith(".dvc/cache/") || name.equals(".git/packed-refs"));
        files.put("refs", repo.git("for-each-ref", "refs/heads", "refs/remotes", "refs/tags", "refs/stash"));
        return files;
    }

    static List<Outcome> outcomes(TransferReport report) {
        return report.refs().stream().map(Moved::outcome).toList();
    }

    static void assertComplete(TransferReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.isComplete()).isTrue();
    }
}
