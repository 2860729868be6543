/**
 * The command line: lists, shows, follows, saves and discards experiments, finishes saves that a crash has cut in half, checks the journal and
 * collects it. Uses only the API.
 */
@NullMarked
package dev.daybook.cli;

import org.jspecify.annotations.NullMarked;
