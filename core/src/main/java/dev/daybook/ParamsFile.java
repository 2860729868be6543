package dev.daybook;

import dev.daybook.lifecycle.ParamKey;
import dev.daybook.lifecycle.ParamValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parameter file of the work tree, for training code that reads its parameters from there: a value that is set here is written into the
 * file itself and recorded like one of {@link Experiment#setParam}.
 *
 * <p>YAML, JSON and TOML are edited in place: comments, layout and every other value stay as they are. The new file takes the old one's
 * place at once, with its permissions; whoever reads it meanwhile sees the old one or the new one, never a half. Symbolic links are not
 * followed, and what is outside the work tree or Git's own is not touched.
 *
 * <p>Durability: when a call returns, the file is on disk, and the record as {@link Durability} says. If it is refused or fails, neither has changed, but for one
 * case: where the file cannot be replaced after all, the values are recorded, and the exception says so. A process that dies within the
 * call may leave the record without the edit, which a save warns about, and an empty-handed {@code .daybook-*.tmp} beside the file.
 *
 * <p>Thread-safe. Another process that edits the file in the same moment is not kept from it.
 */
public final class ParamsFile {

    private final Experiment experiment;
    private final String path;

    ParamsFile(Experiment experiment, String path) {
        this.experiment = experiment;
        this.path = path;
    }

    /**
     * Sets one parameter.
     *
     * @param key {@code lr}, {@code model.depth}; a dot inside a name as {@code \.}
     * @param value as for {@link Experiment#setParam}; a map is merged into the one that is there
     * @throws IllegalTransitionException if the experiment is not ACTIVE
     * @throws InvalidInputException if the key or the value cannot be a parameter's
     * @throws DaybookException if the file does not exist, is no regular file of the work tree, or cannot take the value
     */
    public ParamsFile set(String key, @Nullable Object value) {
        var typed = ParamValues.of(value, key);
        experiment.setInFile(path, Map.of(inFile(ParamKey.parse(key)), typed));
        return this;
    }

    /**
     * Sets several parameters in one edit, all or none.
     *
     * @param params a record or a map, as for {@link Experiment#setParams}
     */
    public ParamsFile setAll(Object params) {
        var values = new LinkedHashMap<ParamKey, ParamValue>();
        ParamValues.ofParams(params).forEach((key, value) -> values.put(inFile(key), value));
        experiment.setInFile(path, values);
        return this;
    }

    private ParamKey inFile(ParamKey key) {
        if (key.file().isPresent() && !key.file().get().equals(path)) {
            throw new InvalidInputException("parameter '" + key + "' names another file than " + path
                    + ", which is being edited; leave the file out of the key");
        }
        return new ParamKey(Optional.of(path), key.path());
    }

    /** The path. */
    @Override
    public String toString() {
        return path;
    }
}
