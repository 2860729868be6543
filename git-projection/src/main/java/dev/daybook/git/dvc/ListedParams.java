package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.StringValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The parameter files that a {@code dvc.yaml} names, as DVC finds them: on its top level as files; in a stage as files with keys, or as keys
 * of the {@code params.yaml} in the stage's working folder.
 */
public final class ListedParams {

    private final Set<String> files = new LinkedHashSet<>();

    private ListedParams() {}

    /**
     * The paths from the root.
     *
     * @param folder of the {@code dvc.yaml}: empty, or with a {@code /} at its end
     */
    public static Set<String> of(String folder, Map<String, ParamValue> dvcYaml) {
        var listed = new ListedParams();
        SavedFiles.listed(dvcYaml, "params").forEach(file -> listed.files.add(resolve(folder, file)));
        if (dvcYaml.get("stages") instanceof MapValue stages) {
            for (var stage : stages.entries().values()) {
                if (stage instanceof MapValue options) {
                    // a stage that stands for many has its options one level lower
                    listed.stage(folder, options.entries().get("do") instanceof MapValue each ? each : options);
                }
            }
        }
        return listed.files;
    }

    private void stage(String folder, MapValue stage) {
        var workingFolder =
                stage.entries().get("wdir") instanceof StringValue wdir ? folder + wdir.value() + "/" : folder;
        if (stage.entries().get("params") instanceof ListValue params) {
            for (var entry : params.values()) {
                if (entry instanceof MapValue keysByFile) {
                    keysByFile.entries().keySet().forEach(file -> files.add(resolve(workingFolder, file)));
                } else {
                    files.add(resolve(workingFolder, "params.yaml"));
                }
            }
        }
    }

    /** Whether a name has a variable in it, for which only DVC knows the value. */
    public static boolean isTemplate(String file) {
        return file.contains("${");
    }

    /** A path of a {@code dvc.yaml} from the root; one that leaves the repository keeps its {@code ..} and is not found. */
    public static String resolve(String folder, String file) {
        var segments = new ArrayList<String>();
        for (var segment : (folder + file).split("/", -1)) {
            boolean canGoUp =
                    !segments.isEmpty() && !segments.get(segments.size() - 1).equals("..");
            if (segment.equals("..") && canGoUp) {
                segments.remove(segments.size() - 1);
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        return String.join("/", segments);
    }
}
