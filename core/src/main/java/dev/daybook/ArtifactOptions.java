package dev.daybook;

import dev.daybook.lifecycle.ArtifactTraits;
import dev.daybook.lifecycle.Event.ArtifactAdded;
import dev.daybook.port.Projection.Kept;
import java.util.List;
import java.util.Optional;

/**
 * What an artifact is, for whoever looks for it later; immutable, each {@code with} method gives a changed copy. With a name, a type, a
 * description or labels, the artifact is listed in the {@code dvc.yaml} of the experiment's output folder, where {@code dvc artifacts} and
 * the model registry find it.
 *
 * @param name letters, digits, {@code -}, {@code _} and {@code /}; by default that of the file, without its ending
 * @param type such as {@code model} or {@code dataset}
 * @param maxGitBytes up to which size a file that Git tracks stays in Git; 10 MiB by default. A larger one is replaced by DVC's pointer
 */
public record ArtifactOptions(
        Optional<String> name,
        Optional<String> type,
        Optional<String> description,
        List<String> labels,
        long maxGitBytes) {

    private static final ArtifactOptions DEFAULTS = new ArtifactOptions(
            Optional.empty(), Optional.empty(), Optional.empty(), List.of(), ArtifactTraits.DEFAULT.maxBlobBytes());

    public ArtifactOptions {
        if (maxGitBytes < 0) {
            throw new InvalidInputException(maxGitBytes + " is no number of bytes; give 0 to keep nothing in Git");
        }
        labels = List.copyOf(labels);
    }

    public static ArtifactOptions defaults() {
        return DEFAULTS;
    }

    public ArtifactOptions withName(String newName) {
        return new ArtifactOptions(Optional.of(newName), type, description, labels, maxGitBytes);
    }

    public ArtifactOptions withType(String newType) {
        return new ArtifactOptions(name, Optional.of(newType), description, labels, maxGitBytes);
    }

    public ArtifactOptions withDescription(String newDescription) {
        return new ArtifactOptions(name, type, Optional.of(newDescription), labels, maxGitBytes);
    }

    public ArtifactOptions withLabels(String... newLabels) {
        return new ArtifactOptions(name, type, description, List.of(newLabels), maxGitBytes);
    }

    public ArtifactOptions withMaxGitBytes(long bytes) {
        return new ArtifactOptions(name, type, description, labels, bytes);
    }

    ArtifactAdded event(Kept kept) {
        var traits = new ArtifactTraits(kept.isExecutable(), maxGitBytes, name, type, description, labels);
        return new ArtifactAdded(kept.path(), kept.algorithm(), kept.hash(), kept.bytes(), kept.files(), traits);
    }
}
