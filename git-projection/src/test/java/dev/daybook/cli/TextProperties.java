package dev.daybook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;

class TextProperties {

    /** Such as training logs, short decimals, powers of ten and their neighbours, and middles between two decimals of six digits. */
    @Provide
    Arbitrary<Double> numbers() {
        var fractions = Combinators.combine(
                        Arbitraries.longs().between(-1_000_000, 1_000_000),
                        Arbitraries.longs().between(1, 1_000_000))
                .as((above, below) -> (double) above / below);
        var decimals = Combinators.combine(
                        Arbitraries.longs().between(-99_999_999, 99_999_999),
                        Arbitraries.integers().between(-12, 8))
                .as((digits, exponent) -> Double.parseDouble(digits + "e" + exponent));
        var middles = Combinators.combine(
                        Arbitraries.longs().between(100_000, 999_999),
                        Arbitraries.integers().between(-12, 3),
                        Arbitraries.integers().between(-1, 1))
                .as((digits, exponent, ulps) -> {
                    double value = Double.parseDouble(digits + "5e" + exponent);
                    return value + ulps * Math.ulp(value);
                });
        var powers = Combinators.combine(
                        Arbitraries.integers().between(-8, 8),
                        Arbitraries.integers().between(-3, 3))
                .as((exponent, ulps) -> {
                    double value = Double.parseDouble("1e" + exponent);
                    return value + ulps * Math.ulp(value);
                });
        var bits = Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
        return Arbitraries.oneOf(fractions, decimals, middles, powers, bits);
    }

    @Property
    void a_text_that_is_cut_fits_and_keeps_what_is_asked_for(
            @ForAll @NotEmpty @StringLength(max = 60) String any,
            @ForAll @IntRange(max = 60) int index,
            @ForAll @IntRange(min = 9, max = 60) int columns) {
        var text = Text.printable(any);
        int at = Math.min(index, text.length() - 1);
        var other = text.substring(0, at) + (text.charAt(at) == 'x' ? 'y' : 'x') + text.substring(at + 1);

        var cut = Text.cut(text, columns, at);

        assertThat(Text.columns(cut)).isLessThanOrEqualTo(columns);
        if (Text.columns(text) == text.length() && Text.columns(other) == text.length()) {
            assertThat(cut).isNotEqualTo(Text.cut(other, columns, at));
        }
    }

    @Property(tries = 20_000)
    void the_quick_way_to_six_digits_gives_what_exact_decimals_give(@ForAll("numbers") double number) {
        var exact = BigDecimal.valueOf(number).round(new MathContext(6));

        assertThat(new BigDecimal(Text.brief(number))).isEqualByComparingTo(exact);
        assertThat(Text.brief(number)).doesNotContain("E").doesNotMatch(".*\\.[0-9]*0(e.*)?");
    }
}
