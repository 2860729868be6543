/** What the architecture rules must find, for the test of the rules. */
@NullMarked
package dev.daybook.lifecycle.impure;

import org.jspecify.annotations.NullMarked;
