/** The files that DVC reads and writes: parameter files, metrics, plots, {@code dvc.yaml}, {@code dvc.lock}, {@code .dvc} and the cache. */
@NullMarked
package dev.daybook.git.dvc;

import org.jspecify.annotations.NullMarked;
