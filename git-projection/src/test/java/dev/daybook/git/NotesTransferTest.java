package dev.daybook.git;

import static dev.daybook.git.Exchange.assertComplete;
import static dev.daybook.git.Exchange.outcomes;
import static dev.daybook.git.Exchange.refs;
import static dev.daybook.git.Exchange.remotes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.ExperimentSummary;
import dev.daybook.RepositoryException;
import dev.daybook.SavedExperiment;
import dev.daybook.git.TransferReport.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tags and notes go along with their experiments, in both directions, and none is lost where two people write some. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class NotesTransferTest {

    private static final TransferOptions OPTIONS = TransferOptions.defaults();

    @TempDir
    Path temp;

    private Exchange exchange;
    private GitRepo repo;
    private GitRepo origin;

    @BeforeEach
    void make_repositories() {
        exchange = Exchange.create(temp.resolve("usual"));
        repo = exchange.repo();
        origin = exchange.origin();
    }

    private static void tag(GitRepo repo, String name, String... tags) {
        try (var saved = SavedExperiments.open(repo.top)) {
            for (var tag : tags) {
                saved.tag(name, tag);
            }
        }
    }

    private static Annotations annotations(GitRepo repo, String name) {
        try (var saved = SavedExperiments.open(repo.top)) {
            return saved.annotations(name);
        }
    }

    private static String notesRef(SavedExperiment experiment) {
        return AnnotationRefs.ref(ObjectId.fromString(experiment.commit()));
    }

    /** A git that writes down how often it was asked for a verb. */
    private String counting(String verb) {
        return exchange.meddling(verb, "echo " + verb + " >>'" + counted(verb) + "'");
    }

    private Path counted(String verb) {
        return temp.resolve("counted-" + verb);
    }

    /** A clone that has the experiments and notes of the origin. */
    private GitRepo pulled(String name) {
        var clone = exchange.cloned(name);
        assertComplete(exchange.pull(clone));
        return clone;
    }

    @Test
    void they_go_and_come_with_the_experiments_in_the_same_push_and_the_same_fetch() {
        for (var name : List.of("x", "y", "z", "bare")) {
            exchange.save(name);
        }
        tag(repo, "x", "best", "first");
        tag(repo, "y", "good");
        try (var saved = SavedExperiments.open(repo.top)) {
            saved.note("z", "slow,\nbut");
        }

        var sent = remotes(repo, counting("fetch")).push(Optional.empty(), List.of(), OPTIONS);

        assertComplete(sent);
        assertThat(sent.warnings()).isEmpty();
        assertThat(sent.notes()).isEqualTo(3);
        assertThat(counted("fetch")).doesNotExist();
        assertThat(refs(origin)).isEqualTo(refs(repo)).hasSize(7);
        var clone = exchange.cloned("clone");

        var come = remotes(clone, counting("fetch")).pull(Optional.empty(), List.of(), OPTIONS);

        assertComplete(come);
        assertThat(come.warnings()).isEmpty();
        assertThat(come.notes()).isEqualTo(3);
        assertThat(counted("fetch")).hasContent("fetch");
        assertThat(refs(clone)).isEqualTo(refs(repo));
        clone.git("gc", "-q", "--prune=now");
        clone.assertSound();
        assertThat(annotations(clone, "x").tags()).containsExactly("best", "first");
        assertThat(annotations(clone, "z")).isEqualTo(annotations(repo, "z"));
        assertThat(exchange.push().notes()).isZero();
        assertThat(exchange.pull(clone).notes()).isZero();
        assertThat(counted("fetch")).hasContent("fetch");
    }

    @Test
    void they_follow_an_experiment_that_is_there_already() {
        exchange.save("x");
        exchange.save("y");
        assertComplete(exchange.push());
        var clone = pulled("clone");
        tag(repo, "x", "best");
        tag(repo, "y", "other");

        var report = exchange.push("x");

        assertThat(outcomes(report)).containsExactly(Outcome.UP_TO_DATE);
        assertThat(report.notes()).isOne();
        assertThat(origin.refs("refs/daybook")).hasSize(1);
        tag(repo, "x", "more");
        assertThat(exchange.push("x").notes()).isOne();
        assertThat(outcomes(exchange.pull(clone))).containsOnly(Outcome.UP_TO_DATE);
        assertThat(annotations(clone, "x").tags()).containsExactly("best", "more");
        assertThat(annotations(clone, "y")).isEqualTo(Annotations.NONE);
    }

    @Test
    void what_the_remote_has_more_of_is_taken_in_and_not_taken_back() {
        var x = exchange.save("x");
        tag(repo, "x", "common");
        assertComplete(exchange.push());
        var clone = pulled("clone");
        tag(clone, "x", "theirs");
        assertThat(exchange.pushFrom(clone).notes()).isOne();
        var before = origin.git("rev-parse", notesRef(x));

        var report = exchange.push();

        assertComplete(report);
        assertThat(report.notes()).isZero();
        assertThat(report.warnings()).isEmpty();
        assertThat(origin.git("rev-parse", notesRef(x))).isEqualTo(before);
        assertThat(annotations(repo, "x").tags()).containsExactly("common", "theirs");
        repo.git("update-ref", notesRef(x), before + "^");
        assertThat(exchange.push().notes()).isZero();
        assertThat(origin.git("rev-parse", notesRef(x))).isEqualTo(before);
        assertThat(exchange.pull(repo).notes()).isOne();
        assertThat(annotations(repo, "x").tags()).containsExactly("common", "theirs");
    }

    @Test
    void what_two_people_wrote_is_all_there_after_both_have_pushed() {
        exchange.save("x");
        tag(repo, "x", "common");
        assertComplete(exchange.push());
        var clone = pulled("clone");
        tag(clone, "x", "theirs");
        assertThat(exchange.pushFrom(clone).notes()).isOne();
        tag(repo, "x", "ours");

        var report = exchange.push();

        assertComplete(report);
        assertThat(report.warnings()).isEmpty();
        assertThat(report.notes()).isOne();
        assertThat(annotations(repo, "x").tags()).containsExactly("common", "ours", "theirs");
        assertThat(exchange.pull(clone).notes()).isOne();
        assertThat(refs(clone)).isEqualTo(refs(repo)).isEqualTo(refs(origin));
        repo.git("gc", "-q", "--prune=now");
        repo.assertSound();
        origin.assertSound();
    }

    @Test
    void whoever_puts_the_same_two_together_gets_the_same() {
        var x = exchange.save("x");
        assertComplete(exchange.push());
        var clone = pulled("clone");
        tag(clone, "x", "theirs");
        tag(repo, "x", "ours");
        repo.git("push", "-q", clone.top.toString(), notesRef(x) + ":refs/heads/ours");
        clone.git("push", "-q", repo.top.toString(), notesRef(x) + ":refs/heads/theirs");
        clone.git("push", "-q", "origin", "refs/heads/ours:" + notesRef(x));
        assertThat(exchange.pull(clone).notes()).isOne();
        repo.git("push", "-q", "-f", "origin", "refs/heads/theirs:" + notesRef(x));
        assertThat(exchange.pull(repo).notes()).isOne();

        assertThat(repo.git("rev-parse", notesRef(x))).isEqualTo(clone.git("rev-parse", notesRef(x)));
        assertThat(annotations(repo, "x").tags()).containsExactly("ours", "theirs");
    }

    @Test
    void what_is_written_there_between_looking_and_sending_is_taken_in() {
        var x = exchange.save("x");
        exchange.save("y");
        assertComplete(exchange.push());
        var clone = pulled("clone");
        tag(clone, "x", "theirs");
        tag(repo, "x", "ours");
        tag(repo, "y", "only");
        var git = exchange.meddling("push", "git -C '" + clone.top + "' push -q origin " + notesRef(x));

        var report = remotes(repo, git).push(Optional.empty(), List.of(), OPTIONS);

        assertComplete(report);
        assertThat(report.warnings()).isEmpty();
        assertThat(report.notes()).isEqualTo(2);
        assertThat(refs(origin)).isEqualTo(refs(repo));
        assertThat(annotations(repo, "x").tags()).containsExactly("ours", "theirs");
    }

    @Test
    void what_the_remote_will_not_have_is_a_warning_and_the_experiments_go() throws IOException {
        exchange.save("x");
        exchange.save("y");
        tag(repo, "x", "best");
        tag(repo, "y", "good");
        var hook = origin.top.resolve("hooks/update");
        Files.createDirectories(hook.resolveSibling(""));
        Files.writeString(hook, "#!/bin/sh\ncase $1 in refs/daybook/notes/*) exit 1;; esac\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        var report = remotes(repo, counting("push")).push(Optional.empty(), List.of(), OPTIONS);

        assertComplete(report);
        assertThat(outcomes(report)).containsOnly(Outcome.CREATED);
        assertThat(report.notes()).isZero();
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .contains("the tags and notes on experiments", "'x'", "'y'", "hook declined", "push once more");
        assertThat(counted("push")).hasContent("push");
    }

    @Test
    void those_on_diverged_experiments_stay_where_they_are() {
        exchange.save("x");
        tag(repo, "x", "theirs");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");
        clone.save("x", run -> run.logMetric("loss", 1));
        tag(clone, "x", "ours");

        assertThat(exchange.pull(clone).notes()).isZero();
        assertThat(exchange.pushFrom(clone).notes()).isZero();

        assertThat(annotations(clone, "x").tags()).containsExactly("ours");
        assertThat(origin.refs("refs/daybook")).hasSize(1);
        assertThat(clone.refs("refs/daybook")).hasSize(1);
    }

    @Test
    void damaged_ones_at_the_remote_stay_there_and_everything_else_comes() {
        var x = exchange.save("x");
        var y = exchange.save("y");
        exchange.save("z");
        tag(repo, "z", "good");
        assertComplete(exchange.push());
        origin.git("update-ref", notesRef(x), notes(origin, "no JSON"));
        origin.git("update-ref", notesRef(y), origin.git("rev-parse", x.commit() + ":params.yaml"));
        var clone = exchange.cloned("clone");

        var report = exchange.pull(clone);

        assertComplete(report);
        assertThat(outcomes(report)).containsExactly(Outcome.CREATED, Outcome.CREATED, Outcome.CREATED);
        assertThat(report.notes()).isOne();
        assertThat(report.warnings())
                .hasSize(2)
                .allSatisfy(warning ->
                        assertThat(warning).contains("were left there").hasLineCount(1))
                .anySatisfy(warning -> assertThat(warning).contains("'x' at origin", "not JSON"))
                .anySatisfy(warning -> assertThat(warning).contains("'y' at origin"));
        assertThat(annotations(clone, "x")).isEqualTo(Annotations.NONE);
        assertThat(annotations(clone, "z").tags()).containsExactly("good");
        tag(clone, "x", "mine");

        var sent = exchange.pushFrom(clone);

        assertComplete(sent);
        assertThat(sent.warnings()).singleElement().asString().contains("'x'", "not JSON", "git push origin +");
        clone.assertSound();
    }

    @Test
    void one_that_git_will_not_fetch_keeps_no_experiment_away() throws IOException {
        var x = exchange.save("x");
        exchange.save("y");
        tag(repo, "y", "good");
        assertComplete(exchange.push());
        Files.writeString(temp.resolve("commit"), "tree " + origin.git("rev-parse", "main^{tree}") + "\n\nnobody\n");
        var commit = origin.git(
                "hash-object",
                "-w",
                "-t",
                "commit",
                "--literally",
                temp.resolve("commit").toString());
        origin.git("update-ref", notesRef(x), commit);
        var clone = exchange.cloned("clone");
        clone.git("config", "transfer.fsckObjects", "true");

        var report = exchange.pull(clone);

        assertComplete(report);
        assertThat(outcomes(report)).containsExactly(Outcome.CREATED, Outcome.CREATED);
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .contains("the tags and notes on experiment 'x' could not be fetched from origin", "missingAuthor");
        assertThat(report.notes()).isOne();
        clone.assertSound();
    }

    @Test
    void damaged_ones_here_hide_nothing_else_and_are_not_sent() {
        var x = exchange.save("x");
        exchange.save("y");
        tag(repo, "y", "good");
        repo.git("update-ref", notesRef(x), notes(repo, "[]"));

        try (var saved = SavedExperiments.open(repo.top)) {
            assertThat(saved.all())
                    .hasSize(2)
                    .allSatisfy(each -> assertThat(each.problems()).isEmpty());
            assertThat(saved.find("x")).extracting(ExperimentSummary::name).isEqualTo("x");
            assertThatThrownBy(() -> saved.annotations("x"))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining("holds no object")
                    .hasMessageContaining("git update-ref -d " + notesRef(x))
                    .extracting(Throwable::getMessage)
                    .asString()
                    .hasLineCount(1);
            assertThatThrownBy(() -> saved.tag("x", "a")).isInstanceOf(RepositoryException.class);
            assertThat(saved.annotations("y").tags()).containsExactly("good");
        }
        var report = exchange.push();

        assertComplete(report);
        assertThat(report.notes()).isOne();
        assertThat(report.warnings()).singleElement().asString().contains("'x'", "holds no object");
        assertThat(origin.refs("refs/daybook")).hasSize(1);
    }

    /** A commit as Daybook would make it, with any content. */
    private String notes(GitRepo where, String content) {
        try {
            return notes(where, content, temp.resolve("annotations.json"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static String notes(GitRepo where, String content, Path scratch) throws IOException {
        Files.writeString(scratch, content);
        var blob = where.git("hash-object", "-w", scratch.toString());
        var tree = where.git(
                "-c",
                "alias.tree=!f() { printf '100644 blob %s\\tannotations.json\\n' \"$1\" | git mktree; }; f",
                "tree",
                blob);
        return where.git("-c", "user.name=Eve", "-c", "user.email=eve@example.com", "commit-tree", "-m", "notes", tree);
    }
}
