package dev.daybook.lifecycle.impure;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/** Everything that the life cycle must not do: the architecture rules are tried on it. */
final class Impure {

    private final Random random = new Random(42);

    Instant now() {
        return Instant.now();
    }

    Path path() {
        return Path.of("x" + random.nextInt());
    }
}
