package dev.daybook.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.daybook.HistoryPosition;
import dev.daybook.Moment;
import dev.daybook.Params;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** All of one experiment as it stood at one position of its history. */
final class MomentPage {

    private final String name;
    private final HistoryPosition position;
    private final Moment moment;
    private final Map<String, Object> params;
    private final Map<String, Params.Origin> origins;

    MomentPage(String name, HistoryPosition position, Moment moment) {
        this.name = name;
        this.position = position;
        this.moment = moment;
        this.params = moment.params().asMap();
        this.origins = Experiments.origins(moment.params(), params.keySet());
    }

    private String state() {
        return moment.state().name().toLowerCase(Locale.ROOT);
    }

    ObjectNode json() {
        var node = Json.object()
                .put("name", name)
                .put("position", position.toString())
                .put("state", state())
                .put("time", moment.time().toString());
        node.set("params", Json.ofMap(params));
        Json.putDetails(node, origins, moment.metrics(), moment.checkpoints());
        return node;
    }

    /** For people. */
    Sheet sheet(Function<Instant, String> times) {
        return new Sheet()
                .fact("name", name)
                .fact("position", position.toString())
                .fact("state", state())
                .fact("time", times.apply(moment.time()))
                .section(Sheet.params(params, origins))
                .section(Sheet.metrics(moment.metrics()))
                .section(Sheet.checkpoints(moment.checkpoints()));
    }
}
