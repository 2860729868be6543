package dev.daybook.lifecycle;

import static dev.daybook.lifecycle.LifecycleFixture.CODE;
import static dev.daybook.lifecycle.LifecycleFixture.COMMIT;
import static dev.daybook.lifecycle.LifecycleFixture.REF;
import static dev.daybook.lifecycle.LifecycleFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Facts that cannot be, as a damaged journal or a foreign commit would hold them: none is let in, and each says what is wrong. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RequiresTest {

    private static final String SHORT = "c".repeat(39);
    private static final ExperimentId ID = ExperimentId.parse("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final List<ParamValue.MapValue> POINTS = List.of(new ParamValue.MapValue(Map.of()));
    private static final PlotView VIEW = view("x", "y", "linear");

    private record Impossible(String reason, ThrowingCallable fact) {
        @Override
        public String toString() {
            return reason;
        }
    }

    private static Stream<Impossible> impossible() {
        return Stream.of(
                new Impossible("head is no Git object id: " + SHORT, () -> new Code(SHORT, COMMIT)),
                new Impossible("tree is no Git object id: " + SHORT, () -> new Code(COMMIT, SHORT)),
                new Impossible("an experiment needs a name", () -> initialized("", "dvclive", COMMIT)),
                new Impossible("an experiment needs an output folder", () -> initialized("x", "", COMMIT)),
                new Impossible("replaces is no Git object id: main", () -> initialized("x", "dvclive", "main")),
                new Impossible("checkpoints are numbered from 1", () -> origin(0, COMMIT)),
                new Impossible("commit is no Git object id: " + SHORT, () -> origin(1, SHORT)),
                new Impossible("ParamsSet without a parameter", () -> new Event.ParamsSet(Map.of())),
                new Impossible("metric numbers start at 0", () -> new Event.MetricDefined(-1, "loss")),
                new Impossible("a metric needs a name", () -> new Event.MetricDefined(0, "")),
                new Impossible(
                        "commit is no Git object id: " + SHORT,
                        () -> new Event.CheckpointMade(SHORT, CODE, "half way")),
                new Impossible("an artifact's path is relative: ", () -> artifact("", 1, 1)),
                new Impossible("an artifact's path is relative: /a", () -> artifact("/a", 1, 1)),
                new Impossible("an artifact has no negative size", () -> artifact("a", -1, 1)),
                new Impossible("an artifact has no negative size", () -> artifact("a", 1, -1)),
                new Impossible("a limit of bytes is not negative", () -> traits(-1)),
                new Impossible("a plot needs a name", () -> new Event.PlotLogged("", POINTS, VIEW)),
                new Impossible("a plot needs points", () -> new Event.PlotLogged("roc", List.of(), VIEW)),
                new Impossible("a plot needs a field for each axis", () -> view("", "y", "linear")),
                new Impossible("a plot needs a field for each axis", () -> view("x", "", "linear")),
                new Impossible("a plot needs a template", () -> view("x", "y", "")),
                new Impossible("a tag needs text", () -> new Event.Tagged("")),
                new Impossible("a note needs text", () -> new Event.NoteTaken("")),
                new Impossible("commit is no Git object id: " + SHORT, () -> save(REF, SHORT, COMMIT)),
                new Impossible("tree is no Git object id: " + SHORT, () -> save(REF, COMMIT, SHORT)),
                new Impossible(
                        "an experiment is saved below refs/exps: refs/heads/x",
                        () -> save("refs/heads/x", COMMIT, COMMIT)),
                new Impossible("commit is no Git object id: " + SHORT, () -> new Event.ExperimentPersisted(REF, SHORT)),
                new Impossible("a resumed experiment has a past", () -> resumed(-1, 1, 0)),
                new Impossible("a resumed experiment has a past", () -> resumed(0, 0, 0)),
                new Impossible("a resumed experiment has a past", () -> resumed(0, 1, -1)));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void what_cannot_be_is_not_let_in(Impossible each) {
        assertThatThrownBy(each.fact())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(each.reason());
    }

    @Test
    void nothing_and_the_first_are_let_in() {
        assertThatCode(() -> artifact("empty", 0, 0)).doesNotThrowAnyException();
        assertThatCode(() -> traits(0)).doesNotThrowAnyException();
        assertThatCode(() -> resumed(0, 1, 0)).doesNotThrowAnyException();
    }

    @Test
    void a_save_is_named_by_the_end_of_its_ref() {
        assertThat(save(REF, COMMIT, COMMIT).name()).isEqualTo("lr-sweep");
    }

    private static Event initialized(String name, String outputFolder, String replaces) {
        return new Event.ExperimentInitialized(
                name, CODE, Map.of(), new Author("", ""), outputFolder, Optional.of(replaces), Map.of());
    }

    private static Origin origin(int checkpoint, String commit) {
        return new Origin(ID, "x", checkpoint, commit, values(), List.of(), List.of());
    }

    private static Event artifact(String path, long bytes, long files) {
        return new Event.ArtifactAdded(path, "md5", "0".repeat(32), bytes, files);
    }

    private static ArtifactTraits traits(long maxBlobBytes) {
        return new ArtifactTraits(false, maxBlobBytes, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    private static PlotView view(String x, String y, String template) {
        return new PlotView(x, y, template, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Event.SavePrepared save(String ref, String commit, String tree) {
        return new Event.SavePrepared(ref, commit, tree, Optional.empty());
    }

    private static Event resumed(long document, long events, long metrics) {
        return new Event.ExperimentResumed("00000000", document, events, metrics, Map.of());
    }
}
