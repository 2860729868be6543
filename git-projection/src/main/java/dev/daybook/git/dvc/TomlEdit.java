package dev.daybook.git.dvc;

import dev.daybook.git.dvc.TomlNode.Items;
import dev.daybook.git.dvc.TomlNode.Kind;
import dev.daybook.git.dvc.TomlNode.Leaf;
import dev.daybook.git.dvc.TomlNode.Statement;
import dev.daybook.git.dvc.TomlNode.Table;
import dev.daybook.git.dvc.TomlNode.Tables;
import dev.daybook.lifecycle.ParamValue;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the one range of a TOML text that an override replaces, and what to put there. */
final class TomlEdit {

    private final TextSource source;
    private final String text;
    private final Table root;
    private final List<String> path;
    private final ParamValue value;

    private TomlEdit(TextSource source, Table root, List<String> path, ParamValue value) {
        this.source = source;
        this.text = source.text();
        this.root = root;
        this.path = path;
        this.value = value;
    }

    /** The text after the edit. */
    static String apply(TextSource source, Table root, List<String> path, ParamValue value) {
        var edit = new TomlEdit(source, root, path, value);
        return edit.splice().apply(edit.text);
    }

    private Splice splice() {
        TomlNode at = root;
        for (int depth = 0; depth < path.size(); depth++) {
            var segment = path.get(depth);
            if (at instanceof Table table) {
                var child = Optional.ofNullable(table.children().get(segment));
                if (child.isEmpty()) {
                    return insert(table, depth);
                }
                at = child.get();
            } else if (at instanceof Tables tables) {
                at = tables.elements().get(index(at, tables.elements().size(), depth));
            } else if (at instanceof Items list) {
                at = list.items().get(index(at, list.items().size(), depth));
            } else {
                throw source.refusal(start(at), ParamPaths.notAMap(name(depth)));
            }
        }
        return replace(at);
    }

    private int index(TomlNode list, int size, int depth) {
        return ParamPaths.index(path.get(depth), size)
                .orElseThrow(() -> source.refusal(start(list), ParamPaths.noElement(name(depth), path.get(depth))));
    }

    private String name(int depth) {
        return ParamPaths.name(path, depth);
    }

    private static int start(TomlNode node) {
        if (node instanceof Leaf leaf) {
            return leaf.start();
        }
        if (node instanceof Items list) {
            return list.start();
        }
        return node instanceof Tables tables ? tables.elements().get(0).start() : ((Table) node).start();
    }

    private Splice replace(TomlNode old) {
        boolean isSpread = old instanceof Tables || (old instanceof Table table && table.kind() != Kind.INLINE);
        if (isSpread) {
            throw source.refusal(
                    start(old),
                    name(path.size()) + " is a table with its own lines; it can be changed key by key only");
        }
        int start = start(old);
        int end = old instanceof Leaf leaf ? leaf.end() : old instanceof Items list ? list.end() : ((Table) old).end();
        boolean literal = old instanceof Leaf && text.charAt(start) == '\'';
        return new Splice(start, end, TomlWriter.value(value, literal));
    }

    // ------------------------------------------------------------------ new keys

    private Splice insert(Table table, int depth) {
        return switch (table.kind()) {
            case ROOT -> table.statements().isEmpty() ? beforeFirstHeader(depth) : below(table, depth, "");
            case HEADER -> table.statements().isEmpty() ? belowHeader(table, depth) : below(table, depth, "");
            case DOTTED -> beside(table, depth);
            case IMPLICIT -> newHeader(table, depth);
            case INLINE -> within(table, depth);
        };
    }

    /** On a line below the table's last key. */
    private Splice below(Table table, int depth, String prefix) {
        var last = last(table);
        var indent = source.indent(last.keyStart());
        return line(last.valueEnd(), indent + prefix + entry(depth, equalsOf(last)));
    }

    private Splice belowHeader(Table table, int depth) {
        return line(table.end(), source.indent(table.start()) + entry(depth, equalsOfFile()));
    }

    /** As a line of its own behind the line of this offset. */
    private Splice line(int offset, String content) {
        int next = source.nextLine(offset);
        return next == source.lineEnd(offset)
                ? Splice.insert(next, source.newline() + content)
                : Splice.insert(next, content + source.newline());
    }

    /** With the same dotted prefix as its siblings, on a line or in an inline table. */
    private Splice beside(Table table, int depth) {
        var last = last(table);
        var prefix = table.prefix() + ".";
        boolean isInline = isInline(last);
        return isInline
                ? Splice.insert(last.valueEnd(), ", " + prefix + entry(depth, equalsOf(last)))
                : below(table, depth, prefix);
    }

    /** Whether a key stands in an inline table: something else than space is before it on its line. */
    private boolean isInline(Statement statement) {
        return !text.substring(source.lineStart(statement.keyStart()), statement.keyStart())
                .isBlank();
    }

    /** A header for a table that only headers below it have made so far, just before the first of these. */
    private Splice newHeader(Table table, int depth) {
        var newline = source.newline();
        var indent = source.indent(table.start());
        return Splice.insert(
                blockStart(table.start()),
                indent + "[" + table.prefix() + "]" + newline + indent + entry(depth, equalsOfFile()) + newline
                        + newline);
    }

    private Splice beforeFirstHeader(int depth) {
        var content = entry(depth, equalsOfFile());
        var newline = source.newline();
        var first = firstHeader(root);
        if (first.isEmpty()) {
            return Splice.insert(text.length(), (source.endsWithBreak() ? "" : newline) + content + newline);
        }
        return Splice.insert(blockStart(first.get()), content + newline + newline);
    }

    private static Optional<Integer> firstHeader(Table table) {
        return table.children().values().stream().map(TomlEdit::start).min(Integer::compare);
    }

    /** Where the line of a header begins, or the comment directly above it. */
    private int blockStart(int header) {
        int start = source.lineStart(header);
        while (start > 0) {
            int above = source.lineStart(start - (text.startsWith("\r\n", start - 2) ? 2 : 1));
            if (!text.substring(above, start).stripLeading().startsWith("#")) {
                break;
            }
            start = above;
        }
        return start;
    }

    private Splice within(Table table, int depth) {
        return table.statements().isEmpty()
                ? Splice.insert(table.start() + 1, entry(depth, equalsOfFile()))
                : Splice.insert(last(table).valueEnd(), ", " + entry(depth, equalsOf(last(table))));
    }

    private static Statement last(Table table) {
        return table.statements().get(table.statements().size() - 1);
    }

    /** The rest of the path as a dotted key, and the value. */
    private String entry(int depth, String equals) {
        return path.subList(depth, path.size()).stream().map(TomlWriter::name).collect(Collectors.joining("."))
                + equals
                + TomlWriter.value(value, false);
    }

    /** What stands between a key and its value; what is more than one space aligns things, and the new key is not one of them. */
    private String equalsOf(Statement statement) {
        var between = text.substring(statement.keyEnd(), statement.valueStart());
        return between.length() <= 3 ? between : " = ";
    }

    private String equalsOfFile() {
        return root.statements().isEmpty() ? " = " : equalsOf(root.statements().get(0));
    }
}
