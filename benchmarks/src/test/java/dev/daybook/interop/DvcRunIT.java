package dev.daybook.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.git.ApplyOptions;
import dev.daybook.git.Collected;
import dev.daybook.git.DvcTask;
import dev.daybook.git.DvcTasks;
import dev.daybook.git.FileChange;
import dev.daybook.git.SavedExperiments;
import dev.daybook.git.TransferOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Experiments that real DVC has run, in the work tree and by its queue, has saved, and DVCLive has: Daybook reads and manages them, and DVC
 * finds nothing wrong afterwards. The tests share one repository and leave it as it was.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DvcRunIT {

    private static final String CLEAN = "Data and pipelines are up to date.";

    private static final String PIPELINE = """
            vars:
            - folders: [one, two]
            stages:
              shards:
                foreach: ${folders}
                do:
                  wdir: shards/${item}
                  cmd: cp ../../raw.txt shard.txt
                  deps:
                  - ../../raw.txt
                  outs:
                  - shard.txt
              prepare:
                cmd: mkdir -p data && cp raw.txt data/copy.txt
                deps:
                - raw.txt
                outs:
                - data
              train:
                cmd: python train.py
                deps:
                - data
                - train.py
                params:
                - lr
                outs:
                - model.bin
            """;

    /** Logs with DVCLive, which adds its files to {@code dvc.yaml}, and lets Daybook look while it runs. */
    private static final String TRAIN = """
            import os, pathlib, subprocess, sys
            from dvclive import Live

            lr = float(pathlib.Path("params.yaml").read_text().split()[1])
            with Live() as live:
                live.log_param("optimizer", {"name": "adam"})
                for epoch in range(3):
                    live.log_metric("train/loss", lr / 2**epoch)
                    live.next_step()
                points = [{"a": 1, "b": lr}, {"a": 2, "b": 2 * lr}]
                live.log_plot("points", points, x="a", y="b", template="scatter")
            pathlib.Path("model.bin").write_text(f"model of {lr}")
            subprocess.run(["sh", pathlib.Path(os.environ["HOME"], "look.sh")], check=True)
            if lr < 0:
                sys.exit("lr is negative")
            """;

    private static final String LIVE = """
            import os, pathlib, subprocess
            from dvclive import Live

            pathlib.Path("weights.bin").write_text("weights")
            with Live(exp_name="lived") as live:
                live.log_param("lr", 0.4)
                live.log_metric("accuracy", 0.875)
                live.log_artifact("weights.bin", type="model", name="weights")
                look = ["sh", pathlib.Path(os.environ["HOME"], "look.sh")]
                subprocess.run(look, check=True, env={**os.environ, "DVC_EXP_NAME": "lived"})
            """;

    private static final List<String> NAMES = List.of("kept", "lived", "queued", "ran");

    private Path scratch = Path.of("");
    private Project project;
    private List<DvcTask> waiting;

    @BeforeAll
    void dvc_runs_and_saves(@TempDir Path folder) throws IOException {
        scratch = folder;
        var store = scratch.resolve("store");
        project = new Project(
                scratch,
                Map.of(
                        ".dvc/config",
                        "[core]\n    remote = store\n['remote \"store\"']\n    url = " + store + "\n",
                        ".gitignore",
                        "",
                        "dvc.yaml",
                        PIPELINE,
                        "live.py",
                        LIVE,
                        "params.yaml",
                        "lr: 0.1\n",
                        "raw.txt",
                        "raw\n",
                        "shards/one/.gitignore",
                        "",
                        "shards/two/.gitignore",
                        "",
                        "train.py",
                        TRAIN));
        Files.writeString(
                scratch.resolve("home/look.sh"),
                "'%s/bin/java' -jar '%s' -C '%s' list --json > \"$HOME/seen-by-$DVC_EXP_NAME.json\"\n"
                        .formatted(
                                System.getProperty("java.home"),
                                Path.of(System.getProperty("daybook.jar")).toRealPath(),
                                project.folder()));
        project.dvc("exp", "run", "--queue", "--name", "queued", "--set-param", "lr=0.3");
        project.dvc("exp", "run", "--queue", "--name", "broken", "--set-param", "lr=-1");
        waiting = DvcTasks.of(project.folder());
        project.dvc("exp", "run", "--run-all");
        project.dvc("exp", "run", "--name", "ran", "--set-param", "lr=0.2");
        project.write("params.yaml", "lr: 0.25\n");
        project.dvc("exp", "save", "--name", "kept");
        // DVCLive saves nothing where an output of a stage is missing
        project.python("live.py");
        restore();
    }

    /** Data that an untracked or changed .gitignore has hidden from git are left over by the first time. */
    @AfterEach
    void restore() {
        project.restore();
        project.restore();
    }

    /** DVC leaves a process behind that waits for more, and would write into the folder while it is being deleted. */
    @AfterAll
    void the_worker_of_the_queue_ends() throws Exception {
        var notes = project.folder().resolve(".dvc/tmp/exps/celery");
        try (var files = Files.walk(notes)) {
            for (var file : files.filter(each -> each.toString().endsWith("worker-1.json"))
                    .toList()) {
                var worker = ProcessHandle.of(
                        Project.STRICT_JSON.readTree(file.toFile()).get("pid").asLong());
                if (worker.isPresent()) {
                    worker.get().onExit().get(60, TimeUnit.SECONDS);
                }
            }
        }
    }

    private SavedExperiments open() {
        return SavedExperiments.open(project.folder());
    }

    private List<String> listedByDvc() {
        return project.dvc("exp", "list", "--name-only").lines().sorted().toList();
    }

    /** What {@code daybook list} said of each while an experiment ran: its status, by its name. */
    private Map<String, String> seenBy(String name) throws IOException {
        var seen = new HashMap<String, String>();
        for (var row : Project.STRICT_JSON.readTree(
                scratch.resolve("home/seen-by-" + name + ".json").toFile())) {
            seen.put(row.get("name").asText(), row.get("status").asText());
        }
        return seen;
    }

    @Test
    void what_waits_runs_and_has_failed_is_listed_as_such() throws IOException {
        assertThat(waiting)
                .extracting(DvcTask::name, DvcTask::state, DvcTask::params)
                .containsExactlyInAnyOrder(
                        tuple("queued", DvcTask.State.QUEUED, Map.of("lr", 0.3)),
                        tuple("broken", DvcTask.State.QUEUED, Map.of("lr", -1L)));
        assertThat(seenBy("queued")).isEqualTo(Map.of("queued", "running (dvc)", "broken", "queued"));
        assertThat(seenBy("broken")).isEqualTo(Map.of("queued", "persisted", "broken", "running (dvc)"));
        assertThat(seenBy("ran")).isEqualTo(Map.of("queued", "persisted", "broken", "failed", "ran", "running (dvc)"));
        assertThat(seenBy("lived"))
                .isEqualTo(Map.of(
                        "queued",
                        "persisted",
                        "broken",
                        "failed",
                        "ran",
                        "persisted",
                        "kept",
                        "persisted",
                        "lived",
                        "running (dvc)"));
        assertThat(DvcTasks.of(project.folder())).singleElement().satisfies(task -> {
            assertThat(task.name()).isEqualTo("broken");
            assertThat(task.state()).isEqualTo(DvcTask.State.FAILED);
            assertThat(task.baseline()).isEqualTo(project.git("rev-parse", "HEAD"));
        });
    }

    @Test
    void each_is_listed_with_its_parameters_and_metrics() {
        try (var saved = open()) {
            assertThat(saved.all()).extracting(ExperimentSummary::name).containsExactlyInAnyOrderElementsOf(NAMES);
            assertThat(saved.all()).allSatisfy(experiment -> {
                assertThat(experiment.status()).isEqualTo(Status.PERSISTED);
                assertThat(experiment.problems()).isEmpty();
                assertThat(experiment).isEqualTo(saved.find(experiment.name()));
            });
            requireSays(saved.find("ran"), Map.of("lr", 0.2, "optimizer.name", "adam"), Map.of("train/loss", 0.05));
            requireSays(saved.find("queued"), Map.of("lr", 0.3, "optimizer.name", "adam"), Map.of("train/loss", 0.075));
            requireSays(saved.find("kept"), Map.of("lr", 0.25, "optimizer.name", "adam"), Map.of("train/loss", 0.05));
            requireSays(
                    saved.find("lived"),
                    Map.of("params.yaml:lr", 0.25, "dvclive/params.yaml:lr", 0.4),
                    Map.of("accuracy", 0.875));
        }
    }

    private static void requireSays(
            ExperimentSummary experiment, Map<String, Object> params, Map<String, Object> metrics) {
        assertThat(experiment.params()).isEqualTo(params);
        assertThat(experiment.metrics()).isEqualTo(metrics);
    }

    @Test
    void two_differ_in_what_was_set_and_in_what_came_of_it() {
        try (var saved = open()) {
            var difference = saved.diff("queued", "ran");

            assertThat(difference.from().params()).isEqualTo(Map.of("lr", 0.3));
            assertThat(difference.to().params()).isEqualTo(Map.of("lr", 0.2));
            assertThat(difference.from().metrics()).isEqualTo(Map.of("train/loss", 0.075));
            assertThat(difference.to().metrics()).isEqualTo(Map.of("train/loss", 0.05));
            assertThat(difference.files())
                    .extracting(FileChange::path)
                    .contains("dvc.lock", "params.yaml", "dvclive/metrics.json")
                    .doesNotContain("dvc.yaml", "train.py");
        }
    }

    @Test
    void each_is_applied_with_its_data_and_dvc_finds_nothing_to_do() throws IOException {
        try (var saved = open()) {
            for (var name : List.of("ran", "queued", "lived")) {
                saved.apply(name, ApplyOptions.DEFAULT);

                // DVC commits a file of its own in a folder that Git ignores
                assertThat(project.git(
                                "diff", "--name-only", project.workTree(), commit(name), "--", ".", ":!.dvc/tmp"))
                        .as("what git says of the work tree of " + name)
                        .isEmpty();
                assertThat(project.folder().resolve("data/copy.txt")).hasContent("raw\n");
                assertThat(project.folder().resolve("shards/two/shard.txt")).hasContent("raw\n");
                assertThat(project.folder().resolve("model.bin"))
                        .hasContent(name.equals("queued") ? "model of 0.3" : "model of 0.2");
                assertThat(Files.exists(project.folder().resolve("weights.bin")))
                        .isEqualTo(name.equals("lived"));
                requireUpToDate(project);
            }
        }
    }

    private String commit(String name) {
        try (var saved = open()) {
            return saved.find(name).commit().orElseThrow();
        }
    }

    private static void requireUpToDate(Project project) {
        assertThat(project.dvc("status")).contains(CLEAN);
        requireNothingUncommitted(project);
    }

    private static void requireNothingUncommitted(Project project) {
        var status = project.dvcJson("data", "status", "--json", "--granular");
        assertThat(status.has("uncommitted")).as(status.toString()).isFalse();
        assertThat(status.has("not_in_cache")).as(status.toString()).isFalse();
        var tree = project.workTree();
        project.dvc("commit", "--force");
        assertThat(project.workTree()).as("dvc commit changes nothing").isEqualTo(tree);
    }

    @Test
    void each_is_managed_and_dvc_reads_all_of_them_afterwards() {
        var before = project.git("for-each-ref", "--format=%(objectname) %(refname)", "refs/exps/**");
        try (var saved = open()) {
            for (var name : NAMES) {
                saved.branch(name, "of-" + name);
                assertThat(project.git("rev-parse", "of-" + name)).isEqualTo(commit(name));
                saved.rename(name, name + "-renamed", false);
                saved.tag(name + "-renamed", "seen");
                saved.note(name + "-renamed", "by Daybook");
            }
            assertThat(listedByDvc())
                    .containsExactlyElementsOf(
                            NAMES.stream().map(name -> name + "-renamed").toList());
            for (var name : NAMES) {
                saved.remove(name + "-renamed");
            }
            assertThat(saved.all()).isEmpty();
            assertThat(listedByDvc()).isEmpty();
            for (var name : NAMES) {
                saved.restore(name + "-renamed");
                saved.rename(name + "-renamed", name, false);
                assertThat(saved.annotations(name).tags()).containsExactly("seen");
            }
            project.git("update-ref", ref("ran").replace("/ran", "/twin"), commit("ran"));
            saved.remove("twin");
            assertThat(saved.collect(Duration.ZERO, false).refs())
                    .extracting(Collected.Kept::what)
                    .containsExactly("twin");
        }
        assertThat(project.git("for-each-ref", "--format=%(objectname) %(refname)", "refs/exps/**"))
                .isEqualTo(before);
        assertThat(listedByDvc()).containsExactlyElementsOf(NAMES);
        assertThat(shownWithoutErrors(project)).containsExactlyInAnyOrderElementsOf(NAMES);
    }

    private String ref(String name) {
        try (var saved = open()) {
            return saved.find(name).ref().orElseThrow();
        }
    }

    /** The names of the experiments that {@code dvc exp show} shows, without the one that failed. */
    private static List<String> shownWithoutErrors(Project project) {
        var names = new ArrayList<String>();
        for (var experiment : project.dvcJson("exp", "show", "--json").at("/1/experiments")) {
            if (!experiment.at("/executor/state").asText().equals("failed")) {
                assertThat(experiment.findValues("error"))
                        .as(experiment.toString())
                        .allMatch(JsonNode::isNull);
                names.add(experiment.get("name").asText());
            }
        }
        return names;
    }

    @Test
    void each_is_pushed_and_pulled_with_its_data() throws IOException {
        var origin = scratch.resolve("origin.git");
        project.git("init", "--quiet", "--bare", "--initial-branch=main", origin.toString());
        project.git("remote", "add", "origin", origin.toString());
        project.git("push", "--quiet", "origin", "main");
        try (var saved = open()) {
            var pushed = saved.push(Optional.empty(), List.of(), TransferOptions.defaults());
            assertThat(pushed.problems()).isEmpty();
            assertThat(pushed.warnings()).isEmpty();
            assertThat(pushed.refs()).hasSameSizeAs(NAMES);
        }
        var bob = Project.cloned(scratch.resolve("bob"), origin);
        try (var saved = SavedExperiments.open(bob.folder())) {
            var pulled = saved.pull(Optional.empty(), List.of(), TransferOptions.defaults());
            assertThat(pulled.problems()).isEmpty();
            assertThat(pulled.warnings()).isEmpty();
            assertThat(saved.all()).extracting(ExperimentSummary::name).containsExactlyInAnyOrderElementsOf(NAMES);

            saved.apply("lived", ApplyOptions.DEFAULT);
            assertThat(bob.folder().resolve("weights.bin")).hasContent("weights");
            saved.apply("queued", ApplyOptions.DEFAULT);
            assertThat(bob.folder().resolve("model.bin")).hasContent("model of 0.3");
        }
        requireUpToDate(bob);
        assertThat(shownWithoutErrors(bob)).containsExactlyInAnyOrderElementsOf(NAMES);
    }
}
