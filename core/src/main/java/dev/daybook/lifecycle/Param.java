package dev.daybook.lifecycle;

import java.util.Optional;

/**
 * One parameter as it stands: a leaf.
 *
 * @param key with its file
 * @param isOverride whether the experiment set it; else the file's own value
 */
public record Param(ParamKey key, ParamValue value, boolean isOverride) {

    /** What stands at a key below this one: an element of a list, or something in one. */
    public Optional<Param> element(ParamKey below) {
        var path = below.path().subList(key.path().size(), below.path().size());
        return ParamTree.find(value, path).map(found -> new Param(below, found, isOverride));
    }
}
