package dev.daybook.lifecycle;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The identity of one experiment, from {@code init} to the end of time; names can be used again, ids cannot.
 *
 * @param uuid a version 7 UUID (RFC 9562), so that ids sort by the time of {@code init}
 */
public record ExperimentId(UUID uuid) implements Comparable<ExperimentId> {

    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    /**
     * Makes an id of its two ingredients.
     *
     * @param epochMilli the time, milliseconds since 1970
     * @param random 74 of these 128 bits are used
     */
    public static ExperimentId of(long epochMilli, UUID random) {
        long high = epochMilli << 16 | VERSION_7 | random.getMostSignificantBits() & 0xFFF;
        long low = VARIANT | random.getLeastSignificantBits() & 0x3FFF_FFFF_FFFF_FFFFL;
        return new ExperimentId(new UUID(high, low));
    }

    /**
     * Reads the usual form, 36 characters.
     *
     * @throws IllegalArgumentException for any other
     */
    public static ExperimentId parse(String text) {
        var uuid = UUID.fromString(text);
        Requires.that(uuid.toString().equalsIgnoreCase(text), "not an experiment's id: " + text);
        return new ExperimentId(uuid);
    }

    /** When it was given out, in milliseconds since 1970. */
    public long epochMilli() {
        return uuid.getMostSignificantBits() >>> 16;
    }

    // equals and hashCode by hand: those that the JVM puts together for a record cost a short command some milliseconds
    // (ADR 18)

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExperimentId that && uuid.equals(that.uuid);
    }

    @Override
    public int hashCode() {
        return uuid.hashCode();
    }

    @Override
    public int compareTo(ExperimentId other) {
        int high = Long.compareUnsigned(uuid.getMostSignificantBits(), other.uuid.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(uuid.getLeastSignificantBits(), other.uuid.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return uuid.toString();
    }
}
