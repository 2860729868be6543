package dev.daybook.lifecycle;

/**
 * One parameter as it stands: a leaf.
 *
 * @param key with its file
 * @param isOverride whether the experiment set it; else the file's own value
 */
public record Param(ParamKey key, ParamValue value, boolean isOverride) {}
