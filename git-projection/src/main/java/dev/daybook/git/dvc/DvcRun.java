package dev.daybook.git.dvc;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What DVC notes of an experiment that it runs: the {@code ExecutorInfo} in {@code .dvc/tmp/exps/run/<x>/<x>.run}, and beside it, in
 * {@code <x>.json}, the process. Told from DVC 3.67.1.
 *
 * @param isInWorkTree whether it runs in the user's work tree, and not in a folder of its own
 * @param folder where it runs
 * @param isUnderWay whether it has not come to an end by its own account; the process may be gone nevertheless
 */
public record DvcRun(Optional<String> name, String baseline, boolean isInWorkTree, String folder, boolean isUnderWay) {

    /** {@code TaskStatus.SUCCESS}: below are pending, preparing and running. */
    private static final int SUCCESS = 3;

    /** @throws IOException if it is damaged */
    public static DvcRun read(byte[] content) throws IOException {
        var json = Json.read(content);
        boolean isCollected = json.path("collected").asBoolean();
        return new DvcRun(
                text(json.path("name")),
                json.path("baseline_rev").asText(),
                json.path("location").asText().equals("workspace"),
                json.path("root_dir").asText(),
                !isCollected && json.path("status").asInt() < SUCCESS);
    }

    /**
     * The process of a run, or of a program with DVCLive; empty if it is over.
     *
     * @throws IOException if it is damaged
     */
    public static OptionalLong process(byte[] content) throws IOException {
        var json = Json.read(content);
        return json.path("pid").isIntegralNumber() && !json.path("returncode").isIntegralNumber()
                ? OptionalLong.of(json.path("pid").asLong())
                : OptionalLong.empty();
    }

    /**
     * The experiment of a program with DVCLive, which says so in {@code .dvc/tmp/exps/run/DVCLIVE_ONLY}.
     *
     * @throws IOException if it is damaged
     */
    public static Optional<String> liveName(byte[] content) throws IOException {
        return text(Json.read(content).path("exp_name"));
    }

    private static Optional<String> text(JsonNode json) {
        return Optional.of(json)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(text -> !text.isEmpty());
    }
}
