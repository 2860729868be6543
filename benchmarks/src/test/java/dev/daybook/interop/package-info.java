/** What other tools make of what Daybook writes, asked of the tools themselves. */
@NullMarked
package dev.daybook.interop;

import org.jspecify.annotations.NullMarked;
