package dev.daybook.git.dvc;

import dev.daybook.git.dvc.JsonSpan.Items;
import dev.daybook.git.dvc.JsonSpan.Members;
import dev.daybook.lifecycle.ParamValue;
import java.util.List;

/** Finds the one range of a JSON text that an override replaces, and what to put there. */
final class JsonEdit {

    private final TextSource source;
    private final String text;
    private final Members root;
    private final JsonLayout layout;
    private final List<String> path;
    private final ParamValue value;

    private JsonEdit(TextSource source, Members root, List<String> path, ParamValue value) {
        this.source = source;
        this.text = source.text();
        this.root = root;
        this.layout = JsonLayout.of(source, root);
        this.path = path;
        this.value = value;
    }

    /** The text after the edit. */
    static String apply(TextSource source, Members root, List<String> path, ParamValue value) {
        var edit = new JsonEdit(source, root, path, value);
        return edit.splice().apply(edit.text);
    }

    private Splice splice() {
        JsonSpan parent = root;
        JsonSpan at = root;
        for (int depth = 0; depth < path.size(); depth++) {
            parent = at;
            var segment = path.get(depth);
            if (at instanceof Members object) {
                var member = object.member(segment);
                if (member.isEmpty()) {
                    return insert(object, depth);
                }
                at = member.get().value();
            } else if (at instanceof Items list) {
                at = list.items().get(index(list, segment, depth));
            } else {
                throw source.refusal(at.start(), ParamPaths.notAMap(ParamPaths.name(path, depth)));
            }
        }
        return new Splice(
                at.start(),
                at.end(),
                JsonWriter.value(layout, value, source.indent(at.start()), isOnLines(parent, at)));
    }

    private int index(Items list, String segment, int depth) {
        return ParamPaths.index(segment, list.items().size())
                .orElseThrow(() ->
                        source.refusal(list.start(), ParamPaths.noElement(ParamPaths.name(path, depth), segment)));
    }

    /** As the old value was, if that shows it; else as what it stands in. */
    private boolean isOnLines(JsonSpan parent, JsonSpan old) {
        if (old.firstPart().isPresent()) {
            return isOnLines(old);
        }
        return isOnLines(parent)
                && (value instanceof ParamValue.ListValue ? layout.listsOnLines() : layout.mapsOnLines());
    }

    private boolean isOnLines(JsonSpan span) {
        return JsonLayout.isOnLines(source, span);
    }

    private Splice insert(Members object, int depth) {
        return object.members().isEmpty() ? fill(object, depth) : append(object, depth);
    }

    /** Into a map without a key. */
    private Splice fill(Members object, int depth) {
        boolean onLines = isOnLines(object) || (depth > 0 && layout.mapsOnLines());
        if (!onLines) {
            return Splice.insert(object.start() + 1, member(depth, "", false));
        }
        var outer = source.indent(object.end() - 1);
        var inner = outer + layout.unit();
        var newline = layout.newline();
        return new Splice(
                object.start() + 1, object.end() - 1, newline + inner + member(depth, inner, true) + newline + outer);
    }

    /** Behind the last key, with what stands between the keys that are there. */
    private Splice append(Members object, int depth) {
        var members = object.members();
        var last = members.get(members.size() - 1);
        boolean onLines = JsonLayout.hasBreak(text.substring(
                members.size() == 1
                        ? object.start()
                        : members.get(members.size() - 2).value().end(),
                last.keyStart()));
        var indent = source.indent(last.keyStart());
        var separator = onLines ? "," + layout.newline() + indent : layout.comma();
        return Splice.insert(last.value().end(), separator + member(depth, indent, onLines));
    }

    private String member(int depth, String indent, boolean onLines) {
        var nested = ParamPaths.nested(path.subList(depth + 1, path.size()), value);
        return JsonWriter.member(layout, path.get(depth), nested, indent, onLines);
    }
}
