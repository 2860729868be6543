package dev.daybook;

import java.util.regex.Pattern;

/**
 * Where in the journal something stands. Written as {@code 20261123T161900.123Z-9f3a61c2#12}, and {@code ...#12.5} for the record in slot 5
 * of a block of metric values.
 *
 * @param generation the name of the generation: the folder below the journal's
 * @param document the number of the document in it, from 0
 * @param slot the number of the record in its document, from 0; 0 for an event, which has a document of its own
 */
public record HistoryPosition(String generation, long document, int slot) {

    private static final Pattern TEXT = Pattern.compile("([^#]+)#(\\d{1,18})(?:\\.(\\d{1,9}))?");

    /**
     * The position that a text names.
     *
     * @throws InvalidInputException if it is none
     */
    public static HistoryPosition parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidInputException("'" + text + "' is no position; 'history' prints them, such as "
                    + "20261123T161900.123Z-9f3a61c2#12.5");
        }
        var slot = matcher.group(3);
        return new HistoryPosition(
                matcher.group(1), Long.parseLong(matcher.group(2)), slot == null ? 0 : Integer.parseInt(slot));
    }

    @Override
    public String toString() {
        return generation + "#" + document + (slot == 0 ? "" : "." + slot);
    }
}
