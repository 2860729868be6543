package dev.daybook.git.dvc;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** A node of a YAML document that knows which range of the text it is; nodes are compared by identity only. */
sealed interface YamlNode {

    /**
     * Where a node stands, in char offsets.
     *
     * @param start where it begins, with its anchor and tag
     * @param contentStart where it begins without them
     * @param end behind its last character; a block collection ends where its last leaf ends
     */
    record Extent(int start, int contentStart, int end, Optional<String> anchor, Optional<String> tag) {}

    /** A key with its value. {@code colonEnd} is the offset behind the colon, or -1 if there is none ({@code {a, b}}). */
    record Entry(Scalar key, int colonEnd, YamlNode value) {}

    /** A whole document: the root map, if it has one, and how often each anchored node is used elsewhere. */
    record Document(YamlSource source, Optional<Mapping> root, IdentityHashMap<YamlNode, Integer> uses) {
        int uses(YamlNode node) {
            return uses.getOrDefault(node, 0);
        }
    }

    record Scalar(Extent extent, ScalarStyle style, String text) implements YamlNode {
        boolean isPlain() {
            return style == ScalarStyle.PLAIN;
        }

        boolean isBlock() {
            return style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED;
        }

        boolean isMergeKey() {
            return isPlain() && extent.tag().isEmpty() && text.equals("<<");
        }

        /** Whether nothing at all is written: {@code a:}. */
        boolean isNothing() {
            return extent.start() == extent.end();
        }
    }

    record Alias(Extent extent, String name, YamlNode target) implements YamlNode {}

    record Sequence(Extent extent, boolean flow, List<YamlNode> items) implements YamlNode {}

    record Mapping(Extent extent, boolean flow, List<Entry> entries) implements YamlNode {

        /** The entry that is written here under this name; not one that a merge key brings. */
        Optional<Entry> entry(String name) {
            return entries.stream()
                    .filter(entry ->
                            !entry.key().isMergeKey() && entry.key().text().equals(name))
                    .findFirst();
        }
    }

    Extent extent();

    /** Whether the node is a list or a map in block style. */
    default boolean isBlockCollection() {
        return (this instanceof Sequence list && !list.flow()) || (this instanceof Mapping map && !map.flow());
    }

    /** The nodes directly below, keys and values, in the order of the text. */
    default List<YamlNode> children() {
        if (this instanceof Sequence list) {
            return list.items();
        }
        if (this instanceof Mapping map) {
            return map.entries().stream()
                    .flatMap(entry -> List.of(entry.key(), entry.value()).stream())
                    .toList();
        }
        return List.of();
    }

    /** The last node in the text that is no block collection. */
    default YamlNode lastLeaf() {
        var node = this;
        while (node.isBlockCollection()) {
            var children = node.children();
            node = children.get(children.size() - 1);
        }
        return node;
    }

    /** A map from nodes that asks for the very node. */
    static <V> Map<YamlNode, V> identityMap() {
        return new IdentityHashMap<>();
    }
}
