package dev.daybook.git;

import java.time.Instant;
import java.util.List;

/**
 * What people have added to a saved experiment.
 *
 * @param tags in the order of the alphabet
 * @param notes the oldest first
 */
public record Annotations(List<String> tags, List<Note> notes) {

    /** Of an experiment to which nobody has added anything. */
    public static final Annotations NONE = new Annotations(List.of(), List.of());

    public Annotations {
        tags = tags.stream().distinct().sorted().toList();
        notes = List.copyOf(notes);
    }

    public boolean isEmpty() {
        return tags.isEmpty() && notes.isEmpty();
    }

    /**
     * A text.
     *
     * @param author whom Git would name
     */
    public record Note(Instant time, String author, String text) {}
}
