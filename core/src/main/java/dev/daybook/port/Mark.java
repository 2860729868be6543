package dev.daybook.port;

import java.util.Map;

/**
 * How far one experiment was read in one generation. Only the generation that gave it out can tell what it means.
 *
 * @param end what began before it was read
 * @param filled of what was still being filled then, how much was read
 */
public record Mark(long end, Map<Long, Integer> filled) {

    /** All that there is. */
    public static final Mark END = new Mark(Long.MAX_VALUE, Map.of());

    public Mark {
        filled = Map.copyOf(filled);
    }
}
