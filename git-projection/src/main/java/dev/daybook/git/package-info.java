/** Experiments as commits: the work tree's content as a tree, the experiment's files laid over it, and the refs that DVC reads. */
@NullMarked
package dev.daybook.git;

import org.jspecify.annotations.NullMarked;
