package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** A value of a JSON document that knows which range of the text it is, in char offsets. */
sealed interface JsonSpan {

    /**
     * A string, number, boolean or null.
     *
     * @param isBig whether it is an integer of more than 64 bits, which is read as a string
     */
    record Leaf(int start, int end, ParamValue value, boolean isBig) implements JsonSpan {}

    record Items(int start, int end, List<JsonSpan> items) implements JsonSpan {}

    record Members(int start, int end, List<Member> members) implements JsonSpan {

        Optional<Member> member(String name) {
            return members.stream().filter(member -> member.name().equals(name)).findFirst();
        }
    }

    /** A key, with its quotes, and its value. */
    record Member(String name, int keyStart, int keyEnd, JsonSpan value) {}

    int start();

    int end();

    /** Where the first part of what is not empty begins: a key or an item. */
    default Optional<Integer> firstPart() {
        if (this instanceof Members object && !object.members().isEmpty()) {
            return Optional.of(object.members().get(0).keyStart());
        }
        return this instanceof Items list && !list.items().isEmpty()
                ? Optional.of(list.items().get(0).start())
                : Optional.empty();
    }

    /**
     * The value.
     *
     * @param exact whether integers of more than 64 bits are told apart from strings
     */
    default ParamValue value(boolean exact) {
        if (this instanceof Members object) {
            var entries = new LinkedHashMap<String, ParamValue>();
            object.members()
                    .forEach(member -> entries.put(member.name(), member.value().value(exact)));
            return ParamValue.of(entries);
        }
        if (this instanceof Items list) {
            return ParamValue.of(
                    list.items().stream().map(item -> item.value(exact)).toList());
        }
        var leaf = (Leaf) this;
        return exact && leaf.isBig() ? ParamEdit.foreign("BIG_INTEGER", leaf.value()) : leaf.value();
    }
}
