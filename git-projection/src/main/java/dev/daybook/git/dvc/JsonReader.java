package dev.daybook.git.dvc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.daybook.git.dvc.JsonSpan.Items;
import dev.daybook.git.dvc.JsonSpan.Leaf;
import dev.daybook.git.dvc.JsonSpan.Member;
import dev.daybook.git.dvc.JsonSpan.Members;
import dev.daybook.lifecycle.ParamValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;

/**
 * Builds the tree of spans of a JSON file from Jackson's tokens, and refuses what Python's reader refuses or reads otherwise.
 *
 * <p>Of a token only the start is taken from the parser: it looks ahead, so that its own place is often behind the token's end.
 */
final class JsonReader {

    /** Python reads no longer integers. */
    private static final int MAX_DIGITS = 4300;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNumberLength(MAX_DIGITS).build())
            // to say in our words what is wrong with them
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final TextSource source;
    private final String text;
    private final JsonParser parser;
    private int values;

    private JsonReader(TextSource source) throws IOException {
        this.source = source;
        this.text = source.text();
        this.parser = FACTORY.createParser(text.toCharArray());
    }

    static Members read(TextSource source) {
        if (source.text().isBlank()) {
            throw new ParamFileException(source.fileName(), "the file is empty, which is no JSON; write {} into it");
        }
        try {
            return new JsonReader(source).root();
        } catch (JsonProcessingException e) {
            throw source.refusal(
                    offset(e.getLocation(), source), "this is not valid JSON (" + cause(e) + "); correct it");
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be read", e);
        }
    }

    private static int offset(JsonLocation location, TextSource source) {
        return location == null
                ? 0
                : (int) Math.min(
                        Math.max(0, location.getCharOffset()), source.text().length());
    }

    /** Jackson's first sentence, without its hints at settings. */
    private static String cause(JsonProcessingException e) {
        return e.getOriginalMessage().replaceAll("\\s*\\n.*", "").replace(": ", ", ");
    }

    private Members root() throws IOException {
        var root = value(parser.nextToken(), 1);
        var next = parser.nextToken();
        if (next != null) {
            throw source.refusal(tokenStart(), "something follows the end of the JSON value; remove it");
        }
        if (root instanceof Members object) {
            return object;
        }
        throw source.refusal(
                root.start(),
                "the root is a " + (root instanceof Items ? "list" : "single value")
                        + ", not a map; parameters need names");
    }

    private JsonSpan value(JsonToken token, int depth) throws IOException {
        int start = tokenStart();
        if (depth > ParamLimits.MAX_DEPTH) {
            throw source.refusal(start, ParamLimits.tooDeep());
        }
        if (++values > ParamLimits.MAX_VALUES) {
            throw source.refusal(start, ParamLimits.tooMany());
        }
        return switch (token) {
            case START_OBJECT -> object(start, depth);
            case START_ARRAY -> list(start, depth);
            case VALUE_STRING -> text(start);
            case VALUE_NUMBER_INT -> integer(start);
            case VALUE_NUMBER_FLOAT -> floating(start);
            case VALUE_TRUE, VALUE_FALSE ->
                new Leaf(start, start + token.asString().length(), ParamValue.of(token == JsonToken.VALUE_TRUE), false);
            case VALUE_NULL -> new Leaf(start, start + "null".length(), ParamValue.ofNull(), false);
            default -> throw source.refusal(start, "a value is missing here; write one");
        };
    }

    private Members object(int start, int depth) throws IOException {
        var members = new ArrayList<Member>();
        var names = new HashSet<String>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            int keyStart = tokenStart();
            var name = string(keyStart);
            if (!names.add(name)) {
                throw source.refusal(keyStart, ParamLimits.twice(name));
            }
            members.add(new Member(name, keyStart, stringEnd(keyStart), value(parser.nextToken(), depth + 1)));
        }
        return new Members(start, tokenStart() + 1, members);
    }

    private Items list(int start, int depth) throws IOException {
        var items = new ArrayList<JsonSpan>();
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(token, depth + 1));
        }
        return new Items(start, tokenStart() + 1, items);
    }

    private Leaf text(int start) throws IOException {
        var value = string(start); // only now the parser has looked for the string's end
        return new Leaf(start, stringEnd(start), ParamValue.of(value), false);
    }

    private String string(int start) throws IOException {
        var value = parser.getText();
        if (ParamLimits.hasLoneSurrogate(value)) {
            throw source.refusal(start, ParamLimits.halfPair());
        }
        return value;
    }

    private Leaf integer(int start) throws IOException {
        var digits = parser.getText();
        var value = new BigInteger(digits);
        boolean isBig = value.bitLength() >= Long.SIZE;
        return new Leaf(
                start,
                start + digits.length(),
                isBig ? ParamValue.of(value.toString()) : ParamValue.of(value.longValue()),
                isBig);
    }

    private Leaf floating(int start) throws IOException {
        var digits = parser.getText();
        if (digits.chars().anyMatch(c -> c == 'N' || c == 'I')) {
            throw source.refusal(
                    start,
                    "the value " + digits + " is no JSON, though Python reads it; write null or a string, or keep the"
                            + " parameters in a YAML file");
        }
        return new Leaf(start, start + digits.length(), ParamValue.of(Double.parseDouble(digits)), false);
    }

    private int tokenStart() {
        return offset(parser.currentTokenLocation(), source);
    }

    /** Behind the closing quote of the string that begins here. */
    private int stringEnd(int start) {
        int at = start + 1;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
