package dev.daybook.git.dvc;

import dev.daybook.git.dvc.YamlNode.Mapping;
import dev.daybook.git.dvc.YamlNode.Scalar;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * Refuses what this parser reads but DVC's (ruamel.yaml) rejects or reads differently: tabs between tokens and in plain scalars, {@code ? key}, a flow key
 * without a space behind its colon, a block scalar that begins with a blank line of fewer spaces than its others.
 */
final class YamlDialect {

    private static final Pattern INDENTED = Pattern.compile("[|>][+-]?[1-9]");

    private final YamlSource source;
    private final String text;
    /** Up to here the text is known to be fine. */
    private int checked;

    private YamlDialect(YamlSource source) {
        this.source = source;
        this.text = source.text();
    }

    static void check(YamlSource source, Optional<Mapping> root) {
        var dialect = new YamlDialect(source);
        root.ifPresent(dialect::walk);
        dialect.checkGap(source.text().length());
    }

    private void walk(YamlNode node) {
        if (node.isBlockCollection()) {
            node.children().forEach(this::walk);
        } else {
            checkGap(node.extent().start());
            checked = Math.max(checked, node.extent().end());
            checkScalars(node, !(node instanceof Scalar));
        }
    }

    private void checkScalars(YamlNode node, boolean flow) {
        if (node instanceof Scalar scalar) {
            var extent = node.extent();
            int tab = text.indexOf('\t', extent.start());
            if (tab >= 0 && tab < (scalar.isPlain() ? extent.end() : extent.contentStart())) {
                throw tabAt(tab);
            }
            if (scalar.isBlock()) {
                checkHeader(extent.contentStart());
                checkFirstLines(extent.contentStart());
            }
            if (flow && scalar.isPlain() && scalar.text().startsWith("?")) {
                throw source.refusal(extent.start(), "DVC takes the '?' for a key; put the value in quotes");
            }
        }
        node.children().forEach(child -> checkScalars(child, flow));
    }

    /** That of a block scalar, whose comment may hold anything. */
    private void checkHeader(int header) {
        for (int i = header; i < source.lineEnd(header) && text.charAt(i) != '#'; i++) {
            if (text.charAt(i) == '\t') {
                throw tabAt(i);
            }
        }
    }

    /** Unless the header of the block scalar says how far its lines stand in. */
    private void checkFirstLines(int header) {
        int line = source.nextLine(header);
        int first = spaces(line);
        if (first == 0 || INDENTED.matcher(text).region(header, text.length()).lookingAt()) {
            return;
        }
        for (; line + spaces(line) == source.lineEnd(line) && line < text.length(); line = source.nextLine(line)) {
            if (spaces(source.nextLine(line)) > first) {
                throw source.refusal(
                        line, "a block scalar begins with a blank line of fewer spaces than follow; empty that line");
            }
        }
    }

    private int spaces(int line) {
        int at = line;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at - line;
    }

    /** What stands between two leaves of block style: indentation, {@code -}, {@code :}, markers and comments. */
    private void checkGap(int end) {
        boolean comment = false;
        for (int i = checked; i < end; i++) {
            char c = text.charAt(i);
            if (YamlSource.isBreak(c)) {
                comment = false;
            } else if (c == '#') {
                comment = true;
            } else if (c == '\t' && !comment) {
                throw tabAt(i);
            }
        }
    }

    private ParamFileException tabAt(int offset) {
        return source.refusal(offset, "a tab stands where DVC allows only spaces; replace it");
    }

    /**
     * The value as DVC reads it: a block scalar that the file ends in without a line break gets none.
     */
    static String value(YamlSource source, ScalarEvent event, int end) {
        var value = event.getValue();
        boolean block = event.isLiteral() || event.isFolded();
        if (!block || end < source.text().length() || source.endsWithBreak() || !value.endsWith("\n")) {
            return value;
        }
        if (source.text().substring(source.lineStart(end)).isBlank()) {
            throw source.refusal(end, "the file ends in a block scalar without a line break; add one");
        }
        return value.substring(0, value.length() - 1);
    }

    /** The offset behind the colon of a key, or -1 if a flow map's key has none. */
    static int colonEnd(YamlSource source, Scalar key, boolean flow) {
        var text = source.text();
        int before = key.extent().start() - 1;
        while (before >= 0 && isBlank(text.charAt(before))) {
            before--;
        }
        int at = key.extent().end();
        while (at < text.length() && (isBlank(text.charAt(at)) || (flow && YamlSource.isBreak(text.charAt(at))))) {
            at++;
        }
        boolean colon = at < text.length() && text.charAt(at) == ':';
        boolean explicit = before >= 0
                && text.charAt(before) == '?'
                && source.lineStart(key.extent().start()) <= before;
        if (explicit || key.isBlock() || (!colon && !flow)) {
            throw source.refusal(key.extent().start(), "the form '? key' is not supported; write 'key: value'");
        }
        if (colon && flow && key.isPlain() && at + 1 < text.length() && !Character.isWhitespace(text.charAt(at + 1))) {
            throw source.refusal(at, "a colon has no space behind it, which DVC reads as part of the key; add one");
        }
        return colon ? at + 1 : -1;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
