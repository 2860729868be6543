package dev.daybook.git.dvc;

import dev.daybook.git.dvc.TomlNode.Items;
import dev.daybook.git.dvc.TomlNode.Kind;
import dev.daybook.git.dvc.TomlNode.Leaf;
import dev.daybook.git.dvc.TomlNode.Statement;
import dev.daybook.git.dvc.TomlNode.Table;
import dev.daybook.git.dvc.TomlNode.Tables;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds where everything stands in a TOML text that a parser has accepted already: that one gives the values but no ends.
 *
 * <p>What it takes wrongly is found out after the edit, when the parser reads the result.
 */
final class TomlScanner {

    /** One name of a dotted key, with its quotes in the range. */
    private record Name(String text, int start, int end) {}

    private final TextSource source;
    private final String text;
    private final Table root = Table.root();
    private int at;

    private TomlScanner(TextSource source) {
        this.source = source;
        this.text = source.text();
    }

    static Table scan(TextSource source) {
        var scanner = new TomlScanner(source);
        scanner.statements();
        return scanner.root;
    }

    private void statements() {
        var section = root;
        for (skipLines(); at < text.length(); skipLines()) {
            if (peek() == '[') {
                section = header();
            } else {
                statement(section);
            }
        }
    }

    // ------------------------------------------------------------------ tables

    private Table header() {
        int start = at;
        boolean isElement = text.startsWith("[[", at);
        at += isElement ? 2 : 1;
        skipBlanks();
        var names = key();
        expect(']');
        if (isElement) {
            expect(']');
        }
        var table = root;
        for (int i = 0; i < names.size() - 1; i++) {
            var prefix = text.substring(names.get(0).start(), names.get(i).end());
            table = enter(table, names.get(i), Table.implicit(start, at, prefix));
        }
        var last = names.get(names.size() - 1);
        var known = table.children().get(last.text());
        if (isElement) {
            var element = Table.header(start, at);
            if (known instanceof Tables tables) {
                tables.elements().add(element);
            } else {
                table.children().put(last.text(), new Tables(new ArrayList<>(List.of(element))));
            }
            return element;
        }
        if (known instanceof Table implied && implied.kind() == Kind.IMPLICIT) {
            implied.define(start, at);
            return implied;
        }
        return enter(table, last, Table.header(start, at));
    }

    /** The table of this name below, or the last of its tables; a fresh one if there is none. */
    private Table enter(Table table, Name name, Table fresh) {
        var child = table.children().computeIfAbsent(name.text(), key -> fresh);
        if (child instanceof Tables tables) {
            return tables.elements().get(tables.elements().size() - 1);
        }
        if (child instanceof Table found) {
            return found;
        }
        throw source.refusal(name.start(), ParamLimits.twice(name.text()));
    }

    /** {@code a.b = value}, in a section or an inline table. */
    private void statement(Table section) {
        var names = key();
        int keyStart = names.get(0).start();
        int keyEnd = names.get(names.size() - 1).end();
        expect('=');
        skipBlanks();
        int valueStart = at;
        var value = value();
        var statement = new Statement(keyStart, keyEnd, valueStart, at);
        var table = section;
        table.add(statement);
        for (var name : names.subList(0, names.size() - 1)) {
            table = enter(table, name, Table.dotted(keyStart, at, text.substring(keyStart, name.end())));
            table.add(statement);
        }
        var last = names.get(names.size() - 1);
        if (table.children().putIfAbsent(last.text(), value) != null) {
            throw source.refusal(last.start(), ParamLimits.twice(last.text()));
        }
    }

    // ------------------------------------------------------------------ values

    private TomlNode value() {
        int start = at;
        char c = peek();
        if (c == '[') {
            return items();
        } else if (c == '{') {
            return inlineTable();
        } else if (c == '"' || c == '\'') {
            skipString();
            return new Leaf(start, at);
        }
        while (",]}#\r\n\0".indexOf(peek()) < 0) {
            at++;
        }
        while (at > start && isBlank(text.charAt(at - 1))) {
            at--;
        }
        return new Leaf(start, at);
    }

    private Items items() {
        int start = at++;
        var items = new ArrayList<TomlNode>();
        for (skipLines(); peek() != ']'; skipLines()) {
            items.add(value());
            skipLines();
            if (peek() != ',') {
                break;
            }
            at++;
        }
        expect(']');
        return new Items(start, at, items);
    }

    private Table inlineTable() {
        var table = Table.inline(at++);
        for (skipBlanks(); peek() != '}'; skipBlanks()) {
            statement(table);
            skipBlanks();
            if (peek() != ',') {
                break;
            }
            at++;
        }
        expect('}');
        table.close(at);
        return table;
    }

    private void skipString() {
        char quote = peek();
        var triple = String.valueOf(quote).repeat(3);
        boolean isLong = text.startsWith(triple, at);
        at += isLong ? 3 : 1;
        while (!(isLong ? text.startsWith(triple, at) : peek() == quote)) {
            if (at >= text.length()) {
                throw source.refusal(at, "a string does not end; close it");
            }
            at += quote == '"' && peek() == '\\' ? 2 : 1;
        }
        at += isLong ? 3 : 1;
        // up to two quotes may stand before the closing three
        for (int i = 0; isLong && i < 2 && peek() == quote; i++) {
            at++;
        }
    }

    // ------------------------------------------------------------------ keys

    private List<Name> key() {
        var names = new ArrayList<Name>();
        do {
            at += names.isEmpty() ? 0 : 1;
            skipBlanks();
            names.add(name());
            skipBlanks();
        } while (peek() == '.');
        return names;
    }

    private Name name() {
        int start = at;
        char c = peek();
        if (c == '"' || c == '\'') {
            skipString();
            var inside = text.substring(start + 1, at - 1);
            return new Name(c == '"' ? unescaped(inside) : inside, start, at);
        }
        while (TomlWriter.isBare(peek())) {
            at++;
        }
        if (at == start) {
            throw source.refusal(at, "a key is missing here; write one");
        }
        return new Name(text.substring(start, at), start, at);
    }

    private static String unescaped(String inside) {
        if (inside.indexOf('\\') < 0) {
            return inside;
        }
        var out = new StringBuilder();
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escape = inside.charAt(++i);
            int digits = escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
            if (digits > 0) {
                out.appendCodePoint(Integer.parseInt(inside.substring(i + 1, i + 1 + digits), 16));
                i += digits;
            } else {
                int known = "btnfr".indexOf(escape);
                out.append(known < 0 ? escape : "\b\t\n\f\r".charAt(known));
            }
        }
        return out.toString();
    }

    // ------------------------------------------------------------------ characters

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void expect(char c) {
        if (peek() != c) {
            throw source.refusal(at, "a '" + c + "' is missing here; write one");
        }
        at++;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private void skipBlanks() {
        while (isBlank(peek())) {
            at++;
        }
    }

    /** Skips blanks, line breaks and comments. */
    private void skipLines() {
        while (at < text.length() && (isBlank(peek()) || TextSource.isBreak(peek()) || peek() == '#')) {
            at = peek() == '#' ? source.lineEnd(at) : at + 1;
        }
    }
}
