package dev.daybook.git.dvc;

/** One range of a text and what replaces it. */
record Splice(int start, int end, String replacement) {

    static Splice insert(int at, String insertion) {
        return new Splice(at, at, insertion);
    }

    String apply(String text) {
        return text.substring(0, start) + replacement + text.substring(end);
    }
}
