package dev.daybook.journal;

/** A document that Daybook cannot have written so. Says what is wrong with it; where it stands, its catcher knows. */
final class DamagedException extends Exception {

    private static final long serialVersionUID = 1L;

    DamagedException(String what) {
        super(what, null, false, false);
    }
}
