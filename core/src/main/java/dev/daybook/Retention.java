package dev.daybook;

import java.time.Duration;

/**
 * How long the journal is kept. Only what is finished is ever deleted: a generation (one process's journal, up to the size at which the next
 * is begun) whose process is gone and whose experiments are all saved or discarded. Such a generation goes once it is older than the age,
 * or, the oldest first, while all generations together take more than the size. What was saved stays in Git.
 *
 * @param age since the generation was written last
 * @param bytes of all generations together
 */
public record Retention(Duration age, long bytes) {

    /** 30 days or 2 GiB. */
    public static final Retention DEFAULT = new Retention(Duration.ofDays(30), 2L << 30);

    /** Nothing is ever deleted. */
    public static final Retention FOREVER = new Retention(Duration.ofMillis(Long.MAX_VALUE), Long.MAX_VALUE);

    public Retention {
        if (age.isNegative() || bytes < 0) {
            throw new InvalidInputException("a retention of " + age + " and " + bytes + " bytes is negative");
        }
    }
}
