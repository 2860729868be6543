package dev.daybook;

/** Another experiment has the name, and the options or the circumstances do not let Daybook number it. */
public final class NameTakenException extends DaybookException {

    private static final long serialVersionUID = 1L;

    public NameTakenException(String message) {
        super(message);
    }
}
