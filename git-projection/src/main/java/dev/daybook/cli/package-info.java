/** The command line: lists, shows, saves and discards experiments and finishes saves that a crash has cut in half. Uses only the API. */
@NullMarked
package dev.daybook.cli;

import org.jspecify.annotations.NullMarked;
