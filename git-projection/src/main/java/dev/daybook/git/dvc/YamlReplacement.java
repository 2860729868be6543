package dev.daybook.git.dvc;

import dev.daybook.git.dvc.YamlNode.Entry;
import dev.daybook.git.dvc.YamlNode.Mapping;
import dev.daybook.git.dvc.YamlNode.Scalar;
import dev.daybook.git.dvc.YamlNode.Sequence;
import dev.daybook.git.dvc.YamlText.Quotes;
import dev.daybook.git.dvc.YamlWriter.Layout;
import dev.daybook.lifecycle.ParamValue;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/**
 * Puts a new value in the place of an old one.
 *
 * <p>On one line wherever the old value was on one line or in flow style and the new one fits there; else in block style. A comment on the
 * key's line stays on it; comments inside a list or map that is replaced go with it.
 */
final class YamlReplacement {

    private static final Pattern COMMENT = Pattern.compile("(?:^|[ \\t]+)#.*$");

    private final YamlSource source;
    private final String text;
    private final Layout layout;
    private final YamlNode old;
    private final ParamValue value;

    YamlReplacement(YamlSource source, Layout layout, YamlNode old, ParamValue value) {
        this.source = source;
        this.text = source.text();
        this.layout = layout;
        this.old = old;
        this.value = value;
    }

    /** In the place of the value of a map's entry. */
    Splice of(Mapping map, Entry entry) {
        if (entry.colonEnd() < 0) {
            return Splice.insert(entry.key().extent().end(), ": " + inlineText());
        }
        if (map.flow()) {
            return inline();
        }
        boolean many = YamlWriter.isCollection(value) && !isFlowCollection();
        if (!many && !isBlock()) {
            return inline();
        }
        int end = source.lineEnd(contentEnd());
        if (!many) {
            return new Splice(entry.colonEnd(), end, " " + inlineText() + headComment(entry));
        }
        return blockBelow(entry, source.column(map.extent().contentStart()), end);
    }

    /** In the place of an element of a list. */
    Splice of(Sequence list) {
        boolean many = YamlWriter.isCollection(value) && !isFlowCollection();
        if (list.flow() || (!many && !isBlock())) {
            return inline();
        }
        int start = old.extent().start();
        int end = isBlock() ? source.lineEnd(contentEnd()) : old.extent().end();
        if (!many) {
            return new Splice(start, end, inlineText());
        }
        int space = isNothing() ? 1 : 0;
        var block = YamlWriter.block(value, source.column(start) + space, layout);
        return new Splice(start, end, " ".repeat(space) + block);
    }

    /** The old value's characters and no others; an anchor that nobody uses stays. */
    private Splice inline() {
        var extent = old.extent();
        if (isNothing()) {
            return Splice.insert(extent.start(), " " + inlineText());
        }
        boolean keepAnchor = extent.tag().isEmpty() && extent.contentStart() < extent.end();
        return new Splice(keepAnchor ? extent.contentStart() : extent.start(), extent.end(), inlineText());
    }

    /** A list or map on the lines below its key; a block collection that was there keeps its column where it can. */
    private Splice blockBelow(Entry entry, int keyColumn, int end) {
        int column = YamlWriter.childColumn(value, keyColumn, layout);
        int start = old.extent().start();
        boolean below = source.lineStart(start) > entry.colonEnd();
        if (!old.isBlockCollection() || !below) {
            var head = headComment(entry) + layout.newline() + " ".repeat(column);
            return new Splice(entry.colonEnd(), end, head + YamlWriter.block(value, column, layout));
        }
        int oldColumn = source.column(start);
        boolean fits = value instanceof ParamValue.ListValue ? oldColumn >= keyColumn : oldColumn > keyColumn;
        int kept = fits ? oldColumn : column;
        var block = YamlWriter.block(value, kept, layout);
        return new Splice(source.lineStart(start), end, " ".repeat(kept) + block);
    }

    /** The comment on the key's line with the space before it, or behind the value if that is on another line. */
    private String headComment(Entry entry) {
        int lineEnd = source.lineEnd(entry.colonEnd());
        boolean valueOnLine = !isBlock() && old.extent().end() <= lineEnd;
        var head = text.substring(valueOnLine ? old.extent().end() : entry.colonEnd(), lineEnd);
        if (!isBlock() && !valueOnLine && old.extent().start() < lineEnd) {
            head = text.substring(
                    old.extent().end(), source.lineEnd(old.extent().end()));
        }
        var matcher = COMMENT.matcher(head);
        return matcher.find() ? (matcher.group().startsWith("#") ? " " : "") + matcher.group() : "";
    }

    private String inlineText() {
        return YamlWriter.inline(value, quotes());
    }

    private Quotes quotes() {
        if (!(old instanceof Scalar scalar)) {
            return Quotes.AS_NEEDED;
        }
        return scalar.style() == ScalarStyle.DOUBLE_QUOTED
                ? Quotes.DOUBLE
                : scalar.style() == ScalarStyle.SINGLE_QUOTED ? Quotes.SINGLE : Quotes.AS_NEEDED;
    }

    private boolean isNothing() {
        return old instanceof Scalar scalar && scalar.isNothing();
    }

    private boolean isFlowCollection() {
        return (old instanceof Sequence || old instanceof Mapping) && !old.isBlockCollection();
    }

    /** Whether the old value ends with a line, not within one. */
    private boolean isBlock() {
        return old.isBlockCollection() || (old instanceof Scalar scalar && scalar.isBlock());
    }

    /** Behind the last character that is not space; a block scalar's own end is behind its line breaks. */
    private int contentEnd() {
        int end = old.extent().end();
        while (end > old.extent().start() && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }
}
