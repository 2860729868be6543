/** Daybook's part in the comparison with other trackers, which {@code src/main/peers} runs and measures. */
@NullMarked
package dev.daybook.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
