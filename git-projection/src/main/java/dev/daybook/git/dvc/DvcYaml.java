package dev.daybook.git.dvc;

import dev.daybook.git.dvc.YamlText.Quotes;
import dev.daybook.lifecycle.Event.PlotLogged;
import dev.daybook.lifecycle.ExperimentData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code dvc.yaml} in the output folder: which files there are parameters, metrics and plots. Paths are relative to the folder.
 *
 * <p>Each plot has an entry of its own: for a whole directory DVC would also plot what another experiment left there.
 */
public final class DvcYaml {

    /** Plain in every YAML and no word of it, but more than {@link YamlText} dares inside other people's files. */
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_./+~,=@()-]*(?:[ :][A-Za-z0-9_./+~,=@()-]+)*");

    private static final Pattern UNLIKE_ANY_WORD = Pattern.compile(".*[~:,=@()].*");

    private DvcYaml() {}

    /**
     * The file, or nothing if there is nothing to list.
     *
     * @param params parameter files that hold overrides, relative to the folder
     * @param data whose custom plots are listed, and of its artifacts those that have a name, type, description or labels
     */
    public static Optional<byte[]> write(List<String> params, boolean hasMetrics, Plots plots, ExperimentData data) {
        var out = new StringBuilder();
        if (!params.isEmpty()) {
            out.append("params:\n");
            params.forEach(
                    file -> out.append("- ").append(scalar(template(file))).append('\n'));
        }
        if (hasMetrics) {
            out.append("metrics:\n- metrics.json\n");
        }
        var entries = new StringBuilder();
        plots.names().forEach(plot -> plot(plot, entries));
        data.plots().values().forEach(custom -> custom(custom, entries));
        if (!entries.isEmpty()) {
            out.append("plots:\n").append(entries);
        }
        ArtifactList.write(data.artifacts().asJava(), data.facts().outputFolder(), out);
        return out.isEmpty() ? Optional.empty() : Optional.of(out.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void plot(PlotName plot, StringBuilder out) {
        out.append("- ").append(scalar(plot.path())).append(":\n    x: step\n");
        if (!plot.isPlain()) {
            out.append("    y: ").append(scalar(plot.column())).append('\n');
            out.append("    title: ").append(scalar(template(plot.metric()))).append('\n');
        }
    }

    private static void custom(PlotLogged plot, StringBuilder out) {
        var view = plot.view();
        out.append("- ").append(scalar(CustomPlots.path(plot))).append(":\n");
        field("template", view.template(), out);
        var x = CustomPlots.column(plot, view.x());
        var y = CustomPlots.column(plot, view.y());
        field("x", x, out);
        field("y", y, out);
        view.title().ifPresent(title -> field("title", title, out));
        view.xLabel().or(() -> unlike(view.x(), x)).ifPresent(label -> field("x_label", label, out));
        view.yLabel().or(() -> unlike(view.y(), y)).ifPresent(label -> field("y_label", label, out));
    }

    /** The name of a field whose column has another one. */
    private static Optional<String> unlike(String field, String column) {
        return Optional.of(field).filter(name -> !name.equals(column));
    }

    private static void field(String name, String value, StringBuilder out) {
        out.append("    ")
                .append(name)
                .append(": ")
                .append(scalar(template(value)))
                .append('\n');
    }

    /** DVC fills in variables everywhere in the file. */
    static String template(String text) {
        return text.replace("${", "\\${");
    }

    static String scalar(String text) {
        return PLAIN.matcher(text).matches() && UNLIKE_ANY_WORD.matcher(text).matches()
                ? text
                : YamlText.of(text, Quotes.AS_NEEDED);
    }
}
