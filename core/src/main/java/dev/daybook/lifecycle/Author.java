package dev.daybook.lifecycle;

/** Who is written into the commits of an experiment: what Git's configuration said at {@code init}. */
public record Author(String name, String email) {}
