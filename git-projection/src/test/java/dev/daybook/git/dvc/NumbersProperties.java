package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NumbersProperties {

    /** Any bits, short decimals, powers of two and their neighbours, and what training logs. */
    @Provide
    Arbitrary<Double> doubles() {
        var bits = Arbitraries.longs().map(Double::longBitsToDouble);
        var decimals = Combinators.combine(
                        Arbitraries.longs().between(-99_999_999, 99_999_999),
                        Arbitraries.integers().between(-330, 310))
                .as((digits, exponent) -> Double.parseDouble(digits + "e" + exponent));
        var powers = Combinators.combine(
                        Arbitraries.integers().between(-1074, 1023),
                        Arbitraries.integers().between(-2, 2))
                .as((exponent, ulps) -> {
                    double value = Math.scalb(1.0, exponent);
                    return value + ulps * Math.ulp(value);
                });
        var fractions = Combinators.combine(
                        Arbitraries.integers().between(0, 100_000),
                        Arbitraries.integers().between(1, 100_000))
                .as((above, below) -> (double) above / below);
        var floats = Arbitraries.integers().map(Float::intBitsToFloat).map(Float::doubleValue);
        return Arbitraries.oneOf(bits, decimals, powers, fractions, floats).filter(Double::isFinite);
    }

    @Property(tries = 20_000)
    void the_digits_are_those_that_a_search_through_all_lengths_finds(@ForAll("doubles") double value) {
        assertThat(Numbers.shortest(value)).isEqualTo(SearchedDigits.shortest(value));
    }

    @Property(tries = 5_000)
    void they_read_back_as_the_same_double(@ForAll("doubles") double value) {
        assertThat(Double.doubleToRawLongBits(Double.parseDouble(Numbers.shortest(value))))
                .isEqualTo(Double.doubleToRawLongBits(value));
    }

    @Property
    void numbers_without_a_fraction_are_written_as_java_writes_them(@ForAll long value) {
        assertThat(text(value)).isEqualTo(Long.toString(value));
    }

    @Example
    void the_ends_of_the_ranges_are_right_too() {
        for (long value : new long[] {0, 9, 10, 99, 100, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            assertThat(text(value)).isEqualTo(Long.toString(value));
        }
        var values = List.of(
                "0.0",
                "-0.0",
                "4.9e-324",
                "1e-323",
                "2.2250738585072014e-308",
                "2.225073858507201e-308",
                "1.7976931348623157e308",
                "-1.7976931348623157e308",
                "9.5e-5",
                "9.999999999999999e15",
                "1e16",
                "1e23",
                "9007199254740993",
                "2e-323",
                "5e-5",
                "9.007199254740992e15",
                "0.3");
        for (var text : values) {
            double value = Double.parseDouble(text);
            assertThat(Numbers.shortest(value)).isEqualTo(SearchedDigits.shortest(value));
        }
    }

    private static String text(long value) {
        var bytes = new byte[NumberBytes.MOST_LONG_BYTES + 1];
        int end = NumberBytes.write(value, bytes, 1);
        return new String(bytes, 1, end - 1, StandardCharsets.US_ASCII);
    }
}
