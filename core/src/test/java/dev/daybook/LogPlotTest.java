package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.daybook.lifecycle.Event.PlotLogged;
import dev.daybook.lifecycle.ParamValue;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LogPlotTest {

    private record Point(double fpr, double tpr) {}

    private static final PlotOptions ROC = PlotOptions.of("fpr", "tpr");

    private final World world = new World();
    private final Experiment run = world.process().begin("x");

    @Test
    void points_are_records_or_maps_and_keep_their_types_and_order() {
        run.logPlot("roc", List.of(new Point(0, 0.5), Map.of("fpr", 1, "tpr", "high")), ROC.withTitle("ROC"));

        var plot = (PlotLogged) world.lastEvent();
        assertThat(plot.name()).isEqualTo("roc");
        assertThat(plot.points())
                .extracting(ParamValue.MapValue::entries)
                .containsExactly(
                        Map.of("fpr", ParamValue.of(0.0), "tpr", ParamValue.of(0.5)),
                        Map.of("fpr", ParamValue.of(1), "tpr", ParamValue.of("high")));
        assertThat(plot.view().template()).isEqualTo("linear");
        assertThat(plot.view().title()).isEqualTo(Optional.of("ROC"));
    }

    @Test
    void the_last_one_of_a_name_counts() {
        run.logPlot("a", List.of(new Point(0, 1)), ROC);
        run.logPlot("b", List.of(new Point(0, 1)), ROC);
        run.logPlot("a", List.of(new Point(1, 2)), ROC.withTemplate("scatter"));

        assertThat(run.data().plots().keySet().toJavaList()).containsExactly("a", "b");
        assertThat(run.data().plots().get("a").get().view().template()).isEqualTo("scatter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "step", "a\\b", "a//b", "../b", " a", "tab\there"})
    void a_name_that_no_metric_could_have_is_refused(String name) {
        assertThatThrownBy(() -> run.logPlot(name, List.of(new Point(0, 1)), ROC))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("plot");
        assertThat(world.eventNames()).containsExactly("ExperimentInitialized");
    }

    @Test
    void points_that_cannot_be_drawn_are_refused() {
        assertThatThrownBy(() -> run.logPlot("roc", List.of(), ROC))
                .hasMessage("plot 'roc' has no points; log some, or leave the plot out");
        assertThatThrownBy(() -> run.logPlot("roc", List.of(3), ROC))
                .hasMessage("plot 'roc' takes records or maps as its points, not 3");
        assertThatThrownBy(() -> run.logPlot("roc", List.of(new Point(0, 1)), PlotOptions.of("fpr", "recall")))
                .hasMessage("plot 'roc' is to be drawn by the field 'recall', which none of its points has; they have"
                        + " [fpr, tpr]");
    }

    @Test
    void more_than_a_document_of_the_journal_takes_is_refused_in_one_sentence() {
        assertThatThrownBy(() -> run.logPlot("roc", Collections.nCopies(100_000, new Point(0.25, 0.75)), ROC))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith(
                        "is larger than the 2000000 that the journal takes; keep large values in a file of"
                                + " their own");
        assertThat(world.eventNames()).containsExactly("ExperimentInitialized");
    }
}
