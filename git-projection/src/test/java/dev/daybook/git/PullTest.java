package dev.daybook.git;

import static dev.daybook.git.Exchange.assertComplete;
import static dev.daybook.git.Exchange.cache;
import static dev.daybook.git.Exchange.objects;
import static dev.daybook.git.Exchange.outcomes;
import static dev.daybook.git.Exchange.ref;
import static dev.daybook.git.Exchange.refs;
import static dev.daybook.git.Exchange.remotes;
import static dev.daybook.git.Exchange.untouchables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.InvalidInputException;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.git.TransferReport.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PullTest {

    /** The MD5 of {@code x}. */
    private static final String HASH = "9dd4e461268c8034f5c8564e155c67a6";

    private static final TransferOptions FORCED = TransferOptions.defaults().withForce(true);

    @TempDir
    Path temp;

    private Exchange exchange;
    private GitRepo repo;

    @BeforeEach
    void make_repositories() {
        use(Exchange.create(temp.resolve("usual")));
    }

    private void use(Exchange other) {
        exchange = other;
        repo = other.repo();
    }

    @Test
    void a_fresh_clone_has_everything_after_one_pull_and_nothing_else_changes() {
        exchange.saveWithCheckpoint("x");
        repo.write("data/a.txt", "a").write("data/b.txt", "b");
        exchange.save("y", "data");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");
        clone.git("status");
        var before = untouchables(clone);

        var report = exchange.pull(clone);

        assertComplete(report);
        assertThat(report.warnings()).isEmpty();
        assertThat(outcomes(report)).containsExactly(Outcome.CREATED, Outcome.CREATED);
        assertThat(refs(clone)).isEqualTo(refs(repo)).hasSize(3);
        assertThat(objects(cache(clone))).isEqualTo(objects(cache(repo))).containsValues("early x", "late x", "a");
        assertThat(untouchables(clone)).isEqualTo(before);
        clone.assertSound();
        exchange.origin().assertSound();
        var again = exchange.pull(clone);
        assertComplete(again);
        assertThat(outcomes(again)).containsOnly(Outcome.UP_TO_DATE);
        assertThat(again.objects()).isZero();
        try (var saved = SavedExperiments.open(clone.top)) {
            saved.apply("y", ApplyOptions.DEFAULT);
            assertThat(clone.top.resolve("data/a.txt")).hasContent("a");
            saved.apply("x@1", ApplyOptions.DEFAULT);
            assertThat(clone.top.resolve("model.bin")).hasContent("early x");
        }
    }

    @Test
    void many_come_at_once_with_packed_refs_there() {
        for (int i = 0; i < 6; i++) {
            exchange.saveWithCheckpoint("x" + i);
        }
        assertComplete(exchange.push());
        exchange.origin().git("pack-refs", "--all");
        var clone = exchange.cloned("clone");

        assertComplete(exchange.pull(clone));

        assertThat(refs(clone)).isEqualTo(refs(repo)).hasSize(12);
        clone.git("gc", "-q", "--prune=now");
        clone.assertSound();
    }

    @Test
    void those_that_are_named_come_alone() {
        exchange.save("x");
        exchange.save("y");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");

        assertThat(exchange.pull(clone, "y", ref(repo, "y")).refs()).hasSize(1);

        assertThat(clone.refs("refs/exps")).containsExactly(ref(repo, "y"));
        assertThatThrownBy(() -> exchange.pull(clone, "z"))
                .isInstanceOf(NoSuchExperimentException.class)
                .hasMessageContaining("'z'");
    }

    @Test
    void a_name_of_several_baselines_means_the_present_one_or_has_to_be_whole() {
        exchange.save("x");
        repo.write("train.py", "more\n").commit("more");
        exchange.save("x");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");
        assertThat(exchange.pull(clone, "x").refs())
                .singleElement()
                .satisfies(moved -> assertThat(moved.ref()).isEqualTo(ref(clone, "x")));

        clone.git("checkout", "-q", "--orphan", "other");
        clone.git("commit", "-q", "-m", "other");

        assertThatThrownBy(() -> exchange.pull(clone, "x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(ref(repo, "x"));
    }

    @Test
    void a_diverged_experiment_is_left_alone_and_replaced_and_kept_on_demand() {
        var theirs = exchange.save("x");
        exchange.save("y");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");
        var ours = clone.save("x", run -> run.logMetric("loss", 1));

        var report = exchange.pull(clone);

        assertThat(outcomes(report)).containsExactly(Outcome.DIVERGED, Outcome.CREATED);
        assertThat(report.problems()).singleElement().asString().contains("'x'", ours.commit(), "--force");
        assertThat(clone.git("rev-parse", ours.ref())).isEqualTo(ours.commit());

        var forced = exchange.pull(clone, FORCED);

        assertComplete(forced);
        assertThat(outcomes(forced)).containsExactly(Outcome.REPLACED, Outcome.UP_TO_DATE);
        assertThat(clone.git("rev-parse", ours.ref())).isEqualTo(theirs.commit());
        assertThat(forced.warnings()).singleElement().asString().contains(ours.commit(), "daybook restore x");
        try (var saved = SavedExperiments.open(clone.top)) {
            saved.rename("x", "theirs", false);
            assertThat(saved.restore("x").commit()).isEqualTo(ours.commit());
        }
    }

    @Test
    void what_has_more_here_is_not_taken_back_by_force() {
        var x = exchange.save("x");
        assertComplete(exchange.push());
        var more = repo.git("commit-tree", x.commit() + "^{tree}", "-p", x.commit(), "-m", "more");
        repo.git("update-ref", x.ref(), more);

        var report = exchange.pull(repo, FORCED);

        assertComplete(report);
        assertThat(outcomes(report)).containsExactly(Outcome.UP_TO_DATE);
        assertThat(refs(repo)).containsExactly(more + " " + x.ref());
    }

    @Test
    void what_is_written_here_between_looking_and_fetching_is_not_overwritten() {
        exchange.save("x");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");
        var git = exchange.meddling(
                "fetch", "git -C '" + clone.top + "' update-ref " + ref(repo, "x") + " " + clone.head());

        var report = remotes(clone, git).pull(Optional.empty(), List.of(), FORCED);

        assertThat(report.isComplete()).isFalse();
        assertThat(report.problems()).singleElement().asString().contains("'x'", "meanwhile");
        assertThat(clone.git("rev-parse", ref(repo, "x"))).isEqualTo(clone.head());
    }

    @Test
    void a_fetch_that_fails_leaves_nothing_half_and_the_next_one_gets_all() {
        exchange.save("x");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");
        var git = exchange.meddling("fetch", "kill -9 $$");

        var report = remotes(clone, git).pull(Optional.empty(), List.of(), TransferOptions.defaults());

        assertThat(outcomes(report)).containsExactly(Outcome.REFUSED);
        assertThat(report.problems()).singleElement().asString().contains("'x'", "pull once more");
        assertThat(refs(clone)).isEmpty();
        assertComplete(exchange.pull(clone));
        assertThat(refs(clone)).isEqualTo(refs(repo));
    }

    @Test
    void what_a_killed_pull_has_left_is_swept_when_it_is_old() {
        exchange.save("x");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");
        var young = "refs/daybook/incoming/" + System.currentTimeMillis() + "-b/0";
        clone.git("update-ref", "refs/daybook/incoming/1000-a/0", clone.head());
        clone.git("update-ref", "refs/daybook/incoming/1000-a/1", clone.head());
        clone.git("update-ref", young, clone.head());
        clone.git("pack-refs", "--all");

        assertComplete(exchange.pull(clone));

        assertThat(clone.refs("refs/daybook")).containsExactly(young);
    }

    @Test
    void the_lock_that_a_killed_pull_has_left_goes_when_it_is_old() throws IOException {
        exchange.save("x");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");
        var lock = Files.createFile(clone.top.resolve(".git/packed-refs.lock"));
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        assertComplete(exchange.pull(clone));
        assertThat(lock).as("nothing shows whose it is").exists();
        clone.write(".git/refs/daybook/incoming/" + System.currentTimeMillis() + "-b/0", clone.head() + "\n");
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now()));
        assertComplete(exchange.pull(clone));
        assertThat(lock).as("somebody may have just made it").exists();
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

        assertComplete(exchange.pull(clone));

        assertThat(lock).doesNotExist();
    }

    @Test
    void an_experiment_whose_lock_a_killed_pull_has_left_is_named_and_comes_when_that_is_old() throws IOException {
        exchange.save("x");
        exchange.save("y");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");
        clone.write(".git/" + ref(repo, "x") + ".lock", "");
        var lock = clone.top.resolve(".git/" + ref(repo, "x") + ".lock");

        var report = exchange.pull(clone);

        assertThat(outcomes(report)).containsExactly(Outcome.REFUSED, Outcome.CREATED);
        assertThat(report.problems()).singleElement().asString().contains("'x'", "is locked by " + lock, "delete it");
        assertThat(clone.refs("refs/exps")).containsExactly(ref(repo, "y"));
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

        assertComplete(exchange.pull(clone));

        assertThat(refs(clone)).isEqualTo(refs(repo));
        assertThat(lock).doesNotExist();
    }

    @Test
    void damaged_and_missing_data_are_named_and_the_rest_comes() throws IOException {
        repo.write("model.bin", "x").write("other.bin", "other").write("third.bin", "third");
        exchange.save("x", "model.bin", "other.bin", "third.bin");
        assertComplete(exchange.push());
        var object = exchange.store().resolve("files/md5/9d/d4e461268c8034f5c8564e155c67a6");
        assertThat(object.toFile().setWritable(true)).isTrue();
        Files.writeString(object, "y");
        for (var other : objects(exchange.store()).entrySet()) {
            if (other.getValue().equals("third")) {
                Files.delete(exchange.store()
                        .resolve("files/md5/" + other.getKey().substring(0, 2))
                        .resolve(other.getKey().substring(2)));
            }
        }
        var clone = exchange.cloned("clone");

        var report = exchange.pull(clone);

        assertThat(report.problems())
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem).contains("'model.bin'", HASH, "damaged"))
                .anySatisfy(problem -> assertThat(problem).contains("'third.bin'", "neither side"));
        assertThat(objects(cache(clone))).hasSize(1).containsValue("other");
        assertThat(refs(clone)).isEqualTo(refs(repo));
    }

    @Test
    void missing_data_are_named_also_where_git_has_them_in_another_experiment() throws IOException {
        exchange.saveWithMetrics("a", "x", HASH);
        repo.write("model.bin", "x");
        exchange.save("b", "model.bin");
        assertComplete(exchange.push());
        Files.delete(exchange.store().resolve("files/md5/9d/d4e461268c8034f5c8564e155c67a6"));
        var clone = exchange.cloned("clone");

        assertThat(exchange.pull(clone).problems())
                .singleElement()
                .asString()
                .contains("'model.bin'", HASH, "experiment 'b' could not be fetched");
    }

    @Test
    void a_remote_for_data_that_is_not_connected_is_named() throws IOException {
        repo.write("model.bin", "x");
        exchange.save("x", "model.bin");
        assertComplete(exchange.push());
        Files.move(exchange.store(), temp.resolve("elsewhere"));
        var clone = exchange.cloned("clone");

        assertThat(exchange.pull(clone).problems())
                .singleElement()
                .asString()
                .contains("'x'", exchange.store().toString(), "connect it");

        Files.move(temp.resolve("elsewhere"), exchange.store());
        assertComplete(exchange.pull(clone));
        assertThat(objects(cache(clone))).containsEntry(HASH, "x");
    }

    @Test
    void a_remote_that_only_dvc_reaches_gets_the_command_to_run() {
        use(Exchange.create(temp.resolve("s3"), "[core]\nremote = cloud\n['remote \"cloud\"']\nurl = s3://bucket\n"));
        repo.write("model.bin", "x");
        exchange.save("x", "model.bin");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");

        var report = exchange.pull(clone);

        assertComplete(report);
        assertThat(report.warnings()).singleElement().asString().contains("dvc exp pull -r cloud origin x");
    }

    @Test
    void a_baseline_that_is_on_no_branch_comes_along() {
        repo.git("checkout", "-q", "--detach");
        repo.write("train.py", "detached\n").commit("on no branch");
        exchange.save("x");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");

        assertComplete(exchange.pull(clone));

        assertThat(refs(clone)).isEqualTo(refs(repo));
        assertThat(clone.git("rev-parse", clone.refs("refs/exps").get(0) + "^")).isEqualTo(repo.head());
        clone.assertSound();
    }

    @Test
    void a_shallow_clone_a_linked_work_tree_and_a_detached_head_will_do() {
        exchange.saveWithCheckpoint("x");
        repo.write("train.py", "more\n").commit("more");
        repo.git("push", "-q", "origin", "main");
        assertComplete(exchange.push());
        var shallow = exchange.cloned("shallow", "--depth=1");
        shallow.git("checkout", "-q", "--detach");
        shallow.git("worktree", "add", "-q", "--detach", temp.resolve("linked").toString());
        var linked = new GitRepo(temp.resolve("linked"));

        assertComplete(exchange.pull(linked));

        assertThat(refs(linked)).isEqualTo(refs(repo)).hasSize(2);
        assertThat(objects(cache(linked))).containsValues("early x", "late x");
        assertThat(shallow.git("rev-parse", "--is-shallow-repository")).isEqualTo("true");
        linked.assertSound();
    }

    @Test
    void a_partial_clone_gets_whole_experiments() {
        exchange.saveWithCheckpoint("x");
        assertComplete(exchange.push());
        exchange.origin().git("config", "uploadpack.allowFilter", "true");
        var partial = exchange.cloned("partial", "--filter=blob:none");

        assertComplete(exchange.pull(partial));

        assertThat(partial.git("rev-list", "--objects", "--missing=print", "--all", "--not", "main"))
                .isNotEmpty()
                .doesNotContain("?");
    }

    @Test
    void helpers_of_dvc_stay_where_they_are() {
        var saved = exchange.save("x");
        exchange.origin().git("update-ref", "refs/exps/exec/EXEC_HEAD", repo.head());
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");

        assertComplete(exchange.pull(clone));

        assertThat(clone.refs("refs/exps")).containsExactly(saved.ref());
    }

    @Test
    void a_bad_one_keeps_no_other_away() throws IOException {
        var x = exchange.save("x");
        exchange.save("y");
        repo.write("model.bin", "x");
        var damaged = exchange.save("damaged", "model.bin");
        assertComplete(exchange.push());
        var origin = exchange.origin();
        var tree = origin.git("rev-parse", damaged.commit() + "^{tree}");
        Files.delete(origin.top.resolve("objects/" + tree.substring(0, 2) + "/" + tree.substring(2)));
        origin.git("update-ref", ref(repo, "blob"), origin.git("rev-parse", "main:.dvc/config"));
        var packed = new StringBuilder();
        for (var name : List.of("not-\u00ff-text", "z".repeat(300))) {
            packed.append(x.commit() + " " + ref(repo, name) + "\n");
        }
        Files.writeString(origin.top.resolve("packed-refs"), packed, StandardCharsets.ISO_8859_1);
        var clone = exchange.cloned("clone");

        var report = exchange.pull(clone);

        assertThat(clone.refs("refs/exps")).containsExactly(x.ref(), ref(repo, "y"));
        assertThat(report.problems())
                .hasSize(3)
                .anySatisfy(problem -> assertThat(problem).contains("'damaged'", tree))
                .anySatisfy(problem -> assertThat(problem).contains("'blob'", "names no commit"))
                .anySatisfy(problem -> assertThat(problem).contains("zzz", "too long"));
        assertThat(report.warnings()).singleElement().asString().contains("not-", "was left out");
        clone.git("update-ref", ref(repo, "blob"), clone.git("rev-parse", "HEAD:.dvc/config"));
        assertThat(outcomes(exchange.pull(clone))).contains(Outcome.UP_TO_DATE);
    }

    @Test
    void what_is_damaged_here_keeps_no_other_away() throws IOException {
        var damaged = exchange.save("damaged");
        repo.write("model.bin", "x");
        exchange.save("whole", "model.bin");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");
        assertComplete(exchange.pull(clone, TransferOptions.defaults().withData(false)));
        clone.unpack();
        clone.empty(damaged.commit());

        var report = exchange.pull(clone);

        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains("'damaged'", damaged.ref(), damaged.commit(), "cannot be read");
        assertThat(objects(cache(clone))).hasSize(1);
    }

    @Test
    void names_that_look_hostile_are_names() {
        var saved = exchange.save("x");
        for (var name : List.of("-x", "a'b", "$(touch_z)", "@", "héllo", "--force")) {
            repo.git("update-ref", ref(repo, name), saved.commit());
        }
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");

        assertComplete(exchange.pull(clone));

        assertThat(refs(clone)).isEqualTo(refs(repo)).hasSize(7);
    }

    @Test
    void without_a_place_for_data_one_is_made_and_named() throws IOException {
        repo.write("model.bin", "x");
        exchange.save("x", "model.bin");
        assertComplete(exchange.push());
        var clone = exchange.cloned("clone");
        Files.delete(clone.top.resolve(".dvc/.gitignore"));

        var report = exchange.pull(clone);

        assertComplete(report);
        assertThat(report.warnings()).singleElement().asString().contains("daybook dvc-init");
        assertThat(clone.top.resolve(".dvc/.gitignore")).exists();
    }
}
