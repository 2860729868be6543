package dev.daybook.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.daybook.Daybook;
import dev.daybook.DaybookOptions;
import dev.daybook.Experiment;
import dev.daybook.PlotOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Real DVC draws the plots that Daybook has logged: by each template that it has, whatever their names and fields, with all their points. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DvcPlotsIT {

    private static final String TEMPLATES = """
            import json
            from dvc_render.vega_templates import TEMPLATES
            print(json.dumps({each.DEFAULT_NAME: each.DEFAULT_CONTENT for each in TEMPLATES}))
            """;

    private static final String OWN_TEMPLATE = """
            {"data": {"values": "<DVC_METRIC_DATA>"}, "title": {"text": "<DVC_METRIC_TITLE>"}, "mark": "tick",
             "encoding": {"x": {"field": "<DVC_METRIC_X>"}, "y": {"field": "<DVC_METRIC_Y>"}}}
            """;

    /** For names, titles and labels. */
    private static final List<String> ODD = List.of(
            "a b/größe: \"π\" #1?.json",
            "a.json/b",
            "${env}",
            "- it's [1] {x} & <b>",
            "true",
            "1.5",
            "null",
            "x".repeat(190),
            "~@%41::c",
            "日本/😀");

    /** For fields; the last ones are names that DVC gives to columns of its own. */
    private static final List<String> FIELDS = List.of(
            "a.b[0]",
            "größe \"π\"",
            "${x}",
            "it's",
            "true",
            "1.5",
            "a: b #c",
            "a/b",
            "step",
            "index",
            "rev",
            "filename",
            "field");

    /** Of metrics, beside those of {@link DvcInteropIT}. */
    private static final List<String> METRICS = List.of(
            "field",
            "x/field",
            "x/step",
            "index",
            "Loss",
            "loss",
            "y".repeat(190),
            "~",
            "@",
            "%41",
            "a::b",
            "y/.z",
            "-1e3",
            "á");

    private Project project;
    private JsonNode templates;
    private JsonNode diff;
    private JsonNode shown;

    @BeforeAll
    void are_logged_and_drawn(@TempDir Path scratch) throws IOException {
        project = new Project(
                scratch,
                Map.of("params.yaml", "lr: 0.1\n", ".dvc/plots/mine.json", OWN_TEMPLATE, "list.py", TEMPLATES));
        templates = Project.STRICT_JSON.readTree(project.python("list.py"));
        try (var daybook =
                Daybook.open(project.folder(), DaybookOptions.defaults().withWarnings(warning -> {}))) {
            daybook.run("first", run -> log(run, 0));
            daybook.run("second", run -> log(run, 0.5));
        }
        diff = project.dvcJson("plots", "diff", "--json", "first", "second");
        project.dvc("exp", "apply", "first");
        shown = project.dvcJson("plots", "show", "--json");
        project.restore();
    }

    private void log(Experiment run, double shift) {
        for (var template : templates()) {
            run.logPlot(
                    template,
                    List.of(point("x", 0, "y", shift), point("x", 1, "y", 0.25 + shift)),
                    PlotOptions.of("x", "y").withTemplate(template).withTitle("by " + template));
        }
        for (var odd : ODD) {
            run.logPlot(
                    "odd/" + odd,
                    List.of(point("x", 0, "y", shift), point("x", odd, "y", true)),
                    PlotOptions.of("x", "y").withTitle(odd).withLabels("of " + odd, odd));
        }
        for (var field : FIELDS) {
            run.logPlot(
                    "x is " + field,
                    List.of(point(field, "one", "b", shift), point(field, "two", "b", 1)),
                    PlotOptions.of(field, "b").withTitle("x is " + field));
            run.logPlot(
                    "y is " + field,
                    List.of(point("b", "one", field, shift), point("b", "two", field, 1)),
                    PlotOptions.of("b", field).withTitle("y is " + field));
        }
        run.logPlot(
                "unequal",
                List.of(Map.of("x", 0), point("x", 1, "y", shift), point("y", 2, "z", "more")),
                PlotOptions.of("x", "y").withTitle("unequal"));
        run.logPlot(
                "no numbers",
                List.of(
                        point("x", Double.NaN, "y", Double.NEGATIVE_INFINITY),
                        point("x", Double.POSITIVE_INFINITY, "y", 1)),
                PlotOptions.of("x", "y").withTitle("no numbers"));
        run.logPlot(
                "own", List.of(point("x", 0, "y", 1)), PlotOptions.of("x", "y").withTemplate("mine"));
        for (var metric : METRICS) {
            run.logMetric(metric, 0, METRICS.indexOf(metric) + shift);
        }
    }

    private static Map<String, Object> point(String key1, Object value1, String key2, Object value2) {
        var point = new LinkedHashMap<String, Object>();
        point.put(key1, value1);
        point.put(key2, value2);
        return point;
    }

    private List<String> templates() {
        var names = new ArrayList<String>();
        templates.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void by_the_template_that_was_named() {
        assertThat(templates())
                .contains(
                        "linear",
                        "simple",
                        "scatter",
                        "scatter_jitter",
                        "smooth",
                        "confusion",
                        "confusion_normalized",
                        "bar_horizontal",
                        "bar_horizontal_sorted");
        for (var template : templates()) {
            for (var drawn : List.of(diff, shown)) {
                var plot = Plots.named(drawn, "by " + template);
                assertThat(differences(templates.get(template), plot, template)).isEmpty();
            }
        }
    }

    /** Where a drawing is otherwise than its template, but for what DVC fills in. */
    private static List<String> differences(JsonNode template, JsonNode drawn, String where) {
        var differences = new ArrayList<String>();
        if (template.isObject()) {
            template.fields()
                    .forEachRemaining(field -> differences.addAll(
                            differences(field.getValue(), drawn.path(field.getKey()), where + "/" + field.getKey())));
        } else if (template.isArray()) {
            for (int i = 0; i < template.size(); i++) {
                differences.addAll(differences(template.get(i), drawn.path(i), where + "/" + i));
            }
        } else if (template.asText().equals("<DVC_METRIC_X>") && !drawn.asText().equals("x")
                || template.asText().equals("<DVC_METRIC_Y>") && !drawn.asText().equals("y")
                || !template.asText().startsWith("<DVC_METRIC_") && !template.equals(drawn)) {
            differences.add(where + ": " + drawn);
        }
        return differences;
    }

    @Test
    void with_the_points_of_each_experiment() {
        for (var template : templates()) {
            assertThat(points(diff, "by " + template, "x", "y"))
                    .containsExactly("first: 0 0.0", "first: 1 0.25", "second: 0 0.5", "second: 1 0.75");
            assertThat(points(shown, "by " + template, "x", "y"))
                    .containsExactly("workspace: 0 0.0", "workspace: 1 0.25");
        }
    }

    /** What is drawn, a line for each point. */
    private static List<String> points(JsonNode drawn, String title, String x, String y) {
        var points = new ArrayList<String>();
        for (var point : Plots.named(drawn, title).at("/data/values")) {
            points.add("%s: %s %s"
                    .formatted(
                            point.get("rev").asText(),
                            point.path(x).asText(),
                            point.path(y).asText()));
        }
        return points;
    }

    @Test
    void whatever_the_name_the_title_and_the_labels() {
        for (var odd : ODD) {
            assertThat(points(diff, odd, "x", "y"))
                    .containsExactly(
                            "first: 0 0.0", "first: " + odd + " true", "second: 0 0.5", "second: " + odd + " true");
            var encoding = Plots.named(diff, odd).at("/layer/1/encoding");
            assertThat(encoding.at("/x/title").asText()).isEqualTo("of " + odd);
            assertThat(encoding.at("/y/title").asText()).isEqualTo(odd);
        }
    }

    @Test
    void whatever_the_fields() {
        for (var field : FIELDS) {
            assertThat(drawn("x is " + field, "x"))
                    .containsExactly("first: one 0.0", "first: two 1", "second: one 0.5", "second: two 1");
            assertThat(drawn("y is " + field, "y"))
                    .containsExactly("first: one 0.0", "first: two 1", "second: one 0.5", "second: two 1");
            assertThat(Plots.named(diff, "x is " + field)
                            .at("/layer/1/encoding/x/title")
                            .asText())
                    .isEqualTo(field);
        }
    }

    /** By the columns that the drawing takes. */
    private List<String> drawn(String title, String axis) {
        var encoding = Plots.named(diff, title).at("/layer/1/encoding");
        var x = encoding.at("/x/field").asText().replace("\\", "");
        var y = encoding.at("/y/field").asText().replace("\\", "");
        assertThat(axis.equals("x") ? y : x).isEqualTo("b");
        return points(diff, title, x, y);
    }

    @Test
    void also_where_points_lack_a_field_or_a_number() {
        assertThat(points(diff, "unequal", "x", "y"))
                .containsExactly(
                        "first: 0 null",
                        "first: 1 0.0",
                        "first: null 2",
                        "second: 0 null",
                        "second: 1 0.5",
                        "second: null 2");
        assertThat(points(diff, "no numbers", "x", "y"))
                .containsExactly("first: null null", "first: null 1", "second: null null", "second: null 1");
    }

    @Test
    void without_errors() {
        assertThat(diff.path("errors")).isEmpty();
        assertThat(shown.path("errors")).isEmpty();
    }

    @Test
    void by_a_template_of_the_repository() {
        assertThat(Plots.named(shown, "dvclive/plots/custom/own.json")
                        .get("mark")
                        .asText())
                .isEqualTo("tick");
    }

    @Test
    void and_the_series_of_metrics_whatever_their_names() {
        var plots = Plots.of(diff);

        for (int i = 0; i < METRICS.size(); i++) {
            assertThat(plots.points(METRICS.get(i), "first")).as(METRICS.get(i)).containsExactly("0 " + (double) i);
            assertThat(plots.points(METRICS.get(i), "second"))
                    .as(METRICS.get(i))
                    .containsExactly("0 " + (i + 0.5));
        }
    }
}
