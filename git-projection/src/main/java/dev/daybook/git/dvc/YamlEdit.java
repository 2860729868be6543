package dev.daybook.git.dvc;

import dev.daybook.git.dvc.YamlNode.Alias;
import dev.daybook.git.dvc.YamlNode.Document;
import dev.daybook.git.dvc.YamlNode.Entry;
import dev.daybook.git.dvc.YamlNode.Mapping;
import dev.daybook.git.dvc.YamlNode.Scalar;
import dev.daybook.git.dvc.YamlNode.Sequence;
import dev.daybook.git.dvc.YamlText.Quotes;
import dev.daybook.git.dvc.YamlWriter.Layout;
import dev.daybook.lifecycle.ParamValue;
import java.util.List;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** Finds the one range of the text that an override replaces, and what to put there. */
final class YamlEdit {

    private final Document document;
    private final YamlSource source;
    private final String text;
    private final YamlValues values;
    private final Layout layout;
    private final List<String> path;
    private final ParamValue value;

    private YamlEdit(Document document, YamlValues values, List<String> path, ParamValue value) {
        this.document = document;
        this.source = document.source();
        this.text = source.text();
        this.values = values;
        this.layout = Layout.of(document);
        this.path = path;
        this.value = value;
    }

    /** The text after the edit. */
    static String apply(Document document, YamlValues values, List<String> path, ParamValue value) {
        var edit = new YamlEdit(document, values, path, value);
        return edit.splice().apply(edit.text);
    }

    private Splice splice() {
        if (document.root().isEmpty()) {
            return appendToNothing();
        }
        YamlNode at = document.root().get();
        for (int depth = 0; ; depth++) {
            refuseShared(at, depth);
            boolean last = depth == path.size() - 1;
            var segment = path.get(depth);
            if (at instanceof Mapping map) {
                var entry = map.entry(segment);
                if (entry.isEmpty()) {
                    return insert(map, depth);
                }
                if (last) {
                    return replacement(entry.get().value()).of(map, entry.get());
                }
                at = entry.get().value();
            } else if (at instanceof Sequence list) {
                var item = list.items().get(index(list, segment, depth));
                if (last) {
                    return replacement(item).of(list);
                }
                at = item;
            } else {
                throw notAMap(at, depth);
            }
        }
    }

    private YamlReplacement replacement(YamlNode old) {
        refuseShared(old, path.size());
        refuseSharedBelow(old);
        return new YamlReplacement(source, layout, old, value);
    }

    private int index(Sequence list, String segment, int depth) {
        return ParamPaths.index(segment, list.items().size())
                .orElseThrow(() -> source.refusal(list.extent().start(), ParamPaths.noElement(name(depth), segment)));
    }

    private ParamFileException notAMap(YamlNode at, int depth) {
        return source.refusal(
                at.extent().start(),
                at instanceof Alias alias
                        ? name(depth) + " is the alias *" + alias.name() + "; set " + name(depth) + " as a whole"
                        : ParamPaths.notAMap(name(depth)));
    }

    private void refuseShared(YamlNode node, int depth) {
        int uses = document.uses(node);
        if (uses > 0) {
            throw source.refusal(
                    node.extent().start(),
                    name(depth) + " carries the anchor &"
                            + node.extent().anchor().orElse("") + ", which is used " + uses
                            + " more times: changing it would change those too; edit the file by hand");
        }
    }

    private void refuseSharedBelow(YamlNode node) {
        for (var child : node.children()) {
            refuseShared(child, path.size());
            refuseSharedBelow(child);
        }
    }

    /** The path down to the segment before this depth, as the user writes it. */
    private String name(int depth) {
        return ParamPaths.name(path, depth);
    }

    // ------------------------------------------------------------------ new keys

    private Splice appendToNothing() {
        var newline = source.newline();
        var entry = YamlWriter.entry(newKey(0, Quotes.AS_NEEDED), nested(0), 0, layout);
        return Splice.insert(text.length(), (source.endsWithBreak() ? "" : newline) + entry + newline);
    }

    private Splice insert(Mapping map, int depth) {
        var merged = values.keys(map).get(path.get(depth));
        if (merged != null && depth < path.size() - 1) {
            throw source.refusal(
                    map.extent().start(),
                    name(depth + 1) + " comes from a merge key; set " + name(depth + 1) + " as a whole");
        }
        var quotes = map.flow() && allDoubleQuoted(map) ? Quotes.DOUBLE : Quotes.AS_NEEDED;
        var key = merged == null || !merged.isPlain() ? newKey(depth, quotes) : merged.text();
        return map.flow() ? insertIntoFlow(map, key, depth, quotes) : insertIntoBlock(map, key, depth);
    }

    private Splice insertIntoFlow(Mapping map, String key, int depth, Quotes quotes) {
        int open = map.extent().contentStart();
        if (text.charAt(open) != '{') {
            throw source.refusal(open, name(depth) + " is a map without braces; write it in braces first");
        }
        var entry = key + ": " + YamlWriter.inline(nested(depth), quotes);
        if (map.entries().isEmpty()) {
            return Splice.insert(open + 1, entry);
        }
        var last = map.entries().get(map.entries().size() - 1);
        return Splice.insert(last.value().extent().end(), flowSeparator(last) + entry);
    }

    /** A new line where the last entry has a line of its own, without a comment that would move. */
    private String flowSeparator(Entry last) {
        int start = last.key().extent().start();
        int lineStart = source.lineStart(start);
        int end = last.value().extent().end();
        var indent = text.substring(lineStart, start);
        var rest = text.substring(end, source.lineEnd(end)).strip();
        boolean ownLine = lineStart > 0 && indent.isBlank() && (rest.isEmpty() || rest.equals(","));
        return ownLine ? "," + layout.newline() + indent : ", ";
    }

    private Splice insertIntoBlock(Mapping map, String key, int depth) {
        var lastEntry = map.entries().get(map.entries().size() - 1);
        int column = source.column(map.extent().contentStart());
        var indent = " ".repeat(column);
        var entry = YamlWriter.entry(key, nested(depth), column, layout);
        var leaf = lastEntry.value().lastLeaf();
        int end = leaf.extent().end();
        if (leaf instanceof Scalar scalar && scalar.isBlock()) {
            if (end == source.lineStart(end)) {
                return Splice.insert(end, indent + entry + layout.newline());
            }
            // A block scalar at the end of a file without a line break: one would become part of it.
            return Splice.insert(lastEntry.key().extent().start(), entry + layout.newline() + indent);
        }
        int next = source.nextLine(end);
        return next == source.lineEnd(end)
                ? Splice.insert(next, layout.newline() + indent + entry)
                : Splice.insert(next, indent + entry + layout.newline());
    }

    private ParamValue nested(int depth) {
        return ParamPaths.nested(path.subList(depth + 1, path.size()), value);
    }

    private String newKey(int depth, Quotes quotes) {
        return YamlText.of(path.get(depth), quotes);
    }

    private static boolean allDoubleQuoted(Mapping map) {
        return !map.entries().isEmpty()
                && map.entries().stream().allMatch(entry -> entry.key().style() == ScalarStyle.DOUBLE_QUOTED);
    }
}
