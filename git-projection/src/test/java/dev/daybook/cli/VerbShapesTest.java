package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every verb in every shape of a repository that holds the experiments {@code lion} (with a checkpoint) and {@code tiger} and the removed
 * {@code old}; {@code puma} is at the remote. Whatever the outcome, HEAD, the index, settings, reflogs and all other refs stay as they are,
 * and the work tree unless it is {@code apply}.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VerbShapesTest {

    /** The columns are the shapes of {@link Shape}, the words are those of {@link Verb#assertSaid}. */
    private static final String TABLE = """
            verb       plain linked detached shallow packed folder moved-on empty   unborn bare reftable sha-256
            list       done  done   done     done    done   done   hidden   nothing unborn bare reftable sha-256
            show       done  done   done     done    done   done   done     none    unborn bare reftable sha-256
            diff       done  done   done     done    done   done   done     none    unborn bare reftable sha-256
            diff-tree  done  done   done     done    done   done   done     none    unborn bare reftable sha-256
            apply      done  done   done     done    done   done   done     none    unborn bare reftable sha-256
            branch     done  done   done     done    done   done   done     none    unborn bare reftable sha-256
            rename     done  done   done     done    done   done   done     none    unborn bare reftable sha-256
            remove     done  done   done     done    done   done   done     none    unborn bare reftable sha-256
            removed    done  done   done     done    done   done   done     nothing unborn bare reftable sha-256
            restore    done  done   done     done    done   done   done     none    unborn bare reftable sha-256
            tag        done  done   done     done    done   done   done     none    unborn bare reftable sha-256
            note       done  done   done     done    done   done   done     none    unborn bare reftable sha-256
            gc-trial   done  done   done     done    done   done   done     nothing unborn bare reftable sha-256
            gc         done  done   done     done    done   done   done     nothing unborn bare reftable sha-256
            push       done  done   done     done    done   done   done     nothing unborn bare reftable sha-256
            pull       done  done   done     done    done   done   done     done    unborn bare reftable sha-256
            """;

    /** {@code folder} is the place in the case's folder where the verb is said; the script makes it, beside origin.git. */
    private enum Shape {
        PLAIN("repo", ""),
        LINKED("linked", "git -C repo worktree add -q -b side ../linked"),
        DETACHED("repo", "git -C repo checkout -q --detach"),
        SHALLOW("shallow", """
                git clone -q --depth 1 "file://$PWD/origin.git" shallow
                git -C shallow config user.name Ada
                git -C shallow config user.email ada@example.org
                git -C shallow fetch -q ../repo 'refs/exps/*:refs/exps/*' 'refs/daybook/*:refs/daybook/*'
                rm shallow/.git/FETCH_HEAD
                test -s shallow/.git/shallow
                """),
        PACKED("repo", "git -C repo pack-refs --all; test -z \"$(find repo/.git/refs -type f)\""),
        FOLDER("repo/sub/deep", "mkdir -p repo/sub/deep"),
        MOVED_ON("repo", "git -C repo commit -q --allow-empty -m later"),
        EMPTY("empty", """
                git clone -q "file://$PWD/origin.git" empty
                git -C empty config user.name Ada
                git -C empty config user.email ada@example.org
                """),
        UNBORN("repo", "git -C repo checkout -q --orphan fresh"),
        BARE("bare.git", "mv repo/.git bare.git; git -C bare.git config core.bare true; rm -r repo"),
        /** Where git itself does not know the kind, its configuration says it all the same. */
        REFTABLE("table", """
                if ! git init -q --ref-format=reftable table 2> none; then
                    git init -q table
                    git -C table config core.repositoryFormatVersion 1
                    git -C table config extensions.refStorage reftable
                fi
                rm -f none
                """),
        SHA_256("sha", """
                git init -q --object-format=sha256 sha
                git -C sha -c user.name=Ada -c user.email=ada@example.org commit -q --allow-empty -m first
                """);

        private final String folder;
        private final String script;

        Shape(String folder, String script) {
            this.folder = folder;
            this.script = script;
        }
    }

    /**
     * What is said, what it answers where it is done, and how that changes the refs.
     *
     * <p>In the changes stand short names, see {@link #refs}.
     */
    private enum Verb {
        LIST("list", "(?s).*\nlion .*\ntiger .*", ""),
        SHOW("show lion", "(?s)name +lion\n.*loss +0\\.5\n.* early\n", ""),
        DIFF("diff lion tiger", "(?s).*loss +0\\.5 +0\\.25 .*", ""),
        DIFF_TREE("diff lion", "(?s).*lr +0\\.7 +0\\.1 .*M params\\.yaml.*", ""),
        APPLY("apply lion", "(?s).*M params\\.yaml\n.*applied lion \\(.*", ""),
        BRANCH("branch lion try", "made refs/heads/try of lion\n", "+heads/try=lion"),
        RENAME("rename lion cat", "renamed lion to cat\n", "+exps/cat=lion -exps/lion=lion"),
        REMOVE(
                "remove lion",
                "removed lion\n",
                "+daybook/removed/TIME/lion=lion -daybook/checkpoints/ID=checkpoint -exps/lion=lion"),
        REMOVED("remove --list", "name +removed +commit\nold +.*\n", ""),
        RESTORE("restore old", "restored old\n", "+exps/old=old -daybook/removed/TIME/old=old"),
        TAG("tag lion best", "tags of lion: best\n", "+daybook/notes/lion=new"),
        NOTE("note lion slow", "noted on lion\n", "+daybook/notes/lion=new"),
        GC_TRIAL("gc --keep-days 0 --dry-run", "(?s).*would let go 1, about .*", ""),
        GC("gc --keep-days 0", "(?s).*let go 1, about .*", "-daybook/removed/TIME/old=old"),
        PUSH("push", "(?s).*\nlion .* created .*\ntiger .* created .*", ""),
        PULL("pull", "(?s).*\npuma .* created .*", "+exps/puma=puma");

        private final String command;
        private final Pattern answer;
        private final String changes;

        Verb(String command, String answer, String changes) {
            this.command = command;
            this.answer = Pattern.compile(answer);
            this.changes = changes;
        }

        /** What the words of the table mean. */
        void assertSaid(String outcome, Result result) {
            var said = result.out() + result.err();
            boolean isRefused = !List.of("done", "hidden", "nothing").contains(outcome);
            assertThat(result.code()).as(said).isEqualTo(isRefused ? 1 : 0);
            if (isRefused) {
                assertThat(result.out()).isEmpty();
                assertThat(result.err()).startsWith("daybook: ").hasLineCount(1);
            }
            switch (outcome) {
                case "done" -> assertThat(said).matches(answer);
                case "hidden" ->
                    assertThat(said)
                            .isEqualTo("2 experiments of other commits are not shown;"
                                    + " --all-baselines (-A) shows them\n");
                case "nothing" ->
                    assertThat(said)
                            .containsPattern("there are no experiments in this repository yet;"
                                    + "|nothing was removed that could be brought back"
                                    + "|nothing was removed or overwritten so long ago\nthere is nothing to delete"
                                    + "|there are no saved experiments to exchange with origin");
                case "none" ->
                    assertThat(said)
                            .containsPattern(
                                    "there is no (saved )?experiment 'lion' in this repository(, saved or unfinished)?; 'daybook list'"
                                            + "|no experiment 'old' was removed, or it was collected since;"
                                            + " 'daybook remove --list'");
                case "unborn" ->
                    assertThat(said).contains(" has no commit yet; commit something first, so that experiments");
                case "bare" -> assertThat(said).contains(" is bare, and an experiment needs code", "; open a clone");
                case "reftable" ->
                    assertThat(said)
                            .contains(" keeps its refs as reftable, which DVC cannot read; run git refs migrate");
                case "sha-256" ->
                    assertThat(said)
                            .contains(" names its objects by sha256, which neither", "; use a SHA-1 repository");
                default -> throw new AssertionError("the table has an unknown word: " + outcome);
            }
        }
    }

    /** A field of the table. */
    private record Field(Verb verb, Shape shape, String outcome) {

        @Override
        public String toString() {
            return verb.command + " in " + shape + ": " + outcome;
        }
    }

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Set<String> LEFT_TO_VERBS = Set.of("objects", "refs", "daybook");

    @TempDir
    static Path temp;

    /** Commits by short names. */
    private static final Map<String, String> KNOWN = new HashMap<>();

    private static final Map<Shape, State> STATES = new EnumMap<>(Shape.class);

    /** Whether the case is not as it was made any more. */
    private static boolean isUsed;

    @BeforeAll
    static void save() throws IOException {
        var repo = TestRepository.create(Files.createDirectories(temp.resolve("case/repo")));
        repo.git("config", "gc.auto", "0");
        repo.commit("train.py", "print()\n");
        repo.git("init", "--quiet", "--bare", "--initial-branch=main", "../origin.git");
        repo.git("remote", "add", "origin", "../origin.git");
        repo.git("push", "--quiet", "--set-upstream", "origin", "main");

        var puma = repo.saved("puma", NOON, run -> {});
        assertThat(repo.daybook("push").code()).isZero();
        repo.git("update-ref", "-d", puma.ref());
        var lion = repo.saved("lion", NOON, run -> {
            run.makeCheckpoint("early");
            run.setParam("lr", 0.7);
            run.logMetric("loss", 0.5);
        });
        var tiger = repo.saved("tiger", NOON, run -> run.logMetric("loss", 0.25));
        var old = repo.saved("old", NOON, run -> run.logMetric("loss", 1));
        assertThat(repo.daybook("remove", "old").code()).isZero();
        KNOWN.putAll(
                Map.of(puma.commit(), "puma", lion.commit(), "lion", tiger.commit(), "tiger", old.commit(), "old"));
        KNOWN.put(repo.git("rev-parse", lion.commit() + "^2"), "checkpoint");
        assertThat(repo.daybook("gc", "--journal", "--keep-bytes", "0").out()).contains("deleted");
        Files.move(temp.resolve("case"), temp.resolve("template"));
    }

    static List<Field> fields() {
        var lines = TABLE.lines().map(line -> line.split(" +", -1)).toList();
        var shapes = lines.get(0);
        var fields = new ArrayList<Field>();
        for (int column = 1; column < shapes.length; column++) {
            for (var line : lines.subList(1, lines.size())) {
                fields.add(new Field(
                        Verb.valueOf(constant(line[0])), Shape.valueOf(constant(shapes[column])), line[column]));
            }
        }
        return fields;
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    @Test
    void every_verb_is_there_in_every_shape() {
        assertThat(fields())
                .hasSize(Verb.values().length * Shape.values().length)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("fields")
    void each_verb_in_each_shape(Field field) throws Exception {
        var verb = field.verb();
        var shape = field.shape();
        var before = made(shape);
        boolean isDone = field.outcome().equals("done");
        isUsed = true;

        var result = repository(shape).daybook(verb.command.split(" ", -1));

        verb.assertSaid(field.outcome(), result);
        var after = State.of(shape);
        if (verb == Verb.APPLY && isDone) {
            assertThat(after.status()).isEqualTo("M params.yaml\n?? dvclive/");
            assertThat(after.filesButLions()).isEqualTo(before.filesButLions());
        } else {
            assertThat(after.status()).isEqualTo(before.status());
            assertThat(after.files()).isEqualTo(before.files());
        }
        assertThat(changes(before.refs(), after.refs())).isEqualTo(isDone ? verb.changes : "");
        if (verb == Verb.PUSH && isDone) {
            assertThat(refs(new TestRepository(place().resolve("origin.git"))))
                    .contains("exps/lion=lion", "exps/tiger=tiger", "exps/puma=puma");
        }
        // what was seen to change nothing need not be made anew
        isUsed = isDone && (!verb.changes.isEmpty() || verb == Verb.APPLY || verb == Verb.PUSH);
        if (isUsed) {
            assertSound(repository(shape));
        }
    }

    /**
     * What a verb can change.
     *
     * @param status of the work tree, without writing the index
     */
    private record State(Map<String, String> files, Set<String> refs, String status) {

        private static State of(Shape shape) throws IOException {
            var repository = repository(shape);
            return new State(
                    untouchables(place()),
                    shape == Shape.REFTABLE ? new TreeSet<>() : VerbShapesTest.refs(repository),
                    shape == Shape.REFTABLE || shape == Shape.BARE
                            ? ""
                            : repository.git("--no-optional-locks", "status", "--porcelain"));
        }

        private Map<String, String> filesButLions() {
            var others = new TreeMap<>(files);
            others.keySet().removeIf(file -> file.endsWith("/params.yaml") || file.contains("/dvclive"));
            return others;
        }
    }

    /** Always the same: linked worktrees know where they are. */
    private static Path place() {
        return temp.resolve("case");
    }

    private static TestRepository repository(Shape shape) {
        return new TestRepository(place().resolve(shape.folder));
    }

    /** Makes it, unless it is there and as it was. */
    private static State made(Shape shape) throws Exception {
        if (!STATES.containsKey(shape)) {
            sh("rm -rf case; cp -a template case; cd case\n" + shape.script + "\ncd ..; cp -a case " + shape);
            STATES.put(shape, State.of(shape));
        } else if (isUsed) {
            sh("rm -rf case; cp -a " + shape + " case");
        }
        return Objects.requireNonNull(STATES.get(shape));
    }

    private static void sh(String script) throws Exception {
        var builder =
                new ProcessBuilder("sh", "-ec", script).directory(temp.toFile()).redirectErrorStream(true);
        TestRepository.isolate(builder);
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(script + "\n" + output).isZero();
    }

    /** Every file of the case but Git's objects and refs and what is Daybook's own: the index, HEAD and reflogs too. */
    private static Map<String, String> untouchables(Path place) throws IOException {
        var content = new TreeMap<String, String>();
        Files.walkFileTree(place, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return LEFT_TO_VERBS.contains(String.valueOf(folder.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.endsWith("packed-refs")) {
                    content.put(
                            place.relativize(file).toString(),
                            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return content;
    }

    /** All refs with what they name: without {@code refs/} and baselines, and what differs from run to run as words. */
    private static Set<String> refs(TestRepository repository) {
        var refs = new TreeSet<String>();
        for (var line : repository
                .git("for-each-ref", "--format=%(refname:lstrip=1) %(objectname)")
                .lines()
                .toList()) {
            var parts = line.split(" ", -1);
            var name = parts[0].replaceFirst("/[0-9a-f]{2}/[0-9a-f]{38}/", "/")
                    .replaceFirst("/\\d{8}T\\d{9}Z/", "/TIME/")
                    .replaceFirst("/[0-9a-f]{8}-[-0-9a-f]{27}$", "/ID");
            for (var known : KNOWN.entrySet()) {
                name = name.replace(known.getKey(), known.getValue());
            }
            refs.add(name + "=" + KNOWN.getOrDefault(parts[1], "new"));
        }
        return refs;
    }

    private static String changes(Set<String> before, Set<String> after) {
        var changes = new TreeSet<String>();
        after.stream().filter(ref -> !before.contains(ref)).forEach(ref -> changes.add("+" + ref));
        before.stream().filter(ref -> !after.contains(ref)).forEach(ref -> changes.add("-" + ref));
        return String.join(" ", changes);
    }

    private static void assertSound(TestRepository repository) {
        assertThat(repository.git("fsck", "--strict", "--no-dangling", "--no-progress"))
                .isEmpty();
    }
}
