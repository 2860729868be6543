package dev.daybook;

import java.util.Collection;
import java.util.Optional;

/** The ref of a saved experiment: {@code refs/exps/<first two digits of the baseline>/<the other 38>/<name>}. */
public final class SavedRef {

    private static final int DIGITS_BEFORE_SLASH = 2;

    private SavedRef() {}

    /** Tells the present baseline, if that is asked for. */
    public interface Head<E extends Exception> {
        String read() throws E;
    }

    /** Of a baseline, 40 hex digits, and a name. */
    public static String of(String baseline, String name) {
        return "refs/exps/" + baseline.substring(0, DIGITS_BEFORE_SLASH) + "/" + baseline.substring(DIGITS_BEFORE_SLASH)
                + "/" + name;
    }

    /** The name in a ref. */
    public static String name(String ref) {
        return ref.substring(ref.lastIndexOf('/') + 1);
    }

    /**
     * The one of some refs that somebody means by a name, or by the whole ref.
     *
     * @param where the refs are, for the message: empty, or with a space in front
     * @param head of several experiments of the name that of the present baseline is meant
     * @throws InvalidInputException if several have the name and none of them is of the present baseline
     */
    public static <E extends Exception> Optional<String> choose(
            Collection<String> refs, String text, String where, Head<E> head) throws E {
        var named = refs.stream()
                .filter(ref -> ref.equals(text) || name(ref).equals(text))
                .toList();
        if (named.size() < 2) {
            return named.stream().findFirst();
        }
        var here = of(head.read(), text);
        if (!named.contains(here)) {
            throw new InvalidInputException("the name '" + text + "' means several experiments" + where
                    + ", of other baselines than the present one; use one of " + String.join(", ", named));
        }
        return Optional.of(here);
    }
}
