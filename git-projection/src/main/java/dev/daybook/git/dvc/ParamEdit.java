package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One edit of a parameter file of any format, held against what was asked for: the old values with the new one, and nothing else. */
final class ParamEdit {

    private final String fileName;
    private final List<String> path;
    private final ParamValue value;

    ParamEdit(String fileName, List<String> path, ParamValue value) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("a path needs at least one key");
        }
        ParamLimits.check(fileName, path, value);
        this.fileName = fileName;
        this.path = path;
        this.value = value;
    }

    /**
     * Makes the edit and judges it.
     *
     * @param old the file itself, which is also the result if it has the value already
     * @param oldValues with {@link #foreign} values told apart from strings
     * @param splicing gives the text after the edit
     * @param reading reads it
     * @param values of what was read, as the old ones
     */
    <S, F> F apply(
            F old,
            Map<String, ParamValue> oldValues,
            Supplier<S> splicing,
            Function<S, F> reading,
            Function<F, Map<String, ParamValue>> values) {
        if (ParamPaths.get(oldValues, path).equals(Optional.of(value))) {
            return old;
        }
        var source = splicing.get();
        F result;
        try {
            result = reading.apply(source);
        } catch (ParamFileException e) {
            throw inPlace("the file would no longer be readable; edit it by hand", e);
        }
        if (!values.apply(result).equals(ParamPaths.with(oldValues, path, value))) {
            throw inPlace("other values would change as well; edit the file by hand", null);
        }
        return result;
    }

    private ParamFileException inPlace(String reason, @Nullable Throwable cause) {
        var problem = new ParamKey(Optional.empty(), path).dotted() + " cannot be set in place: " + reason;
        return cause == null
                ? new ParamFileException(fileName, problem)
                : new ParamFileException(fileName, problem, cause);
    }

    /** Wraps a value that has no case of its own, so that a date never equals a string of the same letters. */
    static ParamValue foreign(String type, ParamValue shown) {
        return ParamValue.of(Map.of("\0" + type, shown));
    }
}
