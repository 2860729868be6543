package dev.daybook.git.dvc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LiteralDeflaterProperties {

    private static final int BEFORE = 3;

    private final LiteralDeflater deflater = new LiteralDeflater();

    private byte[] deflated(byte[] bytes) {
        var out = new byte[BEFORE + LiteralDeflater.most(bytes.length)];
        int end = deflater.write(bytes, bytes.length, out, BEFORE);
        return Arrays.copyOfRange(out, BEFORE, end);
    }

    private static byte[] inflated(byte[] deflated, int length) throws DataFormatException {
        var inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            var bytes = new byte[length + 1];
            int size = inflater.inflate(bytes);
            assertThat(inflater.finished()).isTrue();
            assertThat(inflater.getRemaining()).isZero();
            return Arrays.copyOf(bytes, size);
        } finally {
            inflater.end();
        }
    }

    @Property(tries = 2_000)
    void zlib_reads_back_any_bytes(@ForAll byte[] bytes) throws DataFormatException {
        assertThat(inflated(deflated(bytes), bytes.length)).isEqualTo(bytes);
        assertThat(deflated(bytes)).as("used again").isEqualTo(deflated(bytes));
    }

    /** Counts like Fibonacci's numbers make the longest codes that there are. */
    @Example
    void no_code_is_longer_than_the_format_allows() throws DataFormatException {
        var bytes = new ByteArrayOutputStream();
        for (int symbol = 0, count = 1, next = 1; symbol < 25; symbol++) {
            for (int i = 0; i < count; i++) {
                bytes.write(symbol);
            }
            int sum = count + next;
            count = next;
            next = sum;
        }

        assertThat(inflated(deflated(bytes.toByteArray()), bytes.size())).isEqualTo(bytes.toByteArray());
    }

    @Example
    void rows_of_digits_take_less_than_half() {
        var rows = new StringBuilder();
        for (int step = 0; step < 4_096; step++) {
            rows.append(step)
                    .append('\t')
                    .append(Numbers.shortest(Math.sin(step)))
                    .append('\n');
        }

        assertThat(deflated(rows.toString().getBytes(StandardCharsets.UTF_8)).length)
                .isLessThan(rows.length() * 48 / 100);
    }
}
