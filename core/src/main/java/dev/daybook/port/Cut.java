package dev.daybook.port;

import java.util.List;

/**
 * How many metric records of an experiment stand before an event in its generation, writer by writer. A reader that has seen fewer, or
 * others, knows that records are missing.
 */
public record Cut(List<Writer> writers) {

    public static final Cut NONE = new Cut(List.of());

    public Cut {
        writers = List.copyOf(writers);
    }

    /**
     * One writer's records of this experiment in this generation so far.
     *
     * @param writer its number in the generation
     * @param records how many
     * @param checksum CRC32C over the CRC32C values of these records, in their order, little endian
     */
    public record Writer(int writer, long records, int checksum) {}

    /** All writers together. */
    public long records() {
        return writers.stream().mapToLong(Writer::records).sum();
    }
}
