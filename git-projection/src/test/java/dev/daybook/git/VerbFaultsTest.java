package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.daybook.DaybookException;
import dev.daybook.ExperimentSummary;
import dev.daybook.NameTakenException;
import dev.daybook.NoSuchExperimentException;
import dev.daybook.RepositoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every verb beside every fault, in repositories of several shapes with the experiments {@code lion} and {@code tiger} and the removed
 * {@code old}; {@code puma} is at origin. Whatever is refused changes nothing.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VerbFaultsTest {

    /**
     * The faults are those of {@link Fault}: they befall lion, or old or puma where the verb is about that. The words are those of
     * {@link #assertOutcome}; they are the same in each {@link Shape}.
     */
    private static final String TABLE = """
            verb        dirty     no-commit empty-commit no-tree no-blob locked packed-locked diverged killed
            list        done      spoilt    spoilt       spoilt  spoilt  done   done          done     done
            show        done      spoilt    spoilt       spoilt  spoilt  done   done          done     done
            diff        done      missing   damaged      missing done    done   done          done     done
            diff-tree   done      missing   damaged      missing done    done   done          done     done
            apply       overwrite missing   damaged      missing missing done   done          done     done
            apply-other overwrite done      done         done    done    done   done          done     done
            branch      done      missing   damaged      done    done    done   done          taken    done
            rename      done      missing   damaged      done    done    locked locked        taken    done
            remove      done      missing   damaged      done    done    locked locked        done     done
            restore     done      missing   damaged      done    done    locked locked        taken    done
            tag         done      done      done         done    done    done   done          done     done
            note        done      done      done         done    done    done   done          done     done
            gc-trial    done      done      done         done    done    done   done          done     done
            gc          done      done      done         done    done    done   locked        done     done
            push        done      gone      gone         unsent  unsent  held   done          diverged done
            pull        done      unfetched unfetched    unfetched unfetched locked done      diverged done
            """;

    /** {@code folder} is the work tree; the script makes it, beside origin.git. */
    private enum Shape {
        PLAIN("repo", ""),
        /** With no branch checked out. */
        LINKED("linked", "git -C repo worktree add -q --detach ../linked"),
        /** Without what was before the baseline, and with no ref in a file of its own. */
        SHALLOW("repo", """
                cd repo
                before=$(git rev-parse HEAD^)
                git rev-parse HEAD > .git/shallow
                rm -f .git/objects/$(echo $before | sed 's|^..|&/|')
                git pack-refs --all
                rm -r .git/logs
                """);

        private final String folder;
        private final String script;

        Shape(String folder, String script) {
            this.folder = folder;
            this.script = script;
        }
    }

    /** What is done, and to whom. */
    private enum Verb {
        LIST,
        SHOW,
        DIFF,
        DIFF_TREE,
        APPLY,
        APPLY_OTHER,
        BRANCH,
        RENAME,
        REMOVE,
        RESTORE,
        TAG,
        NOTE,
        GC_TRIAL,
        GC,
        PUSH,
        PULL;

        private String victim() {
            return switch (this) {
                case RESTORE, GC, GC_TRIAL -> "old";
                case PULL -> "puma";
                default -> "lion";
            };
        }

        private void say(SavedExperiments saved) {
            switch (this) {
                case LIST -> saved.all();
                case SHOW -> saved.find("lion");
                case DIFF -> saved.diff("lion", "tiger");
                case DIFF_TREE -> saved.diffWorkTree("lion");
                case APPLY -> saved.apply("lion", ApplyOptions.DEFAULT);
                case APPLY_OTHER -> saved.apply("tiger", ApplyOptions.DEFAULT);
                case BRANCH -> saved.branch("lion", "try");
                case RENAME -> saved.rename("lion", "cat", false);
                case REMOVE -> saved.remove("lion");
                case RESTORE -> saved.restore("old");
                case TAG -> saved.tag("lion", "best");
                case NOTE -> saved.note("lion", "slow");
                case GC_TRIAL -> saved.collect(Duration.ZERO, true);
                case GC -> saved.collect(Duration.ZERO, false);
                case PUSH ->
                    requireComplete(saved.push(Optional.of("origin"), List.of("lion"), TransferOptions.defaults()));
                case PULL ->
                    requireComplete(saved.pull(Optional.of("origin"), List.of("puma"), TransferOptions.defaults()));
            }
        }

        /** What keeps one experiment from going is only said, because others may go. */
        private static void requireComplete(TransferReport report) {
            if (!report.isComplete()) {
                throw new DaybookException(String.join("; ", report.problems()));
            }
        }
    }

    private enum Fault {
        /** Files are changed and in the way that both experiments have. */
        DIRTY {
            @Override
            void befall(VerbFaultsTest test, Verb verb) {
                test.repo.write("params.yaml", "lr: 9\n").write("dvclive/metrics.json", "{}\n");
            }
        },
        NO_COMMIT {
            @Override
            void befall(VerbFaultsTest test, Verb verb) throws IOException {
                test.lose(verb, "");
            }
        },
        /** As after a power failure. */
        EMPTY_COMMIT {
            @Override
            void befall(VerbFaultsTest test, Verb verb) throws IOException {
                Files.createFile(test.lose(verb, ""));
            }
        },
        NO_TREE {
            @Override
            void befall(VerbFaultsTest test, Verb verb) throws IOException {
                test.lose(verb, "^{tree}");
            }
        },
        NO_BLOB {
            @Override
            void befall(VerbFaultsTest test, Verb verb) throws IOException {
                test.lose(verb, ":dvclive/metrics.json");
            }
        },
        /** A moment ago, by a git that may still be running where the verb writes. */
        LOCKED {
            @Override
            void befall(VerbFaultsTest test, Verb verb) throws IOException {
                var lock = test.lock(test.written(verb), verb.victim());
                Files.createDirectories(lock.getParent());
                Files.createFile(lock);
            }
        },
        PACKED_LOCKED {
            @Override
            void befall(VerbFaultsTest test, Verb verb) throws IOException {
                test.repo.git("pack-refs", "--all");
                Files.createFile(test.written(verb).resolve("packed-refs.lock"));
            }
        },
        /** Others have the names that are to be given, here and at origin. */
        DIVERGED {
            @Override
            void befall(VerbFaultsTest test, Verb verb) {
                for (var name : List.of("cat", "old", "puma")) {
                    test.repo.git("update-ref", test.ref(name), tiger);
                }
                test.repo.git("branch", "try");
                test.origin.git("update-ref", test.ref("lion"), puma);
            }
        },
        /** Processes have died in the middle of each verb, more than ten minutes ago. */
        KILLED {
            @Override
            void befall(VerbFaultsTest test, Verb verb) throws IOException {
                test.repo.git("update-ref", test.ref("cat"), lion);
                test.repo.git("update-ref", test.ref("old"), old);
                test.repo.git("update-ref", KeptRefs.removed(Instant.EPOCH, test.ref("lion")), lion);
                test.repo.git("update-ref", "refs/daybook/incoming/1-killed/0", tiger);
                Files.createDirectories(test.common.resolve("daybook/outgoing/1-killed"));
                Files.createFile(test.common.resolve("daybook/verbs.lock"));
                var stage = Files.createDirectories(test.git.resolve("daybook/apply/killed"));
                Files.writeString(stage.resolve("plan"), lion + "\0");
                Files.createFile(test.git.resolve("daybook/apply.lock"));
                test.leaveLocks();
            }
        };

        abstract void befall(VerbFaultsTest test, Verb verb) throws IOException;
    }

    /** A field of the table, in a shape. */
    private record Field(Verb verb, Fault fault, Shape shape, String outcome) {

        @Override
        public String toString() {
            return verb + " with " + fault + " in " + shape + ": " + outcome;
        }
    }

    private static final Duration PATIENCE = Duration.ofMillis(200);

    @TempDir
    static Path shared;

    private static String lion = "";
    private static String tiger = "";
    private static String old = "";
    private static String puma = "";

    @TempDir
    Path temp;

    private GitRepo repo;
    private GitRepo origin;

    /** Git's folder of the work tree, and the one that all work trees share. */
    private Path git;

    private Path common;
    private SavedExperiments saved;
    private String lost = "";
    private boolean isSound = true;

    /** Their objects in files of their own. */
    @BeforeAll
    static void save() throws IOException {
        var template = GitRepo.reference(shared.resolve("template"));
        template.write("notes.txt", "something\n").commit("the baseline");
        new Shell(shared).sh(shared, """
                git init -q --bare -b main origin.git
                git -C template remote add origin ../origin.git
                git -C template push -q ../origin.git main
                cp -a template other
                """);
        var other = new GitRepo(shared.resolve("other"));
        puma = other.save("puma", run -> run.logMetric("loss", 0.125)).commit();
        other.git("push", "-q", "../origin.git", "refs/exps/*:refs/exps/*");
        lion = template.save("lion", run -> {
                    run.makeCheckpoint("early");
                    run.setParam("lr", 0.7);
                    run.logMetric("loss", 0.5);
                })
                .commit();
        tiger = template.save("tiger", run -> run.logMetric("loss", 0.25)).commit();
        old = template.save("old", run -> run.logMetric("loss", 1)).commit();
        try (var saved = SavedExperiments.open(template.top)) {
            saved.remove("old");
        }
        template.unpack();
    }

    @BeforeEach
    void copy() {
        new Shell(temp).sh(temp, """
                cp -a '%1$s/template' repo
                cp -a '%1$s/origin.git' origin.git
                rm -rf repo/.git/daybook
                git -C repo update-index -q --refresh
                """.formatted(shared));
        use(Shape.PLAIN);
    }

    private void use(Shape shape) {
        new Shell(temp).sh(temp, shape.script);
        repo = new GitRepo(temp.resolve(shape.folder));
        origin = new GitRepo(temp.resolve("origin.git"));
        git = Path.of(repo.git("rev-parse", "--absolute-git-dir"));
        common = temp.resolve("repo/.git");
        saved = open(InstantSource.system());
    }

    private SavedExperiments open(InstantSource clock) {
        return new SavedExperiments(Repositories.open(repo.top), GitCommand.Program.INSTALLED, clock, PATIENCE);
    }

    @AfterEach
    void close() {
        saved.close();
        if (isSound) {
            repo.assertSound();
            origin.assertSound();
        }
    }

    private static String commit(String name) {
        return switch (name) {
            case "lion" -> lion;
            case "puma" -> puma;
            default -> old;
        };
    }

    private String ref(String name) {
        return ExperimentRefs.experiment(repo.head(), name);
    }

    private Path lock(String name) {
        return lock(common, name);
    }

    private Path lock(Path folder, String name) {
        return folder.resolve(ref(name) + ".lock");
    }

    /** Git's folder in which a verb changes refs. */
    private Path written(Verb verb) {
        return verb == Verb.PUSH ? origin.top : common;
    }

    /**
     * Takes away an object of the verb's victim, where the verb reads it.
     *
     * @param part of the commit, as git writes it
     * @return its file
     */
    private Path lose(Verb verb, String part) throws IOException {
        boolean isThere = verb == Verb.PULL;
        lost = (isThere ? origin : repo).git("rev-parse", commit(verb.victim()) + part);
        var object = (isThere ? origin.top : common)
                .resolve("objects")
                .resolve(lost.substring(0, 2))
                .resolve(lost.substring(2));
        Files.delete(object);
        isSound = false;
        return object;
    }

    /** So old that nobody can hold them any more. */
    private void leaveLocks() throws IOException {
        var longAgo = FileTime.from(Instant.now().minus(Duration.ofMinutes(11)));
        Files.createDirectories(lock("lion").getParent());
        for (var lock : List.of(lock("lion"), lock("cat"), lock("puma"), common.resolve("packed-refs.lock"))) {
            Files.setLastModifiedTime(Files.createFile(lock), longAgo);
        }
    }

    static List<Field> fields() {
        var lines = TABLE.lines().map(line -> line.split(" +", -1)).toList();
        var faults = lines.get(0);
        var fields = new ArrayList<Field>();
        for (var line : lines.subList(1, lines.size())) {
            for (int column = 1; column < faults.length; column++) {
                for (var shape : Shape.values()) {
                    fields.add(new Field(
                            Verb.valueOf(constant(line[0])),
                            Fault.valueOf(constant(faults[column])),
                            shape,
                            line[column]));
                }
            }
        }
        return fields;
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    @Test
    void every_verb_is_there_with_every_fault() {
        assertThat(fields())
                .hasSize(Verb.values().length * Fault.values().length * Shape.values().length)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("fields")
    void each_verb_with_each_fault(Field field) throws IOException {
        if (field.shape() != Shape.PLAIN) {
            saved.close();
            use(field.shape());
        }
        field.fault().befall(this, field.verb());
        var before = everything();

        var thrown = catchThrowable(() -> field.verb().say(saved));

        assertOutcome(field, thrown);
        var after = everything();
        if (thrown != null) {
            assertThat(after).isEqualTo(before);
        }
        boolean isApplied = thrown == null && field.verb().name().startsWith("APPLY");
        assertThat(after.index()).isEqualTo(before.index());
        assertThat(after.head()).isEqualTo(before.head());
        assertThat(after.status().equals(before.status())).isEqualTo(!isApplied);
    }

    /** What the words of the table mean. */
    private void assertOutcome(Field field, @Nullable Throwable thrown) {
        switch (field.outcome()) {
            case "done" -> assertThat(thrown).isNull();
            case "spoilt" -> {
                assertThat(thrown).isNull();
                assertThat(saved.all()).extracting(ExperimentSummary::name).containsExactly("lion", "tiger");
                assertThat(saved.find("lion").problems())
                        .singleElement()
                        .asString()
                        .containsAnyOf(lost, "dvclive/metrics.json cannot be read");
                assertThat(saved.find("tiger").problems()).isEmpty();
            }
            case "missing" ->
                assertRefused(thrown, field.verb().victim(), "the object " + lost + " is missing", "git fsck");
            case "damaged" ->
                assertRefused(thrown, field.verb().victim(), "Object " + lost + " is corrupt", "git fsck");
            case "overwrite" -> assertRefused(thrown, "it would overwrite or delete ", "'params.yaml'", "--force");
            case "locked" ->
                assertRefused(
                        thrown,
                        " is locked by ",
                        field.fault() == Fault.LOCKED ? field.verb().victim() + ".lock" : "packed-refs.lock",
                        "; if no git command is running, it was left behind by one that died: delete it");
            case "gone" ->
                assertRefused(
                        thrown,
                        "experiment 'lion' was not pushed, because",
                        "/lion names ",
                        "; another clone may have it, ");
            case "unsent" ->
                assertRefused(
                        thrown, "experiment 'lion' was not taken by origin", lost, "'git fsck' says what is missing");
            case "held" ->
                assertRefused(
                        thrown, "experiment 'lion' was not taken by origin (failed to update ref: ", "lion.lock'");
            case "unfetched" ->
                assertRefused(
                        thrown,
                        "experiment 'puma' could not be fetched from origin (",
                        lost,
                        "push it there once more");
            case "taken" -> assertThat(thrown).isInstanceOf(NameTakenException.class);
            case "diverged" ->
                assertRefused(
                        thrown, "experiment '" + field.verb().victim() + "' was not pu", "another one", "--force");
            default -> throw new AssertionError("the table has an unknown word: " + field.outcome());
        }
    }

    private static void assertRefused(@Nullable Throwable thrown, String... parts) {
        assertThat(thrown).isInstanceOf(DaybookException.class).hasMessageContainingAll(parts);
        assertThat(thrown).message().doesNotContain("\n");
    }

    /** What must stay as it is where a verb is refused. */
    private record State(String head, String index, String status, String refs) {}

    private State everything() throws IOException {
        return new State(
                Files.readString(git.resolve("HEAD")),
                Arrays.toString(Files.readAllBytes(git.resolve("index"))),
                repo.git("--no-optional-locks", "status", "--porcelain"),
                refs() + experimentsAtOrigin());
    }

    /** Checkpoints may go where their experiment cannot: the next push finds them there. */
    private String experimentsAtOrigin() throws IOException {
        return refs(origin.top)
                .lines()
                .filter(line -> !line.contains(ExperimentRefs.CHECKPOINTS))
                .collect(Collectors.joining("\n"));
    }

    /** As files, because git leaves out what names nothing. */
    private String refs() throws IOException {
        return refs(common);
    }

    private static String refs(Path git) throws IOException {
        var refs = new ArrayList<String>();
        try (var files = Files.walk(git.resolve("refs"))) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                refs.add(git.relativize(file) + " " + Files.readString(file).strip());
            }
        }
        var packed = git.resolve("packed-refs");
        return String.join("\n", refs) + "\n" + (Files.exists(packed) ? Files.readString(packed) : "");
    }

    @Test
    void a_name_that_is_taken_changes_nothing() throws IOException {
        repo.git("branch", "some/thing");
        var before = everything();
        assertThatThrownBy(() -> saved.rename("lion", "tiger", false)).isInstanceOf(NameTakenException.class);
        assertThatThrownBy(() -> saved.branch("lion", "main")).isInstanceOf(NameTakenException.class);
        assertThatThrownBy(() -> saved.branch("lion", "some"))
                .isInstanceOf(NameTakenException.class)
                .hasMessageContaining("'some'");
        assertThatThrownBy(() -> saved.branch("lion", "main/lion"))
                .isInstanceOf(DaybookException.class)
                .hasMessageContaining("refs/heads/main stands where Git would need a folder");
        assertThat(everything()).isEqualTo(before);
        repo.git("update-ref", ref("old"), tiger);
        before = everything();
        assertThatThrownBy(() -> saved.restore("old"))
                .isInstanceOf(NameTakenException.class)
                .hasMessageContaining("rename it before you bring the removed one back");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void an_experiment_that_is_moved_while_it_is_removed_stays() {
        try (var meddling = open(() -> {
            repo.git("update-ref", ref("lion"), tiger);
            return Instant.now();
        })) {
            assertThatThrownBy(() -> meddling.remove("lion"))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining(ref("lion") + " was changed by another process meanwhile");
        }
        assertThat(repo.git("rev-parse", ref("lion"))).isEqualTo(tiger);
        assertThat(saved.removed()).extracting(RemovedExperiment::name).containsExactly("old");
        assertThat(repo.refs("refs/daybook/removed")).hasSize(1);
    }

    @Test
    void an_experiment_that_is_moved_while_it_is_renamed_keeps_its_name() {
        var repository = Repositories.open(repo.top);
        var isMoved = new AtomicBoolean();
        // heard when cat is there, and lion still too
        repository.getListenerList().addRefsChangedListener(event -> {
            if (!isMoved.getAndSet(true)) {
                repo.git("update-ref", ref("lion"), tiger);
            }
        });
        try (var meddling =
                new SavedExperiments(repository, GitCommand.Program.INSTALLED, InstantSource.system(), PATIENCE)) {
            assertThatThrownBy(() -> meddling.rename("lion", "cat", false))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining("was changed by another process meanwhile, and is left as it is");
        }
        assertThat(isMoved).isTrue();
        assertThat(repo.refs("refs/exps")).containsExactly(ref("lion"), ref("tiger"));
        assertThat(repo.git("rev-parse", ref("lion"))).isEqualTo(tiger);
    }

    @Test
    void a_forced_rename_that_fails_gives_the_other_its_name_back() {
        var repository = Repositories.open(repo.top);
        repository.getListenerList().addRefsChangedListener(event -> {
            if (repo.tryGit("rev-parse", ref("tiger")).text().equals(lion)) {
                repo.git("update-ref", ref("lion"), old);
            }
        });
        try (var meddling =
                new SavedExperiments(repository, GitCommand.Program.INSTALLED, InstantSource.system(), PATIENCE)) {
            assertThatThrownBy(() -> meddling.rename("lion", "tiger", true)).hasMessageContaining("is left as it is");
        }
        assertThat(repo.git("rev-parse", ref("lion"))).isEqualTo(old);
        assertThat(repo.git("rev-parse", ref("tiger"))).isEqualTo(tiger);
        assertThat(repo.refs("refs/daybook/removed")).hasSize(1);
    }

    @Test
    void a_lock_that_is_too_old_to_be_held_is_taken_away() throws IOException {
        repo.git("pack-refs", "--all");
        leaveLocks();
        saved.rename("lion", "cat", false);
        assertThat(repo.refs("refs/exps")).containsExactly(ref("cat"), ref("tiger"));
    }

    @Test
    void the_lock_of_a_command_that_was_killed_goes_with_gc_once_nobody_can_hold_it() throws IOException {
        var left = List.of(common.resolve(KeptRefs.removed(Instant.EPOCH, ref("lion")) + ".lock"), lock("lion"));
        var held = List.of(common.resolve(KeptRefs.removed(Instant.now(), ref("lion")) + ".lock"), lock("tiger"));
        for (var lock : Stream.concat(left.stream(), held.stream()).toList()) {
            Files.createDirectories(lock.getParent());
            Files.createFile(lock);
        }
        for (var lock : left) {
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofMinutes(11))));
        }

        saved.collect(Duration.ofDays(30), true);
        assertThat(left).allMatch(Files::exists);
        saved.collect(Duration.ofDays(30), false);
        assertThat(left).noneMatch(Files::exists);
        assertThat(held).allMatch(Files::exists);
    }

    @Test
    void a_folder_that_cannot_be_written_is_a_sentence() throws IOException {
        var folder = lock("lion").getParent();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeThat(Files.isWritable(folder)).as("everything is allowed to root").isFalse();
        var before = refs();
        try {
            assertThat(saved.all()).hasSize(2);
            for (var verb : List.of(Verb.RENAME, Verb.REMOVE, Verb.RESTORE)) {
                assertRefused(catchThrowable(() -> verb.say(saved)), verb.victim());
            }
            assertThat(refs()).isEqualTo(before);
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void a_file_where_refs_are_to_be_is_a_sentence() throws IOException {
        repo.git("update-ref", "-d", repo.refs("refs/daybook/removed").get(0));
        new Shell(temp).sh(repo.top, "rm -rf .git/refs/daybook/removed; echo x > .git/refs/daybook/removed");
        var before = refs();
        assertRefused(catchThrowable(() -> saved.remove("lion")), "refs/daybook/removed");
        assertThat(refs()).isEqualTo(before);
        Files.delete(repo.top.resolve(".git/refs/daybook/removed"));
    }

    @Test
    void what_is_let_go_is_gone_and_a_trial_lets_nothing_go() throws IOException {
        var before = refs();
        assertThat(saved.collect(Duration.ZERO, true).refs())
                .extracting(Collected.Kept::what)
                .containsExactly("old");
        assertThat(refs()).isEqualTo(before);

        saved.collect(Duration.ZERO, false);
        assertThatThrownBy(() -> saved.restore("old"))
                .isInstanceOf(NoSuchExperimentException.class)
                .hasMessageContaining("'old' was removed, or it was collected since; 'daybook remove --list'");
        repo.git("gc", "--quiet", "--prune=now");
        assertThat(repo.tryGit("cat-file", "-e", old).status()).isNotZero();
        assertThat(saved.all())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.problems()).isEmpty());
    }

    @Test
    void no_reflog_comes_of_it() throws IOException {
        repo.git("config", "core.logAllRefUpdates", "always");
        saved.rename("lion", "cat", false);
        saved.tag("cat", "best");
        saved.remove("cat");
        saved.restore("cat");
        try (var logs = Files.walk(repo.top.resolve(".git/logs"))) {
            assertThat(logs.filter(Files::isRegularFile)
                            .map(file -> repo.top
                                    .resolve(".git/logs")
                                    .relativize(file)
                                    .toString()))
                    .containsExactlyInAnyOrder("HEAD", "refs/heads/main");
        }
    }

    /** What a process leaves that was killed between the steps of a verb. */
    @Test
    void a_verb_that_was_cut_in_half_is_finished_by_the_same_verb() {
        var checkpoints = repo.refs("refs/daybook/checkpoints");
        repo.git("update-ref", ref("cat"), lion);
        saved.rename("lion", "cat", false);
        assertThat(repo.refs("refs/exps")).containsExactly(ref("cat"), ref("tiger"));
        saved.rename("cat", "lion", false);

        var early = KeptRefs.removed(Instant.EPOCH, ref("lion"));
        repo.git("update-ref", early, lion);
        assertThat(saved.removed()).extracting(RemovedExperiment::name).containsExactly("old");
        saved.remove("lion");
        assertThat(saved.removed()).extracting(RemovedExperiment::name).containsExactly("lion", "old");
        saved.restore("lion");
        assertThat(saved.removed()).extracting(RemovedExperiment::name).containsExactly("old");
        assertThat(repo.refs("refs/daybook/removed")).hasSize(1);
        assertThat(repo.refs("refs/daybook/checkpoints")).isEqualTo(checkpoints);

        repo.git("update-ref", early, lion);
        saved.rename("lion", "cat", false);
        assertThat(saved.removed()).extracting(RemovedExperiment::name).containsExactly("old");
        saved.remove("cat");
        assertThat(saved.removed()).extracting(RemovedExperiment::name).containsExactly("cat", "old");
        saved.restore("cat");
        assertThat(repo.refs("refs/daybook/removed")).hasSize(1);

        repo.git("update-ref", ref("old"), old);
        assertThat(saved.removed()).isEmpty();
        assertThat(saved.restore("old").commit()).isEqualTo(old);
        assertThat(repo.refs("refs/daybook/removed")).isEmpty();
        assertThatThrownBy(() -> saved.restore("old")).isInstanceOf(NoSuchExperimentException.class);
    }

    @Test
    void checkpoints_stay_while_their_experiment_has_another_name_and_go_with_the_last_one() {
        repo.git("update-ref", ref("cat"), lion);
        var checkpoints = repo.refs("refs/daybook/checkpoints");
        saved.remove("lion");
        assertThat(repo.refs("refs/daybook/checkpoints")).isEqualTo(checkpoints);
        saved.remove("cat");
        assertThat(repo.refs("refs/daybook/checkpoints")).isEmpty();
        repo.git("update-ref", checkpoints.get(0), lion + "^2");

        saved.collect(Duration.ZERO, true);
        assertThat(repo.refs("refs/daybook/checkpoints")).isEqualTo(checkpoints);
        saved.collect(Duration.ZERO, false);
        assertThat(repo.refs("refs/daybook")).isEmpty();
    }

    @Test
    void what_is_noted_stays_on_an_experiment_that_is_brought_back_while_others_are_collected() {
        saved.restore("old");
        saved.tag("old", "best");
        var kept = saved.remove("old").kept();
        var repository = Repositories.open(repo.top);
        var isBack = new AtomicBoolean();
        try (var meddling =
                new SavedExperiments(repository, GitCommand.Program.INSTALLED, InstantSource.system(), PATIENCE)) {
            // now it knows all refs but one of an experiment, and is heard to find that
            meddling.collect(Duration.ofDays(1), true);
            repo.git("update-ref", ref("new"), tiger);
            repository.getListenerList().addRefsChangedListener(event -> {
                if (!isBack.getAndSet(true)) {
                    repo.git("update-ref", ref("old"), old);
                    repo.git("update-ref", "-d", kept);
                }
            });
            meddling.collect(Duration.ofDays(1), false);
        }
        assertThat(isBack).isTrue();
        assertThat(saved.annotations("old").tags()).containsExactly("best");
    }

    @Test
    void the_notes_of_what_is_collected_go_with_it() {
        saved.tag("lion", "best");
        saved.remove("lion");
        // a repository that has read the refs, and one that reads them anew
        repo.git("pack-refs", "--all");
        assertThat(repo.refs(AnnotationRefs.PREFIX)).containsExactly(AnnotationRefs.ref(ObjectId.fromString(lion)));
        saved.collect(Duration.ZERO, false);
        assertThat(repo.refs("refs/daybook")).isEmpty();
    }
}
