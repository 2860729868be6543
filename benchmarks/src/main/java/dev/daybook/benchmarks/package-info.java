/**
 * How fast Daybook is, beside what it could be compared with, in one run: {@code benchmarks/run journal} and {@code benchmarks/run replay}.
 *
 * <p>A benchmark starts one JVM after the other, a <em>fork</em> each, the competitors taking turns, and prints medians over the forks, then
 * a line per goal. What it says of the machine names neither the host nor a place on its disk.
 */
@NullMarked
package dev.daybook.benchmarks;

import org.jspecify.annotations.NullMarked;
