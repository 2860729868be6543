package dev.daybook.git.dvc;

import dev.daybook.git.dvc.YamlNode.Scalar;
import dev.daybook.lifecycle.ParamValue;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.regex.Pattern;

/** The type and value of a scalar by the rules of DVC's reader: ruamel.yaml's safe loader, YAML 1.2 with underscores in numbers. */
final class YamlScalars {

    /** What a scalar is. The last two have no case of their own in {@link ParamValue} and are read as strings. */
    enum ScalarType {
        NULL,
        BOOLEAN,
        INTEGER,
        FLOAT,
        STRING,
        BIG_INTEGER,
        TIMESTAMP;

        boolean isForeign() {
            return this == BIG_INTEGER || this == TIMESTAMP;
        }
    }

    record Reading(ScalarType type, ParamValue value) {}

    private static final String TAG_PREFIX = "tag:yaml.org,2002:";
    /** Python reads no longer ones. */
    private static final int MAX_INTEGER_DIGITS = 4300;

    private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");
    private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern FLOAT = Pattern.compile("[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
            + "|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
            + "|[-+]?\\.[0-9_]+(?:[eE][-+][0-9]+)?"
            + "|[-+]?\\.(?:inf|Inf|INF)"
            + "|\\.(?:nan|NaN|NAN)");
    private static final Pattern INTEGER =
            Pattern.compile("[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+)|[-+0-9][0-9_]*");
    private static final Pattern TIMESTAMP = Pattern.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
            + "(?:(?:[Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]*)?"
            + "(?:[ \\t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)?");
    private static final Pattern DATE_ALONE = Pattern.compile("[0-9]{4}-[0-9]-.*|[0-9]{4}-[0-9]{2}-[0-9]");

    private final YamlSource source;

    YamlScalars(YamlSource source) {
        this.source = source;
    }

    Reading read(Scalar scalar) {
        var text = scalar.text();
        if (scalar.extent().tag().isPresent()) {
            return tagged(scalar, scalar.extent().tag().get());
        }
        if (!scalar.isPlain()) {
            return string(text);
        }
        if (NULL.matcher(text).matches()) {
            return new Reading(ScalarType.NULL, ParamValue.ofNull());
        }
        if (BOOLEAN.matcher(text).matches()) {
            return bool(text);
        }
        if (FLOAT.matcher(text).matches()) {
            return floating(scalar);
        }
        if (INTEGER.matcher(text).matches()) {
            return integer(scalar);
        }
        if (TIMESTAMP.matcher(text).matches() && !isNoTimestamp(text)) {
            return timestamp(scalar);
        }
        if (text.equals("=") || text.equals("<<")) {
            throw unreadable(scalar);
        }
        return string(text);
    }

    private Reading tagged(Scalar scalar, String tag) {
        var text = scalar.text();
        var name = tag.startsWith(TAG_PREFIX) ? tag.substring(TAG_PREFIX.length()) : "";
        if (name.equals("str")) {
            return string(text);
        }
        if (name.equals("null") && NULL.matcher(text).matches()) {
            return new Reading(ScalarType.NULL, ParamValue.ofNull());
        }
        if (name.equals("bool") && BOOLEAN.matcher(text).matches()) {
            return bool(text);
        }
        if (name.equals("int") && INTEGER.matcher(text).matches()) {
            return integer(scalar);
        }
        if (name.equals("float") && FLOAT.matcher(text).matches()) {
            return floating(scalar);
        }
        throw source.refusal(
                scalar.extent().start(),
                "the tag " + tag + " is not supported for '" + ParamText.shortened(text) + "'; remove it");
    }

    private static Reading string(String text) {
        return new Reading(ScalarType.STRING, ParamValue.of(text));
    }

    private static Reading bool(String text) {
        return new Reading(
                ScalarType.BOOLEAN, ParamValue.of(text.toLowerCase(Locale.ROOT).equals("true")));
    }

    private Reading floating(Scalar scalar) {
        var digits = scalar.text().replace("_", "").toLowerCase(Locale.ROOT);
        if (digits.endsWith(".inf")) {
            boolean negative = digits.startsWith("-");
            return new Reading(
                    ScalarType.FLOAT, ParamValue.of(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY));
        }
        if (digits.equals(".nan")) {
            return new Reading(ScalarType.FLOAT, ParamValue.of(Double.NaN));
        }
        try {
            return new Reading(ScalarType.FLOAT, ParamValue.of(Double.parseDouble(digits)));
        } catch (NumberFormatException e) {
            throw unreadable(scalar);
        }
    }

    private Reading integer(Scalar scalar) {
        var digits = scalar.text().replace("_", "");
        boolean negative = digits.startsWith("-");
        digits = negative || digits.startsWith("+") ? digits.substring(1) : digits;
        int radix = digits.startsWith("0x") ? 16 : digits.startsWith("0o") ? 8 : digits.startsWith("0b") ? 2 : 10;
        digits = radix == 10 ? digits : digits.substring(2);
        if (digits.isEmpty() || digits.length() > MAX_INTEGER_DIGITS) {
            throw unreadable(scalar);
        }
        var magnitude = new BigInteger(digits, radix);
        var value = negative ? magnitude.negate() : magnitude;
        return value.bitLength() < Long.SIZE
                ? new Reading(ScalarType.INTEGER, ParamValue.of(value.longValue()))
                : new Reading(ScalarType.BIG_INTEGER, ParamValue.of(value.toString()));
    }

    /** A date without a time needs two digits for month and day. */
    private static boolean isNoTimestamp(String text) {
        return text.indexOf(':') < 0 && DATE_ALONE.matcher(text).matches();
    }

    private Reading timestamp(Scalar scalar) {
        var matcher = TIMESTAMP.matcher(scalar.text());
        try {
            if (matcher.matches()) {
                LocalDate.of(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)));
            }
        } catch (DateTimeException e) {
            throw unreadable(scalar);
        }
        return new Reading(ScalarType.TIMESTAMP, ParamValue.of(scalar.text()));
    }

    private ParamFileException unreadable(Scalar scalar) {
        return source.refusal(
                scalar.extent().start(),
                "the value '" + ParamText.shortened(scalar.text()) + "' cannot be read by DVC; put it in quotes");
    }
}
