package dev.daybook.git.dvc;

import dev.daybook.git.dvc.JsonSpan.Items;
import dev.daybook.git.dvc.JsonSpan.Member;
import dev.daybook.git.dvc.JsonSpan.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a JSON file is laid out, so that new values look like the old ones.
 *
 * @param unit what a level is indented by
 * @param colon between a key and its value, with the space around it
 * @param comma between two values on one line
 * @param mapsOnLines whether a map is written line by line
 * @param listsOnLines whether a list is
 * @param ascii whether the file writes what is not ASCII as escapes
 */
record JsonLayout(
        String newline,
        String unit,
        String colon,
        String comma,
        boolean mapsOnLines,
        boolean listsOnLines,
        boolean ascii) {

    private static final String DEFAULT_UNIT = "    ";

    static JsonLayout of(TextSource source, Members root) {
        return new Finder(source, root).layout();
    }

    /** Takes each trait from the first place that shows it. */
    private static final class Finder {

        private final TextSource source;
        private final Members root;
        private final List<JsonSpan> filled = new ArrayList<>();

        Finder(TextSource source, Members root) {
            this.source = source;
            this.root = root;
            collect(root);
        }

        private void collect(JsonSpan span) {
            if (span.firstPart().isPresent()) {
                filled.add(span);
            }
            if (span instanceof Members object) {
                object.members().forEach(member -> collect(member.value()));
            } else if (span instanceof Items list) {
                list.items().forEach(this::collect);
            }
        }

        JsonLayout layout() {
            var colon = colon();
            boolean rootOnLines = isOnLines(root);
            return new JsonLayout(
                    source.newline(),
                    unit(),
                    colon,
                    comma().orElse(colon.equals(":") ? "," : ", "),
                    first(Members.class).map(this::isOnLines).orElse(rootOnLines),
                    first(Items.class).map(this::isOnLines).orElse(false),
                    isAscii());
        }

        private boolean isOnLines(JsonSpan span) {
            return JsonLayout.isOnLines(source, span);
        }

        /** The first that is not empty, below the root. */
        private Optional<JsonSpan> first(Class<? extends JsonSpan> kind) {
            return filled.stream()
                    .filter(span -> span != root && kind.isInstance(span))
                    .findFirst();
        }

        private String unit() {
            for (var span : filled) {
                if (isOnLines(span)) {
                    var outer = source.indent(span.start());
                    var inner = source.indent(span.firstPart().orElseThrow());
                    if (inner.startsWith(outer) && inner.length() > outer.length()) {
                        return inner.substring(outer.length());
                    }
                }
            }
            return DEFAULT_UNIT;
        }

        private String colon() {
            for (var span : filled) {
                if (span instanceof Members object) {
                    for (Member member : object.members()) {
                        var colon = source.text()
                                .substring(member.keyEnd(), member.value().start());
                        if (colon.length() <= 3 && !hasBreak(colon)) {
                            return colon;
                        }
                    }
                }
            }
            return ": ";
        }

        private Optional<String> comma() {
            for (var span : filled) {
                var parts = parts(span);
                for (int i = 1; i < parts.size(); i++) {
                    var comma = source.text().substring(parts.get(i - 1)[1], parts.get(i)[0]);
                    if (comma.length() <= 3 && !hasBreak(comma)) {
                        return Optional.of(comma);
                    }
                }
            }
            return Optional.empty();
        }

        private static List<int[]> parts(JsonSpan span) {
            if (span instanceof Members object) {
                return object.members().stream()
                        .map(member ->
                                new int[] {member.keyStart(), member.value().end()})
                        .toList();
            }
            return ((Items) span)
                    .items().stream()
                            .map(item -> new int[] {item.start(), item.end()})
                            .toList();
        }

        /** Python's writer escapes all that is not ASCII; most others nothing. */
        private boolean isAscii() {
            var text = source.text();
            if (text.chars().anyMatch(c -> c > 0x7F)) {
                return false;
            }
            for (int at = text.indexOf("\\u"); at >= 0; at = text.indexOf("\\u", at + 1)) {
                if (!text.startsWith("00", at + 2) || (at + 4 < text.length() && text.charAt(at + 4) > '7')) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Whether a map or list has its parts on lines of their own; of an empty one, whether its brackets are on two lines. */
    static boolean isOnLines(TextSource source, JsonSpan span) {
        int end = span.firstPart().orElse(span.end() - 1);
        return hasBreak(source.text().substring(span.start() + 1, end));
    }

    static boolean hasBreak(String text) {
        return text.chars().anyMatch(c -> TextSource.isBreak((char) c));
    }
}
