/**
 * Daybook: experiment tracking for the JVM. Start at {@link dev.daybook.Daybook}.
 *
 * <p>Every call is an immutable event in a journal that survives {@code kill -9}; every saved experiment is a Git commit on
 * {@code refs/exps/<baseline>/<name>} that DVC reads.
 */
@NullMarked
package dev.daybook;

import org.jspecify.annotations.NullMarked;
