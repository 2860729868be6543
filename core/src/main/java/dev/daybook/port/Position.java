package dev.daybook.port;

/**
 * Where an event stands in the journal.
 *
 * @param generation the name of the generation
 * @param document the number of the document in it, from 0
 */
public record Position(String generation, long document) {
    @Override
    public String toString() {
        return generation + "#" + document;
    }
}
