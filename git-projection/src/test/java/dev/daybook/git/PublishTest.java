package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.RepositoryException;
import dev.daybook.git.dvc.FakeSource;
import dev.daybook.lifecycle.Event.SavePrepared;
import dev.daybook.port.Projection.Published;
import dev.daybook.port.SnapshotScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PublishTest {

    private static final String OTHER_ID = "0190a1b2-0000-7000-8000-000000000002";

    @TempDir
    Path temp;

    private GitRepo repo;
    private GitProjection projection;
    private String folder;

    @BeforeEach
    void open() {
        repo = GitRepo.reference(temp.resolve("repo"));
        projection = repo.open();
        folder = "refs/exps/" + repo.head().substring(0, 2) + "/" + repo.head().substring(2) + "/";
    }

    @AfterEach
    void close() {
        projection.close();
    }

    private FakeSource lion() {
        return FakeSource.of("lion", repo.code()).log("loss", 0, 1).complete();
    }

    private FakeSource other(Optional<String> replaces) {
        return FakeSource.of(OTHER_ID, "lion", repo.code(), "dvclive", replaces)
                .log("loss", 0, 2)
                .complete();
    }

    private SavePrepared prepare(FakeSource source) {
        return projection.prepare(source, "lion", Optional.empty());
    }

    private String ref() {
        return repo.git("rev-parse", folder + "lion");
    }

    @Test
    void a_save_touches_nothing_but_its_ref() {
        repo.write("train.py", "dirty\n").write("untracked", "x");
        repo.git("status");
        var before = repo.untouchables();
        var source = lion();
        projection.snapshot(List.of(source.id()), SnapshotScope.TRACKED);
        var prepared = prepare(source);
        assertThat(repo.refs("refs/exps")).isEmpty();

        assertThat(projection.publish(source, prepared)).isEqualTo(Published.DONE);

        assertThat(repo.untouchables()).isEqualTo(before);
        assertThat(prepared.ref()).isEqualTo(folder + "lion");
        assertThat(ref()).isEqualTo(prepared.commit());
        assertThat(repo.git("rev-parse", prepared.commit() + "^{tree}")).isEqualTo(prepared.tree());
        assertThat(repo.top.resolve(".git").resolve(prepared.ref()))
                .as("a loose ref")
                .hasContent(prepared.commit());
        assertThat(repo.top.resolve(".git/logs").resolve(prepared.ref())).doesNotExist();
        assertThat(repo.refs("refs/daybook")).isEmpty();
        assertThat(projection.saved(repo.head(), "lion")).contains(prepared.commit());
        repo.assertSound();
    }

    @Test
    void a_prepared_commit_survives_gc_until_it_is_published() {
        var source = lion();
        var prepared = prepare(source);
        assertThat(prepare(source)).isEqualTo(prepared);
        repo.git("gc", "-q", "--prune=now");

        assertThat(projection.publish(source, prepared)).isEqualTo(Published.DONE);
        repo.git("gc", "-q", "--prune=now");
        repo.assertSound();
        assertThat(repo.show(folder + "lion", "dvclive/metrics.json")).contains("\"loss\": 1.0");
    }

    @Test
    void publishing_twice_is_publishing_once() {
        var source = lion();
        var prepared = prepare(source);

        assertThat(projection.publish(source, prepared)).isEqualTo(Published.DONE);
        repo.git("pack-refs", "--all");
        assertThat(projection.publish(source, prepared)).isEqualTo(Published.DONE);
        assertThat(ref()).isEqualTo(prepared.commit());
    }

    @Test
    void a_name_that_another_commit_has_is_taken() {
        var first = prepare(lion());
        projection.publish(lion(), first);
        var second = other(Optional.empty());
        var prepared = prepare(second);

        assertThat(projection.publish(second, prepared)).isEqualTo(Published.TAKEN);
        repo.git("pack-refs", "--all");
        assertThat(projection.publish(second, prepared)).isEqualTo(Published.TAKEN);
        assertThat(ref()).isEqualTo(first.commit());
        assertThat(repo.refs("refs/daybook/code")).as("still kept").hasSize(1);
    }

    @Test
    void only_the_commit_that_was_asked_for_is_replaced() {
        var first = prepare(lion());
        projection.publish(lion(), first);
        var wrong = other(Optional.of(repo.head()));
        assertThat(projection.publish(wrong, prepare(wrong))).isEqualTo(Published.TAKEN);

        var right = other(Optional.of(first.commit()));
        var prepared = prepare(right);
        assertThat(projection.publish(right, prepared)).isEqualTo(Published.DONE);
        assertThat(ref()).isEqualTo(prepared.commit());

        var renamed = projection.prepare(right, "tiger", Optional.empty());
        repo.git("update-ref", renamed.ref(), first.commit());
        assertThat(projection.publish(right, renamed))
                .as("another name was never asked for")
                .isEqualTo(Published.TAKEN);
    }

    @Test
    void what_was_to_be_replaced_may_be_gone() {
        var first = prepare(lion());
        var right = other(Optional.of(first.commit()));

        assertThat(projection.publish(right, prepare(right))).isEqualTo(Published.DONE);
    }

    @Test
    void a_commit_that_was_pruned_is_gone() {
        var source = lion();
        var prepared = prepare(source);
        projection.forget(source.id());
        repo.git("gc", "--prune=now", "--quiet");

        assertThat(projection.publish(source, prepared)).isEqualTo(Published.GONE);
        assertThat(prepare(source)).isEqualTo(prepared);
        assertThat(projection.publish(source, prepared)).isEqualTo(Published.DONE);
    }

    @Test
    void a_commit_that_lost_a_part_is_gone() throws IOException {
        var source = lion();
        var prepared = prepare(source);
        var blob = repo.git("rev-parse", prepared.commit() + ":dvclive/plots/metrics/loss.tsv");
        repo.unpack();
        Files.delete(repo.top.resolve(".git/objects/" + blob.substring(0, 2) + "/" + blob.substring(2)));

        assertThat(projection.publish(source, prepared)).isEqualTo(Published.GONE);
    }

    @Test
    void a_lock_that_stays_is_named() throws IOException {
        var source = lion();
        var prepared = prepare(source);
        var lock = repo.top.resolve(".git").resolve(prepared.ref() + ".lock");
        repo.write(".git/" + prepared.ref() + ".lock", "");

        assertThatThrownBy(() -> projection.publish(source, prepared))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining(lock.toString());
        Files.delete(lock);
        assertThat(projection.publish(source, prepared)).isEqualTo(Published.DONE);
    }

    @Test
    void the_lock_of_one_who_died_while_publishing_the_same_is_broken() throws IOException {
        var source = lion();
        var prepared = prepare(source);
        repo.write(".git/" + prepared.ref() + ".lock", prepared.commit() + "\n");

        assertThat(projection.publish(source, prepared)).isEqualTo(Published.DONE);
        assertThat(repo.top.resolve(".git").resolve(prepared.ref() + ".lock")).doesNotExist();
    }

    @Test
    void the_code_of_a_published_one_is_let_go_once_git_has_unlocked_it() throws IOException {
        var source = lion();
        repo.write("train.py", "changed\n");
        projection.snapshot(List.of(source.id()), SnapshotScope.TRACKED);
        var prepared = prepare(source);
        repo.git("pack-refs", "--all");
        var code = ExperimentRefs.code(source.id());
        assertThat(repo.refs("refs/daybook/code")).containsExactly(code);
        var lock = repo.top.resolve(".git").resolve(code + ".lock");
        repo.write(".git/" + code + ".lock", "");
        var git = CompletableFuture.supplyAsync(
                lock.toFile()::delete, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));

        assertThat(projection.publish(source, prepared)).isEqualTo(Published.DONE);
        assertThat(repo.refs("refs/daybook/code")).isEmpty();
        assertThat(git.join()).as("it was git that took its lock away").isTrue();
        assertThat(lock).doesNotExist();
    }

    @Test
    void a_ref_below_the_name_takes_it_and_one_above_it_is_an_error() {
        var source = lion();
        var prepared = prepare(source);
        repo.git("update-ref", folder + "lion/sub", repo.head());
        assertThat(projection.publish(source, prepared)).isEqualTo(Published.TAKEN);
        repo.git("update-ref", "-d", folder + "lion/sub");
        assertThat(projection.publish(source, prepared)).isEqualTo(Published.DONE);

        repo.git("update-ref", "-d", folder + "lion");
        var above = "refs/exps/" + repo.head().substring(0, 2);
        repo.git("update-ref", above, repo.head());
        assertThatThrownBy(() -> projection.publish(source, prepared))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("the ref " + above + " stands");
    }

    @Test
    void names_that_lead_elsewhere_are_refused() {
        var prepared = prepare(lion());
        for (var ref : List.of(folder + "../../../heads/x", folder + "a/b", folder + "x.lock", "refs/exps/exec/x")) {
            var evil = new SavePrepared(ref, prepared.commit(), prepared.tree(), Optional.empty());
            assertThatThrownBy(() -> projection.publish(lion(), evil)).isInstanceOf(RepositoryException.class);
        }
        assertThat(repo.refs("refs/heads")).containsExactly("refs/heads/main");
    }

    @Test
    void of_many_publishers_of_one_name_exactly_one_succeeds() throws Exception {
        var tasks = new ArrayList<Callable<Published>>();
        for (int i = 0; i < 8; i++) {
            var source = FakeSource.of(FakeSource.ID, "lion", repo.code(), "dvclive", Optional.empty())
                    .log("loss", 0, i)
                    .complete();
            var prepared = prepare(source);
            tasks.add(() -> {
                try (var own = repo.open()) {
                    return own.publish(source, prepared);
                }
            });
        }
        var threads = Executors.newFixedThreadPool(8);
        var outcomes = new ArrayList<Published>();
        try {
            for (var outcome : threads.invokeAll(tasks)) {
                outcomes.add(outcome.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(outcomes).containsOnlyOnce(Published.DONE).containsOnly(Published.DONE, Published.TAKEN);
        assertThat(repo.refs("refs/exps")).hasSize(1);
    }

    @Test
    void names_that_git_would_take_for_something_else_clash() {
        repo.git("branch", "a-branch");
        repo.git("tag", "a-tag");
        repo.git("update-ref", "refs/remotes/origin/HEAD", "HEAD");
        repo.git("update-ref", "refs/remotes/plain", "HEAD");
        repo.git("update-ref", "refs/odd", "HEAD");
        repo.git("update-ref", "PSEUDO", "HEAD");
        repo.git("pack-refs", "--all");

        for (var name : List.of("a-branch", "a-tag", "origin", "plain", "odd", "PSEUDO", "HEAD", "main")) {
            assertThat(projection.nameClash(name))
                    .as(name)
                    .hasValueSatisfying(reason -> assertThat(reason).contains("'" + name + "' is taken by"));
        }
        assertThat(projection.nameClash("a b")).isPresent();
        for (var name : List.of("lion", "config", "hooks", "description", "heads")) {
            assertThat(projection.nameClash(name)).as(name).isEmpty();
        }
    }
}
