package dev.daybook;

/**
 * A checkpoint of an experiment: a commit that holds its code, parameters and metrics at that moment.
 *
 * @param number counts from 1 within the experiment
 * @param commit 40 hex digits
 */
public record Checkpoint(int number, String commit, String message) {}
