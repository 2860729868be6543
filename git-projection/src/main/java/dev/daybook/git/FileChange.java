package dev.daybook.git;

/**
 * How a file differs.
 *
 * @param path from the root, with {@code /}; bytes that are not UTF-8 as {@code \ooo}
 * @param how {@code M}: another content or permission, {@code A}: only the second one has it, {@code D}: only the first one, {@code T}: of
 *     another type
 */
public record FileChange(String path, char how) {
    @Override
    public String toString() {
        return how + " " + path;
    }
}
