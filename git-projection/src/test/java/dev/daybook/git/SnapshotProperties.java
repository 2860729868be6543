package dev.daybook.git;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.port.SnapshotScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.eclipse.jgit.util.FileUtils;

/** Whatever is done to a work tree, Daybook and git record the same. */
class SnapshotProperties {

    private static final List<String> PATHS = List.of(
            "a.txt", "b.txt", "run.sh", "link", "sub", "sub/c.txt", "sub/deep", "sub/deep/d.txt", "new", "new/x");

    private static Path folder = Path.of("");
    private static Path template = Path.of("");

    /** What somebody does to one path; {@code argument} chooses among what that can mean. */
    private record Edit(Verb verb, String path, String other, int argument) {}

    private enum Verb {
        WRITE,
        WRITE_SAME_SIZE,
        TOUCH,
        SET_TIME_BACK,
        PERMIT,
        DELETE,
        RENAME,
        LINK,
        MAKE_FOLDER,
        STAGE
    }

    @BeforeContainer
    static void makeTemplate() throws IOException {
        folder = Files.createTempDirectory("daybook-snapshots");
        template = new Shell(folder).template();
    }

    @AfterContainer
    static void delete() throws IOException {
        FileUtils.delete(folder.toFile(), FileUtils.RECURSIVE);
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        var paths = Arbitraries.of(PATHS);
        return Combinators.combine(
                        Arbitraries.of(Verb.class),
                        paths,
                        paths,
                        Arbitraries.integers().between(0, 3))
                .as(Edit::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Property(tries = 80)
    void both_ways_record_the_same_tree(@ForAll("edits") List<Edit> edits) throws Exception {
        var shell = new Shell(folder);
        var top = shell.copy(template);
        for (var edit : edits) {
            if (edit.verb() == Verb.STAGE) {
                shell.sh(top, "git add -A");
            } else {
                apply(edit, top.resolve(edit.path()), top.resolve(edit.other()));
            }
        }
        var program = new GitCommand.Program("git", shell.environment());
        try (var repository = Repositories.open(top);
                var objects = new PackedObjects(repository)) {
            var byGit = new GitSnapshot(repository, program)
                    .take(SnapshotScope.TRACKED, objects)
                    .tree();
            try {
                var byDaybook =
                        IndexSnapshot.take(repository, GitSettings.read(repository, program.additions()), objects);
                assertThat(byDaybook).isEqualTo(byGit);
            } catch (NotPlainException e) {
                // then it is git that records it
                assertThat(e).hasMessageContaining("stands in a folder's place and cannot be followed");
            }
        }
    }

    /** What does not fit the work tree as it is now is not done. */
    private static void apply(Edit edit, Path path, Path other) throws IOException {
        boolean isFolder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        boolean isThere = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        boolean isFile = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        boolean hasPlace = Files.isDirectory(requireNonNull(path.getParent()));
        switch (edit.verb()) {
            case WRITE -> {
                if (isFile || !isThere && hasPlace) {
                    Files.writeString(path, "x".repeat(edit.argument()));
                }
            }
            case WRITE_SAME_SIZE -> {
                if (isFile) {
                    Files.writeString(path, String.valueOf(edit.argument()).repeat((int) Files.size(path)));
                }
            }
            case TOUCH -> {
                if (isFile) {
                    Files.setLastModifiedTime(
                            path, FileTime.fromMillis(System.currentTimeMillis() - 1000L * edit.argument()));
                }
            }
            case SET_TIME_BACK -> {
                if (isFile) {
                    var time = Files.getLastModifiedTime(path);
                    Files.writeString(path, String.valueOf(edit.argument()).repeat((int) Files.size(path)));
                    Files.setLastModifiedTime(path, time);
                }
            }
            case PERMIT -> {
                if (isFile) {
                    var permissions = List.of("rw-r--r--", "rwxr-xr-x", "rw-rw-r--", "rw-r--r-x")
                            .get(edit.argument());
                    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
                }
            }
            case DELETE -> FileUtils.delete(path.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
            case RENAME -> {
                boolean isFree = !Files.exists(other, LinkOption.NOFOLLOW_LINKS)
                        && Files.isDirectory(requireNonNull(other.getParent()));
                if (isThere && isFree && !other.startsWith(path)) {
                    Files.move(path, other);
                }
            }
            case LINK -> {
                if (hasPlace && !isFolder) {
                    Files.deleteIfExists(path);
                    Files.createSymbolicLink(path, Path.of(edit.other()));
                }
            }
            case MAKE_FOLDER -> {
                if (hasPlace && !isFolder) {
                    Files.deleteIfExists(path);
                    Files.createDirectory(path);
                }
            }
            default -> throw new IllegalStateException(edit.toString());
        }
    }
}
