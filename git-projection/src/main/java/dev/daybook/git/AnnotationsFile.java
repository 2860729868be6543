package dev.daybook.git;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.daybook.git.Annotations.Note;
import dev.daybook.lifecycle.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;

/**
 * Tags and notes as a file.
 *
 * <pre>
 *   {"tags": ["best"], "notes": [{"time": "2026-11-26T10:00:00Z", "author": "Ada", "text": "..."}]}
 * </pre>
 */
final class AnnotationsFile {

    static final String NAME = "annotations.json";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Times that people write, and that every time zone can show. */
    private static final Instant FIRST = Instant.parse("0000-01-02T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-30T00:00:00Z");

    private AnnotationsFile() {}

    static byte[] text(Annotations annotations) {
        var json = MAPPER.createObjectNode();
        var tags = json.putArray("tags");
        annotations.tags().forEach(tags::add);
        var notes = json.putArray("notes");
        for (var note : annotations.notes()) {
            notes.addObject()
                    .put("time", note.time().toString())
                    .put("author", note.author())
                    .put("text", note.text());
        }
        return (json.toString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IOException with the reason, if it cannot be read */
    static Annotations parse(byte[] content) throws IOException {
        JsonNode json;
        try {
            json = MAPPER.readTree(content);
        } catch (JsonProcessingException e) {
            throw new IOException(NAME + " is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!json.isObject()) {
            throw new IOException(NAME + " holds no object");
        }
        var tags = new ArrayList<String>();
        for (var tag : list(json, "tags")) {
            var text = text(tag, "a tag");
            var reason = Names.tag(text);
            if (reason.isPresent()) {
                throw new IOException(reason.get());
            }
            tags.add(text);
        }
        var notes = new ArrayList<Note>();
        for (var note : list(json, "notes")) {
            notes.add(new Note(
                    time(text(note.path("time"), "the time of a note")),
                    text(note.path("author"), "the author of a note"),
                    text(note.path("text"), "a note")));
        }
        return new Annotations(tags, notes);
    }

    private static JsonNode list(JsonNode json, String key) throws IOException {
        var list = json.path(key);
        if (!list.isArray() && !list.isMissingNode()) {
            throw new IOException("'" + key + "' in " + NAME + " is no list");
        }
        return list;
    }

    private static String text(JsonNode node, String what) throws IOException {
        if (!node.isTextual()) {
            throw new IOException(what + " in " + NAME + " is no text");
        }
        return node.textValue();
    }

    private static Instant time(String text) throws IOException {
        try {
            var time = Instant.parse(text);
            if (!time.isBefore(FIRST) && time.isBefore(LAST)) {
                return time;
            }
        } catch (DateTimeParseException e) {
            throw new IOException("a note in " + NAME + " has no time: " + e.getMessage(), e);
        }
        throw new IOException("a note in " + NAME + " has a time that nobody lives in: " + text);
    }
}
