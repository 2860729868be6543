package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.StringValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parameter files and metrics files that a {@code dvc.yaml} names, as DVC finds them: on its top level as files; in a stage as files in the
 * stage's working folder, parameters as files with keys, or as keys of the {@code params.yaml} there.
 */
public final class ListedFiles {

    private ListedFiles() {}

    /**
     * The parameter files' paths from the root.
     *
     * @param folder of the {@code dvc.yaml}: empty, or with a {@code /} at its end
     */
    public static Set<String> params(String folder, Map<String, ParamValue> dvcYaml) {
        var files = new LinkedHashSet<String>();
        SavedFiles.listed(dvcYaml, "params").forEach(file -> files.add(resolve(folder, file)));
        for (var stage : stages(dvcYaml)) {
            if (stage.get("params") instanceof ListValue params) {
                for (var entry : params.values()) {
                    if (entry instanceof MapValue keysByFile) {
                        keysByFile.entries().keySet().forEach(file -> files.add(resolve(folder, stage, file)));
                    } else {
                        files.add(resolve(folder, stage, "params.yaml"));
                    }
                }
            }
        }
        return files;
    }

    /** The same of the metrics files on its top level. */
    public static Set<String> metrics(String folder, Map<String, ParamValue> dvcYaml) {
        var files = new LinkedHashSet<String>();
        SavedFiles.listed(dvcYaml, "metrics").forEach(file -> files.add(resolve(folder, file)));
        return files;
    }

    /** The same of the metrics files that stages write; Git need not have them: by default they are data, in DVC's cache. */
    public static Set<String> stageMetrics(String folder, Map<String, ParamValue> dvcYaml) {
        var files = new LinkedHashSet<String>();
        stages(dvcYaml)
                .forEach(stage ->
                        SavedFiles.listed(stage, "metrics").forEach(file -> files.add(resolve(folder, stage, file))));
        return files;
    }

    private static List<Map<String, ParamValue>> stages(Map<String, ParamValue> dvcYaml) {
        var all = new ArrayList<Map<String, ParamValue>>();
        if (dvcYaml.get("stages") instanceof MapValue stages) {
            for (var stage : stages.entries().values()) {
                if (stage instanceof MapValue options) {
                    // a stage that stands for many has its options one level lower
                    all.add((options.entries().get("do") instanceof MapValue each ? each : options).entries());
                }
            }
        }
        return all;
    }

    private static String resolve(String folder, Map<String, ParamValue> stage, String file) {
        return resolve(stage.get("wdir") instanceof StringValue wdir ? folder + wdir.value() + "/" : folder, file);
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
