package dev.daybook.git.dvc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What stands in a TOML file, with the range of text that it is, in char offsets. */
sealed interface TomlNode {

    /** A string, number, boolean, date or time. */
    record Leaf(int start, int end) implements TomlNode {}

    /** {@code [1, 2]}. */
    record Items(int start, int end, List<TomlNode> items) implements TomlNode {}

    /** All {@code [[name]]} of one name. */
    record Tables(List<Table> elements) implements TomlNode {}

    /** A key with its value, as it is written somewhere. */
    record Statement(int keyStart, int keyEnd, int valueStart, int valueEnd) {}

    /** How a table came to be, which says how a key is added to it. */
    enum Kind {
        /** The file itself. */
        ROOT,
        /** By {@code [name]} or {@code [[name]]}. */
        HEADER,
        /** By a header of a table below it. */
        IMPLICIT,
        /** By a key with dots. */
        DOTTED,
        /** By {@code {}}. */
        INLINE
    }

    /** A table while it is collected from all over the file. */
    final class Table implements TomlNode {

        private final Map<String, TomlNode> children = new LinkedHashMap<>();
        private final List<Statement> statements = new ArrayList<>();
        private Kind kind;
        private int start;
        private int end;
        private String prefix = "";

        private Table(Kind kind, int start, int end) {
            this.kind = kind;
            this.start = start;
            this.end = end;
        }

        static Table root() {
            return new Table(Kind.ROOT, 0, 0);
        }

        /** The range is that of the header. */
        static Table header(int start, int end) {
            return new Table(Kind.HEADER, start, end);
        }

        /** The range is that of the header below; the prefix what stands in it up to this table's name. */
        static Table implicit(int start, int end, String prefix) {
            var table = new Table(Kind.IMPLICIT, start, end);
            table.prefix = prefix;
            return table;
        }

        /** The prefix is the key up to this table's name. */
        static Table dotted(int start, int end, String prefix) {
            var table = new Table(Kind.DOTTED, start, end);
            table.prefix = prefix;
            return table;
        }

        static Table inline(int start) {
            return new Table(Kind.INLINE, start, start);
        }

        void close(int closedAt) {
            end = closedAt;
        }

        /** A header of its own follows for what was implied so far. */
        void define(int headerStart, int headerEnd) {
            kind = Kind.HEADER;
            start = headerStart;
            end = headerEnd;
        }

        void add(Statement statement) {
            statements.add(statement);
        }

        Map<String, TomlNode> children() {
            return children;
        }

        /** The keys that are written in it, dotted ones too, in the order of the file. */
        List<Statement> statements() {
            return statements;
        }

        Kind kind() {
            return kind;
        }

        int start() {
            return start;
        }

        int end() {
            return end;
        }

        String prefix() {
            return prefix;
        }
    }
}
