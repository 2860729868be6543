package dev.daybook.git;

import static dev.daybook.git.PlotRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.ExperimentSummary;
import dev.daybook.ExperimentSummary.Status;
import dev.daybook.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs in JVMs of their own, where they can be given another home, another environment and another end. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EndToEndIT {

    private static final String WARNING = "warning: ";

    @TempDir
    Path temp;

    private GitRepo repo;
    private Path home;
    private Path scratch;

    @BeforeEach
    void make_a_repository_and_an_empty_home() throws Exception {
        repo = GitRepo.reference(temp.resolve("repo"));
        home = Files.createDirectory(temp.resolve("home"));
        scratch = Files.createDirectory(temp.resolve("scratch"));
    }

    /** What the children do. */
    static final class Script {

        private Script() {}

        /** {@code whole}, {@code leave}, {@code letters}, {@code name} or {@code file}, and the repository. */
        public static void main(String[] args) {
            var options = DaybookOptions.defaults().withWarnings(warning -> System.out.println(WARNING + warning));
            var daybook = Daybook.open(Path.of(args[1]), options);
            if (args[0].equals("leave")) {
                daybook.experiment("left").init().setParam("lr", 0.5).logMetric("loss", 0.25);
                // neither closed nor killed: it ends as a script does that forgot to
                System.exit(0);
            }
            if (args[0].equals("letters")) {
                daybook.run("plain", run -> {
                    run.setParam("m\u00fchle", "\u4e2d");
                    run.logMetric("verlust/\u00e4", 0.5);
                    run.makeCheckpoint("h\u00e4lfte");
                });
                System.out.println(daybook.experiments().size() + " experiments");
                daybook.close();
                return;
            }
            if (args[0].equals("name")) {
                try {
                    daybook.experiment("gr\u00f6\u00dfe").init();
                } catch (InvalidInputException e) {
                    System.out.println(e.getMessage());
                }
                daybook.close();
                return;
            }
            if (args[0].equals("file")) {
                daybook.run("plain", run -> run.setParam("gr\u00f6\u00dfe.yaml:lr", 0.5));
                daybook.close();
                return;
            }
            try (daybook) {
                daybook.run("whole", run -> {
                    run.setParam("lr", 0.5);
                    run.logMetric("loss", 0.25);
                    run.makeCheckpoint("one");
                });
                daybook.experiment("dropped").init().discard();
                daybook.experiment("left").init().logMetric("loss", 1);
            }
            try (var again = Daybook.open(Path.of(args[1]), options)) {
                again.resume("left").save();
                System.out.println(again.experiments().size() + " experiments");
            }
        }
    }

    private String run(String what, Map<String, String> environment) {
        var flags = List.of("-Duser.home=" + home, "-Djava.io.tmpdir=" + scratch, "-XX:-UsePerfData");
        try (var child = ChildJvm.start(
                temp.resolve("output-" + what), environment, flags, Script.class, what, repo.top.toString())) {
            return child.succeed();
        }
    }

    @Test
    void a_whole_run_writes_nothing_to_the_users_home() {
        var environment =
                Map.of("HOME", home.toString(), "XDG_CONFIG_HOME", home + "/config", "XDG_CACHE_HOME", home + "/cache");
        var before = repo.untouchables();

        assertThat(run("whole", environment)).contains("2 experiments").doesNotContain(WARNING + "Git knows");

        assertThat(GitRepo.listing(home)).isEmpty();
        assertThat(GitRepo.listing(scratch))
                .as("temporary files that were left")
                .isEmpty();
        var after = repo.untouchables();
        after.keySet().removeIf(name -> name.startsWith(".git/daybook/"));
        assertThat(after).isEqualTo(before);
        assertThat(repo.refs("refs/exps")).hasSize(2);
    }

    @Test
    void without_an_identity_of_git_the_commits_name_daybook_and_a_warning_says_so() {
        repo.git("config", "--unset", "user.name");
        repo.git("config", "--unset", "user.email");

        var printed = run("whole", Map.of("HOME", home.toString()));

        assertThat(printed.lines().filter(line -> line.startsWith(WARNING + "Git knows neither")))
                .as("one for each init: %s", printed)
                .hasSize(3)
                .allMatch(line -> line.contains("Daybook <daybook@localhost>") && line.contains("git config"));
        for (var ref : repo.refs("refs/exps")) {
            assertThat(repo.git("log", "-1", "--format=%an <%ae> %cn <%ce>", ref))
                    .isEqualTo("Daybook <daybook@localhost> Daybook <daybook@localhost>");
        }
        repo.assertSound();
    }

    @Test
    void the_identity_in_the_environment_is_that_of_the_commits() {
        run("whole", Map.of("GIT_AUTHOR_NAME", "Grace", "GIT_AUTHOR_EMAIL", "grace@example.com"));

        assertThat(repo.refs("refs/exps"))
                .hasSize(2)
                .allSatisfy(ref -> assertThat(repo.git("log", "-1", "--format=%an <%ae>", ref))
                        .isEqualTo("Grace <grace@example.com>"));
    }

    @Test
    void what_a_script_left_open_is_interrupted_and_is_saved_by_another_process_with_the_code_as_it_was() {
        repo.write("train.py", "print(\"as it was\")\n");
        run("leave", Map.of());
        repo.write("train.py", "print(\"as it is\")\n");

        try (var daybook = Daybook.open(repo.top)) {
            assertThat(daybook.experiments())
                    .extracting(ExperimentSummary::status)
                    .containsExactly(Status.INTERRUPTED);
            var saved = daybook.find("left").orElseThrow().save();
            assertThat(repo.show(saved.commit(), "train.py")).isEqualTo("print(\"as it was\")\n");
            assertThat(repo.show(saved.commit(), "params.yaml")).contains("lr: 0.5 ");
            assertThat(PlotRows.parse("loss", repo.show(saved.commit(), "dvclive/plots/metrics/loss.tsv")))
                    .containsExactly(row(0, 0.25));
        }
        assertThat(repo.git("status", "--porcelain")).isEqualTo(" M train.py");
    }

    /** As in many containers: Java can name a file by nothing but ASCII then. */
    @Test
    void other_peoples_letters_beyond_ascii_do_no_harm_without_a_locale() {
        repo.write("gr\u00f6\u00dfe.txt", "1\n").commit("letters");
        repo.git("branch", "gr\u00f6\u00dfe");
        try (var daybook = Daybook.open(repo.top)) {
            daybook.run("\u00e4lter", run -> {});
        }
        repo.write("gr\u00f6\u00dfe.txt", "2\n");

        run("letters", Map.of("LC_ALL", "C"));

        var ref = ExperimentRefs.experiment(repo.head(), "plain");
        assertThat(repo.refs("refs/exps")).hasSize(2).contains(ref);
        assertThat(repo.show(ref, "gr\u00f6\u00dfe.txt")).isEqualTo("2\n");
        assertThat(repo.show(ref, "dvclive/params.yaml")).contains("m\u00fchle\": \"\u4e2d\"");
        assertThat(repo.files(ref)).contains("dvclive/plots/metrics/verlust/\u00e4.tsv");
        repo.assertSound();
    }

    @Test
    void an_experiment_named_beyond_ascii_is_refused_without_a_locale() {
        assertThat(run("name", Map.of("LC_ALL", "C")))
                .contains("cannot be the name of a file here")
                .contains("set LC_ALL=C.UTF-8");
        assertThat(repo.refs("refs")).hasSize(1);
    }

    @Test
    void a_parameter_file_named_beyond_ascii_is_edited_without_a_locale() {
        repo.write("gr\u00f6\u00dfe.yaml", "lr: 1\n").commit("letters");

        run("file", Map.of("LC_ALL", "C"));

        assertThat(repo.show(ExperimentRefs.experiment(repo.head(), "plain"), "gr\u00f6\u00dfe.yaml"))
                .isEqualTo("lr: 0.5\n");
    }
}
