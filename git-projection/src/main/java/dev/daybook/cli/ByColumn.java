package dev.daybook.cli;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The order of rows by the values of one column: numbers, texts, nothing, and what is no number at the very end. Turned round it is the numbers
 * that are turned, and the texts: what is missing never comes first.
 */
final class ByColumn implements Comparator<Row> {

    private final Column column;
    private final boolean isReversed;

    ByColumn(Column column, boolean isReversed) {
        this.column = column;
        this.isReversed = isReversed;
    }

    private enum Group {
        NUMBER,
        TEXT,
        ABSENT,
        NOT_A_NUMBER;

        static Group of(@Nullable Object value) {
            if (value == Column.ABSENT) {
                return ABSENT;
            }
            if (value instanceof Double number && number.isNaN()) {
                return NOT_A_NUMBER;
            }
            return value instanceof Number || value instanceof Instant ? NUMBER : TEXT;
        }
    }

    @Override
    public int compare(Row first, Row second) {
        var one = column.value(first);
        var other = column.value(second);
        var group = Group.of(one);
        int groups = group.compareTo(Group.of(other));
        if (groups != 0 || group == Group.ABSENT || group == Group.NOT_A_NUMBER) {
            return groups;
        }
        int values = group == Group.NUMBER
                ? compareNumbers(one, other)
                : String.valueOf(one).compareTo(String.valueOf(other));
        return isReversed ? -values : values;
    }

    private static int compareNumbers(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Instant time && other instanceof Instant otherTime) {
            return time.compareTo(otherTime);
        }
        if (one instanceof Long number && other instanceof Long otherNumber) {
            return number.compareTo(otherNumber);
        }
        return one instanceof Number number && other instanceof Number otherNumber
                ? Double.compare(number.doubleValue(), otherNumber.doubleValue())
                : 0;
    }
}
