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

import dev.daybook.NoSuchExperimentException;
import dev.daybook.RepositoryException;
import dev.daybook.git.TransferReport.Moved;
import dev.daybook.git.TransferReport.Outcome;
import dev.daybook.git.dvc.DvcCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PushTest {

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
    void experiments_checkpoints_and_data_go_along_and_nothing_else_changes() {
        exchange.saveWithCheckpoint("x");
        repo.write("data/a.txt", "a").write("data/b.txt", "b");
        exchange.save("y", "data");
        repo.write("train.py", "dirty\n");
        repo.git("status");
        var before = untouchables(repo);

        var report = exchange.push();

        assertComplete(report);
        assertThat(report.warnings()).isEmpty();
        assertThat(report.remote()).isEqualTo("origin");
        assertThat(outcomes(report)).containsExactly(Outcome.CREATED, Outcome.CREATED);
        assertThat(refs(exchange.origin())).isEqualTo(refs(repo)).hasSize(3);
        assertThat(objects(exchange.store())).isEqualTo(objects(cache(repo))).containsValues("early x", "late x", "a");
        assertThat(untouchables(repo)).isEqualTo(before);
        assertThat(GitRepo.listing(repo.top.resolve(".git/daybook/outgoing"))).isEmpty();
        repo.assertSound();
        exchange.origin().assertSound();

        assertThat(outcomes(exchange.push())).containsExactly(Outcome.UP_TO_DATE, Outcome.UP_TO_DATE);
    }

    @Test
    void those_that_are_named_go_alone() {
        exchange.save("x");
        exchange.save("y");

        assertThat(exchange.push("y", ref(repo, "y")).refs()).hasSize(1);

        assertThat(exchange.origin().refs("refs/exps")).containsExactly(ref(repo, "y"));
        assertThatThrownBy(() -> exchange.push("x", "z"))
                .isInstanceOf(NoSuchExperimentException.class)
                .hasMessageContaining("'z'");
        assertThat(exchange.origin().refs("refs/exps")).as("nothing was sent").hasSize(1);
    }

    @Test
    void packed_refs_are_pushed_and_many_at_once() {
        for (int i = 0; i < 5; i++) {
            exchange.save("x" + i);
        }
        repo.git("pack-refs", "--all");
        repo.git("gc", "-q");

        assertComplete(exchange.push());

        assertThat(refs(exchange.origin())).isEqualTo(refs(repo)).hasSize(5);
    }

    @Test
    void a_diverged_experiment_is_left_alone_and_replaced_on_demand() {
        var bob = exchange.cloned("bob");
        var theirs = bob.save("x", run -> run.logMetric("loss", 1));
        bob.git("push", "-q", "origin", theirs.ref());
        var ours = exchange.save("x");
        exchange.save("y");

        var report = exchange.push();

        assertThat(report.isComplete()).isFalse();
        assertThat(outcomes(report)).containsExactly(Outcome.DIVERGED, Outcome.CREATED);
        assertThat(report.problems()).singleElement().asString().contains("'x'", theirs.commit(), "--force");
        assertThat(exchange.origin().git("rev-parse", ours.ref())).isEqualTo(theirs.commit());

        var forced = exchange.push(FORCED);

        assertComplete(forced);
        assertThat(forced.refs().get(0))
                .isEqualTo(new Moved("x", ours.ref(), ours.commit(), Optional.of(theirs.commit()), Outcome.REPLACED));
        assertThat(exchange.origin().git("rev-parse", ours.ref())).isEqualTo(ours.commit());
    }

    @Test
    void what_has_more_there_is_not_taken_back_by_force() {
        exchange.saveWithCheckpoint("x");
        assertComplete(exchange.push());
        for (var line : refs(repo)) {
            var commit = line.substring(0, line.indexOf(' '));
            var more = repo.git("commit-tree", commit + "^{tree}", "-p", commit, "-m", "more");
            repo.git("push", "-q", "origin", more + ":" + line.substring(line.indexOf(' ') + 1));
        }
        var before = refs(exchange.origin());

        var report = exchange.push(FORCED);

        assertComplete(report);
        assertThat(outcomes(report)).containsExactly(Outcome.UP_TO_DATE);
        assertThat(refs(exchange.origin())).isEqualTo(before).hasSize(2).isNotEqualTo(refs(repo));
    }

    @Test
    void what_moves_there_between_looking_and_pushing_is_not_replaced() {
        var bob = exchange.cloned("bob");
        var theirs = bob.save("x", run -> run.logMetric("loss", 1));
        bob.git("push", "-q", "origin", theirs.ref());
        var ours = exchange.save("x");
        var newest = repo.head();

        var git = exchange.meddling(
                "push", "git -C '" + exchange.origin().top + "' update-ref " + ours.ref() + " " + newest);
        var report = remotes(repo, git).push(Optional.empty(), List.of(), FORCED);

        assertThat(outcomes(report)).containsExactly(Outcome.REFUSED);
        assertThat(report.problems()).singleElement().asString().contains("'x'", "meanwhile", "push once more");
        assertThat(exchange.origin().git("rev-parse", ours.ref())).isEqualTo(newest);
    }

    @Test
    void what_is_created_there_between_looking_and_pushing_is_not_overwritten() {
        var bob = exchange.cloned("bob");
        var theirs = bob.save("x", run -> run.logMetric("loss", 1));
        var ours = exchange.save("x");

        var git = exchange.meddling("push", "git -C '" + bob.top + "' push -q origin " + theirs.ref());
        var report = remotes(repo, git).push(Optional.empty(), List.of(), TransferOptions.defaults());

        assertThat(outcomes(report)).containsExactly(Outcome.REFUSED);
        assertThat(report.isComplete()).isFalse();
        assertThat(exchange.origin().git("rev-parse", ours.ref())).isEqualTo(theirs.commit());
    }

    @Test
    void what_the_remotes_hook_refuses_is_named_with_the_reason() throws IOException {
        exchange.save("x");
        var hook = exchange.origin().top.resolve("hooks/update");
        Files.createDirectories(hook.resolveSibling(""));
        Files.writeString(hook, "#!/bin/sh\nexit 1\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        var report = exchange.push();

        assertThat(outcomes(report)).containsExactly(Outcome.REFUSED);
        assertThat(report.problems()).singleElement().asString().contains("'x'", "hook declined");
    }

    @Test
    void a_hook_of_the_user_for_branches_is_not_run() throws IOException {
        exchange.save("x");
        var hook = repo.top.resolve(".git/hooks/pre-push");
        Files.createDirectories(hook.resolveSibling(""));
        Files.writeString(hook, "#!/bin/sh\nexit 1\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        assertComplete(exchange.push());
    }

    @Test
    void data_that_nobody_has_are_named_and_the_rest_goes() throws IOException {
        repo.write("model.bin", "x");
        exchange.save("x", "model.bin");
        repo.write("other.bin", "other");
        exchange.save("y", "other.bin");
        var object = cache(repo).resolve("files/md5/9d/d4e461268c8034f5c8564e155c67a6");
        Files.delete(object);

        var report = exchange.push();

        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains("'model.bin'", HASH, "'x'", "on neither side", "clone");
        assertThat(exchange.origin().refs("refs/exps")).hasSize(2);
        assertThat(objects(exchange.store())).containsValue("other").doesNotContainKey(HASH);

        Files.writeString(object, "x");
        assertComplete(exchange.push());
        assertThat(objects(exchange.store())).containsEntry(HASH, "x");
    }

    @Test
    void data_that_nobody_has_are_named_also_where_git_has_them_in_another_experiment() throws IOException {
        exchange.saveWithMetrics("a", "x", HASH);
        repo.write("model.bin", "x");
        exchange.save("b", "model.bin");
        exchange.save("c", "model.bin");
        repo.write("other.bin", "x");
        exchange.save("d", "other.bin");
        Files.delete(repo.object(HASH));

        assertThat(exchange.push().problems())
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem)
                        .contains("'model.bin'", HASH, "experiments 'b', 'c' could not be sent")
                        .doesNotContain("'a'"))
                .anySatisfy(problem -> assertThat(problem).contains("'other.bin'", "experiment 'd' could not be sent"));
        assertComplete(exchange.push("a"));
    }

    @Test
    void damaged_data_are_named_and_not_sent() throws IOException {
        repo.write("model.bin", "x");
        exchange.save("x", "model.bin");
        var object = cache(repo).resolve("files/md5/9d/d4e461268c8034f5c8564e155c67a6");
        assertThat(object.toFile().setWritable(true)).isTrue();
        Files.writeString(object, "y");

        assertThat(exchange.push().problems()).singleElement().asString().contains("'model.bin'", "damaged");
        assertThat(objects(exchange.store())).isEmpty();
    }

    @Test
    void the_list_of_a_folder_comes_after_all_of_its_files() throws IOException {
        repo.write("data/a.txt", "x").write("data/b.txt", "b");
        exchange.save("x", "data");
        Files.delete(cache(repo).resolve("files/md5/9d/d4e461268c8034f5c8564e155c67a6"));

        var report = exchange.push();

        assertThat(report.problems()).singleElement().asString().contains("'data'", "1 of its files", HASH);
        assertThat(objects(exchange.store())).hasSize(1).containsValue("b");
    }

    @Test
    void outputs_of_stages_go_where_the_pipeline_says_or_nowhere() {
        use(Exchange.create(
                temp.resolve("two"),
                "[core]\nremote = store\n['remote \"store\"']\nurl = " + temp.resolve("two/store")
                        + "\n['remote \"other\"']\nurl = " + temp.resolve("two/other") + "\n"));
        repo.write("dvc.yaml", """
                        stages:
                          train:
                            cmd: train
                            outs:
                            - model:
                                remote: other
                            - secret:
                                push: false
                            - usual
                        """)
                .write(".gitignore", "/model\n/secret\n/usual\n")
                .commit("pipeline");
        repo.git("push", "-q", "origin", "main");
        repo.write("model", "weights").write("secret", "salt").write("usual", "text");
        exchange.save("x", "model", "secret", "usual");
        assertThat(repo.files(ref(repo, "x"))).contains("dvc.lock").doesNotContain("model.dvc");

        assertComplete(exchange.push());

        assertThat(objects(temp.resolve("two/other"))).containsOnlyKeys(md5("weights"));
        assertThat(objects(exchange.store())).containsOnlyKeys(md5("text"));
        var clone = exchange.cloned("clone");
        assertComplete(exchange.pull(clone));
        assertThat(objects(cache(clone))).containsOnlyKeys(md5("weights"), md5("text"));
    }

    private static String md5(String content) {
        return DvcCache.file(content.getBytes(StandardCharsets.UTF_8)).hash();
    }

    @Test
    void a_folder_of_which_dvc_lists_files_without_a_hash_is_left_out_and_that_is_said() {
        repo.write("data.dvc", "outs:\n- path: data\n  hash: md5\n  files:\n  - relpath: a.txt\n    size: 1\n")
                .git("add", "data.dvc");
        var commit = repo.git("commit-tree", "-p", "HEAD", "-m", "far", repo.git("write-tree"));
        repo.git("update-ref", ref(repo, "far"), commit);

        var report = exchange.push();

        assertComplete(report);
        assertThat(report.warnings())
                .containsExactly(
                        "the data 'data' of experiment 'far' are left out, because DVC lists files of them without"
                                + " an MD5; use 'dvc push' and 'dvc pull' for them");
    }

    @Test
    void without_data_only_refs_go() {
        repo.write("model.bin", "x");
        exchange.save("x", "model.bin");

        var report = exchange.push(TransferOptions.defaults().withData(false));

        assertComplete(report);
        assertThat(report.warnings()).isEmpty();
        assertThat(exchange.store()).doesNotExist();
        assertThat(exchange.origin().refs("refs/exps")).hasSize(1);
    }

    @Test
    void a_remote_that_only_dvc_reaches_gets_the_command_to_run() {
        use(Exchange.create(
                temp.resolve("s3"),
                "['remote \"cloud\"']\n    url = s3://bucket/data # far away\n[core]\nremote = cloud\n"));
        var saved = exchange.saveWithCheckpoint("x");

        var report = exchange.push();

        assertComplete(report);
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .contains(
                        "2 files and folders",
                        "13 bytes",
                        "s3://bucket/data",
                        "dvc exp push -r cloud origin x",
                        "revs=['" + repo.git("rev-parse", saved.commit() + "^2") + "'], remote='cloud'");
        assertThat(refs(exchange.origin())).hasSize(2);
    }

    @Test
    void the_command_names_who_has_data_that_git_has_in_another_experiment() {
        use(Exchange.create(temp.resolve("s3"), "[core]\nremote = cloud\n['remote \"cloud\"']\nurl = s3://bucket\n"));
        exchange.saveWithMetrics("a", "x", HASH);
        repo.write("model.bin", "x");
        exchange.save("b", "model.bin");

        assertThat(exchange.push().warnings())
                .singleElement()
                .asString()
                .contains("the data of experiment 'b'")
                .endsWith("dvc exp push -r cloud origin b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"version_aware", "worktree"})
    void to_a_remote_that_keeps_versions_dvc_sends_nothing_that_is_saved_and_that_is_said(String option) {
        use(Exchange.create(
                temp.resolve("s3"),
                "[core]\nremote = cloud\n['remote \"cloud\"']\nurl = s3://bucket\n" + option + " = True\n"));
        exchange.saveWithCheckpoint("x");

        var report = exchange.push();

        assertComplete(report);
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .contains("the data of experiment 'x' (2 files and folders, 13 bytes)", "'cloud' (s3://bucket)")
                .contains("'dvc push -r cloud'")
                .doesNotContain("dvc exp push", "python3");
        assertThat(exchange.pull(exchange.cloned("clone")).warnings())
                .singleElement()
                .asString()
                .contains("dvc exp pull -r cloud origin x");
    }

    @Test
    void without_a_remote_for_data_it_says_whose_data_a_clone_will_lack() {
        use(Exchange.create(temp.resolve("none"), ""));
        repo.write("model.bin", "x");
        exchange.save("x", "model.bin");
        exchange.save("y");

        var report = exchange.push();

        assertComplete(report);
        assertThat(report.warnings()).singleElement().asString().contains("experiment 'x'", "dvc remote add");
        assertThat(exchange.origin().refs("refs/exps")).hasSize(2);
    }

    @Test
    void a_remote_for_data_that_is_named_and_not_there_is_a_problem() throws IOException {
        use(Exchange.create(temp.resolve("gone"), "[core]\nremote = gone\n['remote \"store\"']\nurl = /store\n"));
        exchange.save("y");
        assertComplete(exchange.push());
        repo.write("model.bin", "x");
        exchange.save("x", "model.bin");

        assertThat(exchange.push().problems())
                .singleElement()
                .asString()
                .contains("experiment 'x'", "not sent", "no remote 'gone'", "dvc remote add gone PLACE");
        assertThat(exchange.origin().refs("refs/exps")).hasSize(2);

        Files.delete(repo.object(HASH));
        assertThat(exchange.pull(repo).problems()).singleElement().asString().contains("not fetched", "'gone'");
    }

    @Test
    void a_folder_that_cannot_be_written_stops_it_before_the_refs() throws IOException {
        repo.write("model.bin", "x");
        exchange.save("x", "model.bin");
        Files.writeString(exchange.store(), "a file");

        assertThatThrownBy(exchange::push)
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("'store'")
                .hasMessageContaining("nothing was pushed")
                .hasMessageContaining("--no-data");
        assertThat(exchange.origin().refs("refs/exps")).isEmpty();
    }

    @Test
    void the_data_may_be_in_the_cache_of_another_work_tree() {
        repo.write("model.bin", "x");
        exchange.save("x", "model.bin");
        repo.git("worktree", "add", "-q", "--detach", temp.resolve("linked").toString());
        var linked = new GitRepo(temp.resolve("linked"));

        var report = remotes(linked, "git").push(Optional.empty(), List.of(), TransferOptions.defaults());

        assertComplete(report);
        assertThat(objects(exchange.store())).containsEntry(HASH, "x");
        assertThat(refs(exchange.origin())).hasSize(1);
    }

    @Test
    void a_detached_head_and_a_subfolder_will_do() {
        exchange.save("x");
        repo.git("checkout", "-q", "--detach");

        assertComplete(exchange.push());
        assertThat(refs(exchange.origin())).hasSize(1);
    }

    @Test
    void a_shallow_clone_can_push() {
        repo.write("train.py", "more\n").commit("more");
        repo.git("push", "-q", "origin", "main");
        var shallow = exchange.cloned("shallow", "--depth=1");
        assertThat(shallow.git("rev-parse", "--is-shallow-repository")).isEqualTo("true");
        shallow.save("x", run -> run.logMetric("loss", 1));
        var before = untouchables(shallow);

        assertComplete(remotes(shallow, "git").push(Optional.empty(), List.of(), TransferOptions.defaults()));

        assertThat(refs(exchange.origin())).isEqualTo(refs(shallow)).hasSize(1);
        assertThat(untouchables(shallow)).isEqualTo(before);
        exchange.origin().assertSound();
    }

    @Test
    void the_remote_is_the_one_that_git_would_take() {
        exchange.save("x");
        repo.git("init", "-q", "--bare", temp.resolve("second.git").toString());
        repo.git("remote", "add", "second", temp.resolve("second.git").toString());
        assertThat(exchange.push().remote()).isEqualTo("origin");
        repo.git("config", "branch.main.remote", "second");
        assertThat(exchange.push().remote()).isEqualTo("second");
        repo.git("config", "remote.pushDefault", "origin");
        assertThat(exchange.push().remote()).isEqualTo("origin");
        repo.git("config", "--unset", "remote.pushDefault");
        repo.git("config", "--unset", "branch.main.remote");
        repo.git("remote", "rename", "origin", "first");

        assertThatThrownBy(exchange::push)
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("--remote: first, second");
        repo.git("remote", "remove", "second");
        assertThat(exchange.push().remote()).isEqualTo("first");
        repo.git("remote", "remove", "first");
        assertThatThrownBy(exchange::push).hasMessageContaining("git remote add");
    }

    @ParameterizedTest
    @ValueSource(strings = {"onbranch:main", "gitdir:TOP/.git", "gitdir:TOP/", "hasconfig:remote.*.url:file://**"})
    void settings_that_git_includes_on_a_condition_count(String condition) {
        exchange.save("x");
        repo.git("remote", "rename", "origin", "elsewhere");
        repo.write(".git/more", "[remote \"origin\"]\n\tpushurl = " + exchange.origin().top + "\n");
        repo.git("config", "includeIf." + condition.replace("TOP", repo.top.toString()) + ".path", "more");

        assertComplete(remotes(repo, "git").push(Optional.of("origin"), List.of(), TransferOptions.defaults()));

        assertThat(refs(exchange.origin())).isEqualTo(refs(repo)).hasSize(1);
    }

    @Test
    void settings_are_copied_for_nobody_else() {
        exchange.save("x");
        repo.git("config", "http.extraHeader", "Authorization: secret");
        var git = exchange.meddling("push", "ls -l '" + repo.top + "/.git/daybook/outgoing' >'" + temp + "/list'");

        assertComplete(remotes(repo, git).push(Optional.empty(), List.of(), TransferOptions.defaults()));

        assertThat(temp.resolve("list")).content().contains("drwx------").doesNotContain("drwxr");
    }

    @Test
    void a_linked_work_tree_has_settings_of_its_own() {
        exchange.save("x");
        repo.git("remote", "remove", "origin");
        repo.git("config", "extensions.worktreeConfig", "true");
        repo.git("worktree", "add", "-q", "-b", "side", temp.resolve("linked").toString());
        var linked = new GitRepo(temp.resolve("linked"));
        linked.git(
                "config",
                "--worktree",
                "remote.origin.url",
                exchange.origin().top.toString());

        assertComplete(remotes(linked, "git").push(Optional.empty(), List.of(), TransferOptions.defaults()));

        assertThat(refs(exchange.origin())).isEqualTo(refs(repo)).hasSize(1);
    }

    @Test
    void a_mirror_is_sent_the_experiments_alone() {
        exchange.save("x");
        repo.git("config", "remote.origin.mirror", "true");

        assertComplete(exchange.push());

        assertThat(refs(exchange.origin())).hasSize(1);
        assertThat(exchange.origin().refs("refs/heads")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"remote.origin.pushUrl", "url.MINE.pushInsteadOf"})
    void what_counts_is_what_is_where_git_pushes_to(String setting) {
        var x = exchange.save("x");
        assertComplete(exchange.push());
        var mine = exchange.other("mine.git");
        var url = "file://" + exchange.origin().top;
        repo.git(
                "config",
                setting.replace("MINE", mine.top.toString()),
                setting.endsWith("Of") ? url : mine.top.toString());

        var report = exchange.push();

        assertComplete(report);
        assertThat(report.remote()).isEqualTo("origin");
        assertThat(outcomes(report)).containsExactly(Outcome.CREATED);
        assertThat(mine.refs("refs/exps")).containsExactly(x.ref());
        mine.git("update-ref", x.ref(), repo.head());
        repo.git("update-ref", x.ref(), repo.git("commit-tree", "HEAD^{tree}", "-m", "other"));
        assertComplete(remotes(repo, "git").push(Optional.of("origin"), List.of(), FORCED));
        assertThat(mine.git("rev-parse", x.ref())).isEqualTo(repo.git("rev-parse", x.ref()));
        assertThat(exchange.origin().git("rev-parse", x.ref())).isEqualTo(x.commit());
        assertThat(remotes(repo, "git")
                        .push(Optional.of(url), List.of(), TransferOptions.defaults())
                        .problems())
                .hasSize(setting.endsWith("Of") ? 0 : 1);
    }

    @Test
    void each_of_several_places_gets_what_it_lacks() {
        exchange.save("x");
        assertComplete(exchange.push());
        var second = exchange.other("second.git");
        repo.git("remote", "set-url", "--add", "origin", second.top.toString());
        exchange.save("y");

        var report = exchange.push();

        assertComplete(report);
        assertThat(outcomes(report)).containsExactly(Outcome.CREATED, Outcome.CREATED);
        assertThat(refs(exchange.origin())).isEqualTo(refs(repo)).hasSize(2);
        assertThat(refs(second)).isEqualTo(refs(repo));
        assertThat(outcomes(exchange.push())).containsOnly(Outcome.UP_TO_DATE);
    }

    @Test
    void a_place_that_cannot_be_reached_is_named_and_the_others_are_sent_to() {
        exchange.save("x");
        repo.git("remote", "set-url", "--add", "origin", "http://me:secret@localhost:1/second.git");

        var report = exchange.push();

        assertThat(outcomes(report)).containsExactly(Outcome.REFUSED);
        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains("'http://localhost:1/second.git' cannot be reached")
                .doesNotContain("secret");
        assertThat(refs(exchange.origin())).isEqualTo(refs(repo)).hasSize(1);
    }

    @Test
    void what_one_of_several_places_refuses_is_refused() throws IOException {
        exchange.save("x");
        var second = exchange.other("second.git");
        repo.git("remote", "set-url", "--add", "origin", second.top.toString());
        var hook = exchange.origin().top.resolve("hooks/pre-receive");
        Files.createDirectories(hook.resolveSibling(""));
        Files.writeString(hook, "#!/bin/sh\nexit 1\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        var report = exchange.push();

        assertThat(outcomes(report)).containsExactly(Outcome.REFUSED);
        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains("file://" + exchange.origin().top, "hook declined");
        assertThat(refs(second)).isEqualTo(refs(repo)).hasSize(1);
    }

    @Test
    void a_push_that_ends_badly_is_a_problem_whatever_it_said_before() throws IOException {
        exchange.save("x");
        var git = Path.of(exchange.meddling("push", "true"));
        Files.writeString(
                git,
                Files.readString(git)
                        .replace("exec git \"$@\"", "git \"$@\"; case \" $* \" in *' push '*) exit 1;; esac"));

        var report = remotes(repo, git.toString()).push(Optional.empty(), List.of(), TransferOptions.defaults());

        assertThat(outcomes(report)).containsExactly(Outcome.REFUSED);
        assertThat(report.problems()).singleElement().asString().contains("'x'", "push once more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "file:///no/such/place", "--upload-pack=touch", "", "ext::sh -c false"})
    void a_remote_that_cannot_be_reached_is_one_sentence(String remote) {
        exchange.save("x");

        assertThatThrownBy(() -> remotes(repo, "git").push(Optional.of(remote), List.of(), TransferOptions.defaults()))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("'" + remote + "'")
                .hasMessageContaining("remote")
                .extracting(Throwable::getMessage)
                .asString()
                .hasLineCount(1);
    }

    @Test
    void a_bad_one_keeps_no_other_away() throws IOException {
        exchange.save("x");
        exchange.save("y");
        repo.write("file.txt", "lost");
        var blob = repo.git("hash-object", "-w", "file.txt");
        repo.git("add", "file.txt");
        repo.git(
                "update-ref",
                ref(repo, "lost"),
                repo.git("commit-tree", "-p", "HEAD", "-m", "lost", repo.git("write-tree")));
        repo.git("update-ref", ref(repo, "blob"), repo.git("rev-parse", "HEAD:.dvc/config"));
        Files.delete(repo.top.resolve(".git/objects/" + blob.substring(0, 2) + "/" + blob.substring(2)));
        var odd = (ref(repo, "not-\u00ff-text") + "\n").getBytes(StandardCharsets.ISO_8859_1);
        var packed = exchange.origin().top.resolve("packed-refs");
        Files.writeString(packed, repo.head() + " ");
        Files.write(packed, odd, StandardOpenOption.APPEND);

        var report = exchange.push();

        assertThat(report.problems())
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem).contains("'lost'", "unable to read " + blob))
                .anySatisfy(problem -> assertThat(problem).contains("'blob'", "names no commit"));
        assertThat(exchange.origin().git("for-each-ref", "--format=%(refname)", ref(repo, "x"), ref(repo, "y")))
                .hasLineCount(2);
    }

    @Test
    void what_is_damaged_keeps_no_other_away() throws IOException {
        var commit = exchange.save("commit");
        var tree = exchange.save("tree");
        var checkpoint = exchange.saveWithCheckpoint("checkpoint");
        exchange.save("whole");
        repo.unpack();
        repo.empty(commit.commit());
        repo.empty(tree.commit() + ":dvclive");
        repo.empty(checkpoint.commit() + "^2");

        var report = exchange.push();

        assertThat(report.problems())
                .anySatisfy(problem -> assertThat(problem)
                        .contains("'commit' was not pushed", commit.ref(), commit.commit(), "cannot be read"))
                .anySatisfy(problem -> assertThat(problem).contains("'tree' was not taken"))
                .anySatisfy(problem -> assertThat(problem).contains("'checkpoint' was not taken"))
                .noneSatisfy(problem -> assertThat(problem).contains("'whole'"));
        assertThat(exchange.origin().refs("refs/exps")).containsExactly(ref(repo, "whole"));
    }

    @Test
    void names_that_look_hostile_are_names() {
        var saved = exchange.save("x");
        for (var name : List.of("-x", "a'b", "$(touch_z)", "@", "héllo", "--force")) {
            repo.git("update-ref", ref(repo, name), saved.commit());
        }

        assertComplete(exchange.push());

        assertThat(refs(exchange.origin())).isEqualTo(refs(repo)).hasSize(7);
    }

    @Test
    void what_a_killed_push_has_left_is_swept_when_it_is_old() {
        exchange.save("x");
        repo.write(".git/daybook/outgoing/1000-old/HEAD", "x");
        repo.write(".git/daybook/outgoing/" + System.currentTimeMillis() + "-new/HEAD", "x");

        assertComplete(exchange.push());

        assertThat(GitRepo.listing(repo.top.resolve(".git/daybook/outgoing")))
                .singleElement()
                .asString()
                .endsWith("-new");
    }

    @Test
    void files_of_git_lfs_are_named() {
        repo.write(".gitattributes", "*.big filter=lfs diff=lfs merge=lfs -text\n")
                .commit("large files");
        exchange.save("x");

        assertThat(exchange.push().warnings())
                .singleElement()
                .asString()
                .contains("git lfs push origin " + ref(repo, "x"));
    }
}
