package dev.daybook.lifecycle;

import java.util.List;
import java.util.Optional;

/**
 * What is said of an artifact beside its content.
 *
 * @param isExecutable whether a file can be executed, by anybody
 * @param maxBlobBytes up to which size a file that Git tracks stays in Git
 * @param name under which DVC lists it; empty for that of its file
 * @param type such as {@code model} or {@code dataset}
 * @param description for people
 */
public record ArtifactTraits(
        boolean isExecutable,
        long maxBlobBytes,
        Optional<String> name,
        Optional<String> type,
        Optional<String> description,
        List<String> labels) {

    /** Of an artifact of which nothing was said. */
    public static final ArtifactTraits DEFAULT =
            new ArtifactTraits(false, 10L << 20, Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    public ArtifactTraits {
        Requires.that(maxBlobBytes >= 0, "a limit of bytes is not negative");
        labels = List.copyOf(labels);
    }

    /** Whether DVC is to list it. */
    public boolean isListed() {
        return name.isPresent() || type.isPresent() || description.isPresent() || !labels.isEmpty();
    }
}
