package dev.daybook.git.dvc;

import dev.daybook.lifecycle.Event.ArtifactAdded;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The {@code artifacts} of {@code dvc.yaml}, as DVCLive writes them: by name, with the path from the file. */
final class ArtifactList {

    private ArtifactList() {}

    static void write(List<ArtifactAdded> artifacts, String folder, StringBuilder out) {
        var names = new TreeSet<String>();
        for (var artifact : artifacts) {
            if (artifact.traits().isListed()) {
                out.append(names.isEmpty() ? "artifacts:\n" : "");
                write(artifact, name(artifact, names), folder, out);
            }
        }
    }

    private static void write(ArtifactAdded artifact, String name, String folder, StringBuilder out) {
        var traits = artifact.traits();
        out.append("  ").append(DvcYaml.scalar(name)).append(":\n");
        field("path", relative(artifact.path(), folder), out);
        traits.type().ifPresent(type -> field("type", type, out));
        traits.description().ifPresent(description -> field("desc", description, out));
        if (!traits.labels().isEmpty()) {
            out.append("    labels:\n");
            traits.labels()
                    .forEach(label -> out.append("    - ")
                            .append(DvcYaml.scalar(DvcYaml.template(label)))
                            .append('\n'));
        }
    }

    private static void field(String key, String value, StringBuilder out) {
        out.append("    ")
                .append(key)
                .append(": ")
                .append(DvcYaml.scalar(DvcYaml.template(value)))
                .append('\n');
    }

    private static String relative(String path, String folder) {
        return path.startsWith(folder + "/")
                ? path.substring(folder.length() + 1)
                : "../".repeat(folder.split("/", -1).length) + path;
    }

    /** The file's without its ending, in the letters that DVC allows; numbered where another one has it. */
    private static String name(ArtifactAdded artifact, Set<String> taken) {
        var file = artifact.path().substring(artifact.path().lastIndexOf('/') + 1);
        var stem = file.lastIndexOf('.') > 0 ? file.substring(0, file.lastIndexOf('.')) : file;
        var plain = stem.replaceAll("[^A-Za-z0-9_]+", "-").replaceAll("^[-_]+|[-_]+$", "");
        var wanted = artifact.traits().name().orElse(plain.isEmpty() ? "artifact" : plain);
        var name = wanted;
        for (int i = 2; !taken.add(name); i++) {
            name = wanted + "-" + i;
        }
        return name;
    }
}
