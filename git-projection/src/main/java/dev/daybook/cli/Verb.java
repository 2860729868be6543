package dev.daybook.cli;

/** A command, which picocli runs: a {@link Runnable}, or a {@link java.util.concurrent.Callable} that returns the exit code. */
interface Verb {

    /** How it is called, and what takes the arguments. */
    Syntax syntax();
}
