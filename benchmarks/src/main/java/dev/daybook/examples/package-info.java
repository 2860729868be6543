/**
 * A small but real piece of machine learning, handwritten digits and two models that learn them, so that the examples have something worth
 * tracking. The training code knows nothing of Daybook.
 */
@NullMarked
package dev.daybook.examples;

import org.jspecify.annotations.NullMarked;
