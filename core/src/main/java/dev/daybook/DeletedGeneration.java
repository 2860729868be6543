package dev.daybook;

/**
 * A generation of the journal that was deleted, or would be.
 *
 * @param name of its folder
 * @param bytes what it takes on the disk
 * @param reason why it may go
 */
public record DeletedGeneration(String name, long bytes, String reason) {}
