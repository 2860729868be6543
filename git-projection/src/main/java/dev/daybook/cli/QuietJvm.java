package dev.daybook.cli;

/**
 * Keeps the JVM's own words off standard error: from Java 24 on it warns when {@code sun.misc.Unsafe} is first used on memory, which the
 * journal rests on. For that warning there is a flag but no manifest entry, and {@code java -jar daybook.jar} has no flags; so this sets
 * the field that remembers that the warning was given.
 *
 * <p>Only for this process of ours: a library must not decide what its host's JVM says.
 */
final class QuietJvm {

    private QuietJvm() {}

    /** Does what it can: where the field is missing (before 24, or after it is gone) nothing happens, and nothing is lost. */
    static void hush() {
        try {
            var warned = Class.forName("sun.misc.Unsafe").getDeclaredField("memoryAccessWarned");
            warned.setAccessible(true);
            warned.setBoolean(null, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // a JVM without the field, or one that does not let us: at worst it warns
        }
    }
}
