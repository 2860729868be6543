package dev.daybook.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.RepositoryException;
import dev.daybook.git.Shape.Way;
import dev.daybook.port.Projection.Captured;
import dev.daybook.port.SnapshotScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tree that Daybook records against the one that git itself writes, in one repository of each {@link Shape}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ShapesTest {

    @TempDir
    static Path shared;

    private static Path template;

    @TempDir
    Path temp;

    @BeforeAll
    static void makeTemplate() {
        template = new Shell(shared).template();
    }

    static List<Shape> shapes() {
        return Shape.ALL;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void the_tree_is_the_one_of_git(Shape shape) {
        var shell = new Shell(temp);
        var top = shape.make(shell, template);
        var expected = shell.tree(top, shape.isWithUntracked());

        assertThat(expected.status() == 0).as(expected.text()).isEqualTo(shape.way() != Way.REFUSED);
        if (shape.way() == Way.REFUSED || shape.way() == Way.UNSUPPORTED) {
            assertThatThrownBy(() -> capture(top, shape, "git")).isInstanceOf(RepositoryException.class);
            assertThatThrownBy(() -> capture(top, shape, "no-such-git")).isInstanceOf(RepositoryException.class);
            return;
        }
        var captured = capture(top, shape, "git");
        assertThat(captured.code().tree()).isEqualTo(expected.text());
        assertThat(captured.isByGit()).isEqualTo(shape.way() == Way.GIT);
        assertThat(captured.changed()).isEqualTo(changes(shell, top, expected.text()));
        if (shape.way() == Way.JGIT) {
            assertThat(capture(top, shape, "no-such-git").code()).isEqualTo(captured.code());
        } else {
            assertThatThrownBy(() -> capture(top, shape, "no-such-git"))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining("cannot be recorded without git, because ")
                    .hasMessageContaining("install git");
        }
    }

    @Test
    void there_are_at_least_60_shapes() {
        assertThat(Shape.ALL).hasSizeGreaterThanOrEqualTo(60);
        assertThat(Shape.ALL.stream().map(Shape::name)).doesNotHaveDuplicates();
    }

    private Captured capture(Path top, Shape shape, String git) {
        var program = new GitCommand.Program(git, new Shell(temp).environment());
        var scope = new SnapshotScope(true, shape.isWithUntracked() ? List.of("**") : List.of());
        try (var projection =
                new GitProjection(Repositories.open(top), warning -> {}, program, Duration.ofSeconds(1))) {
            return projection.capture(scope);
        }
    }

    /** What differs from the baseline, as git has it. */
    private static Map<String, Character> changes(Shell shell, Path top, String tree) {
        var changes = new LinkedHashMap<String, Character>();
        var parts = shell.sh(top, "git diff-tree -r -z --no-renames --name-status HEAD " + tree)
                .split("\0", -1);
        for (int i = 0; i + 1 < parts.length; i += 2) {
            changes.put(TreeChanges.text(GitCommand.bytes(parts[i + 1])), parts[i].charAt(0));
        }
        return changes;
    }
}
