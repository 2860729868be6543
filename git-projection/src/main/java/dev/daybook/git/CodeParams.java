package dev.daybook.git;

import dev.daybook.git.dvc.ListedFiles;
import dev.daybook.git.dvc.ParamFile;
import dev.daybook.git.dvc.ParamFileException;
import dev.daybook.lifecycle.ParamValue.MapValue;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameter files of a code tree as DVC shows them: {@code params.yaml}, then what the root's {@code dvc.yaml} lists. What cannot be
 * read becomes a sentence: an experiment needs none of them.
 */
final class CodeParams {

    private static final String DEFAULT = "params.yaml";
    private static final String DVC_YAML = "dvc.yaml";

    private final TreeFiles code;
    private final List<String> warnings;
    private final Map<String, MapValue> params = new LinkedHashMap<>();

    private CodeParams(TreeFiles code, List<String> warnings) {
        this.code = code;
        this.warnings = warnings;
    }

    /** By file, from the root. */
    static Map<String, MapValue> read(TreeFiles code, List<String> warnings) {
        var params = new CodeParams(code, warnings);
        params.read(DEFAULT, "the parameters of").ifPresent(values -> params.params.put(DEFAULT, values));
        params.read(DVC_YAML, "the parameter files that are listed in").ifPresent(params::readListed);
        return params.params;
    }

    private void readListed(MapValue dvcYaml) {
        for (var file : ListedFiles.params("", dvcYaml.entries())) {
            if (ListedFiles.isTemplate(file)) {
                warnings.add(
                        "the parameters of " + file + " are not recorded because only DVC knows which file that is;"
                                + " list it by its name under params in dvc.yaml");
            } else if (!params.containsKey(file) && !file.equals(DEFAULT)) {
                read(file, "the parameters of").ifPresent(values -> params.put(file, values));
            }
        }
    }

    private Optional<MapValue> read(String file, String what) {
        try {
            var content = code.read(file);
            if (content.isEmpty() && !file.equals(DEFAULT) && !file.equals(DVC_YAML)) {
                warnings.add(what + " " + file
                        + " are not recorded because dvc.yaml lists it and the code does not hold it");
            }
            return content.map(
                    bytes -> new MapValue(ParamFile.parse(file, bytes).values()));
        } catch (IOException | ParamFileException e) {
            warnings.add(what + " " + file + " are not recorded because it cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }
}
