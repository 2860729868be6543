package dev.daybook.git.dvc;

/** One range of a text and what replaces it. */
record YamlSplice(int start, int end, String replacement) {

    static YamlSplice insert(int at, String insertion) {
        return new YamlSplice(at, at, insertion);
    }

    String apply(String text) {
        return text.substring(0, start) + replacement + text.substring(end);
    }
}
