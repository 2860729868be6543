package dev.daybook.git.dvc;

import dev.daybook.git.dvc.YamlNode.Alias;
import dev.daybook.git.dvc.YamlNode.Document;
import dev.daybook.git.dvc.YamlNode.Entry;
import dev.daybook.git.dvc.YamlNode.Extent;
import dev.daybook.git.dvc.YamlNode.Mapping;
import dev.daybook.git.dvc.YamlNode.Scalar;
import dev.daybook.git.dvc.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds the tree of spans from the parser's events and refuses what DVC cannot read or what cannot be edited safely.
 *
 * <p>Events, not composed nodes: the composer puts the anchored node in the alias's place. The end marks of block collections overshoot, so
 * their end is that of their last leaf.
 */
final class YamlReader {

    private final YamlSource source;
    private final String text;
    private final Iterator<Event> events;
    /** What each anchor stands for so far; empty while its node is still open. */
    private final Map<String, Optional<YamlNode>> anchors = new HashMap<>();

    private final IdentityHashMap<YamlNode, Integer> uses = new IdentityHashMap<>();
    private int nodes;

    private YamlReader(YamlSource source) {
        this.source = source;
        this.text = source.text();
        var settings = LoadSettings.builder().setLabel(source.fileName()).build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    static Document read(YamlSource source) {
        try {
            return new YamlReader(source).document();
        } catch (MarkedYamlEngineException e) {
            int offset = e.getProblemMark().isEmpty() ? 0 : source.offset(e.getProblemMark());
            throw source.refusal(offset, "this is not valid YAML (" + e.getProblem() + "); correct it");
        } catch (YamlEngineException e) {
            throw new ParamFileException(
                    source.fileName(), "the file is not valid YAML (" + e.getMessage() + "); correct it");
        } catch (NumberFormatException e) {
            // the library's own
            throw new ParamFileException(
                    source.fileName(),
                    "the file is not valid YAML (an escape in double quotes is cut off, or is no character); correct it");
        }
    }

    private Document document() {
        events.next(); // the start of the stream
        var first = events.next();
        if (!(first instanceof DocumentStartEvent start)) {
            YamlDialect.check(source, Optional.empty());
            return new Document(source, Optional.empty(), uses);
        }
        if (start.getSpecVersion().isPresent() || !start.getTags().isEmpty()) {
            throw refusal(first, "a %YAML or %TAG directive is not supported; remove it");
        }
        var root = node(events.next(), 1);
        events.next(); // the end of the document
        var next = events.next();
        if (next instanceof DocumentStartEvent) {
            throw refusal(next, "the file holds more than one YAML document; keep one");
        }
        var map = rootMap(root);
        YamlDialect.check(source, map);
        return new Document(source, map, uses);
    }

    private Optional<Mapping> rootMap(YamlNode root) {
        if (root instanceof Mapping map) {
            return Optional.of(map);
        }
        if (root instanceof Scalar scalar && scalar.isPlain() && scalar.isNothing()) {
            return Optional.empty();
        }
        throw source.refusal(
                root.extent().start(),
                "the root is a " + (root instanceof Sequence ? "list" : "single value")
                        + ", not a map; parameters need names");
    }

    private YamlNode node(Event event, int depth) {
        if (depth > ParamLimits.MAX_DEPTH) {
            throw refusal(event, ParamLimits.tooDeep());
        }
        if (++nodes > ParamLimits.MAX_VALUES) {
            throw refusal(event, ParamLimits.tooMany());
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        var anchor = ((NodeEvent) event).getAnchor().map(Anchor::getValue);
        anchor.ifPresent(name -> anchors.put(name, Optional.empty()));
        YamlNode node = event instanceof ScalarEvent scalar
                ? scalar(scalar, anchor)
                : collection((CollectionStartEvent) event, anchor, depth);
        anchor.ifPresent(name -> anchors.put(name, Optional.of(node)));
        return node;
    }

    private Alias alias(AliasEvent event) {
        var name = event.getAlias().getValue();
        var target = anchors.get(name);
        if (target == null) {
            throw refusal(event, "the alias *" + name + " has no anchor above it; add &" + name);
        }
        var node = target.orElseThrow(
                () -> refusal(event, "the alias *" + name + " stands inside its own anchor; remove it"));
        uses.merge(node, 1, Integer::sum);
        int start = source.offset(event.getStartMark());
        return new Alias(
                new Extent(start, start, source.offset(event.getEndMark()), Optional.empty(), Optional.empty()),
                name,
                node);
    }

    private Scalar scalar(ScalarEvent event, Optional<String> anchor) {
        int start = source.offset(event.getStartMark());
        int end = source.offset(event.getEndMark());
        int contentStart = Math.min(
                end, skipProperties(start, anchor.isPresent() || event.getTag().isPresent()));
        return new Scalar(
                new Extent(start, contentStart, end, anchor, event.getTag()),
                event.getScalarStyle(),
                YamlDialect.value(source, event, end));
    }

    private YamlNode collection(CollectionStartEvent event, Optional<String> anchor, int depth) {
        var entries = new ArrayList<Entry>();
        var items = new ArrayList<YamlNode>();
        boolean isMap = event instanceof MappingStartEvent;
        requireTag(event, isMap ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq");
        var next = events.next();
        while (next instanceof NodeEvent) {
            if (isMap) {
                entries.add(entry(next, depth + 1, event.isFlow()));
            } else {
                items.add(node(next, depth + 1));
            }
            next = events.next();
        }
        int end = event.isFlow()
                ? source.offset(next.getEndMark())
                : (isMap ? entries.get(entries.size() - 1).value() : items.get(items.size() - 1))
                        .extent()
                        .end();
        int start = source.offset(event.getStartMark());
        boolean properties = anchor.isPresent() || event.getTag().isPresent();
        int contentStart =
                isMap && !event.isFlow() ? entries.get(0).key().extent().start() : skipProperties(start, properties);
        var extent = new Extent(start, contentStart, end, anchor, event.getTag());
        return isMap
                ? new Mapping(extent, event.isFlow(), List.copyOf(entries))
                : new Sequence(extent, event.isFlow(), List.copyOf(items));
    }

    private void requireTag(CollectionStartEvent event, String known) {
        event.getTag().filter(tag -> !tag.equals(known)).ifPresent(tag -> {
            throw refusal(event, "the tag " + tag + " is not supported; remove it");
        });
    }

    private Entry entry(Event event, int depth, boolean flow) {
        if (!(node(event, depth) instanceof Scalar key)) {
            throw refusal(event, "a key is a list, a map or an alias; write it as text");
        }
        int colonEnd = YamlDialect.colonEnd(source, key, flow);
        return new Entry(key, colonEnd, node(events.next(), depth));
    }

    /** Skips {@code &anchor} and {@code !tag} with the space behind them. */
    private int skipProperties(int start, boolean present) {
        int at = start;
        while (present && at < text.length()) {
            char c = text.charAt(at);
            if (c == '&' || c == '!') {
                while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
            } else if (Character.isWhitespace(c)) {
                at++;
            } else {
                break;
            }
        }
        return at;
    }

    private ParamFileException refusal(Event event, String problem) {
        return source.refusal(source.offset(event.getStartMark()), problem);
    }
}
