package dev.daybook;

/** What {@code init} does with a name that another experiment of the same baseline, or an unfinished one, has. */
public enum TakenName {
    /** Number it: {@code sweep-1}, {@code sweep-1-2}, {@code sweep-1-3}, ... and warn. A script that is run twice simply works. */
    NUMBER,
    /** Refuse with {@link NameTakenException}. */
    REFUSE,
    /** Let {@code save} replace the saved experiment of that name; an unfinished one is refused still. */
    REPLACE
}
