package dev.daybook.git.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.lifecycle.ParamValue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * For Jazzer: any text is a parameter file or refused, and an edit gives the old values with the new one or is refused. The first three bytes say the
 * format, what is set, and where.
 */
public final class ParamFileFuzz {

    private static final List<String> NAMES = List.of("conf.yaml", "conf.json", "conf.toml");
    private static final int HEADER = 3;

    private static final List<ParamValue> VALUES = List.of(
            ParamValue.of(7),
            ParamValue.of(Long.MIN_VALUE),
            ParamValue.of(1e-7),
            ParamValue.of(Double.NaN),
            ParamValue.of(true),
            ParamValue.ofNull(),
            ParamValue.of("plain"),
            ParamValue.of(""),
            ParamValue.of("null"),
            ParamValue.of("- a: 'b' # c"),
            ParamValue.of("two\nlines\n"),
            ParamValue.of("\u0085\u2028\ud83d\ude00\t\u0001"),
            ParamValue.of(List.of()),
            ParamValue.of(List.of(ParamValue.of(1), ParamValue.of(List.of(ParamValue.of("x"))))),
            ParamValue.of(Map.of()),
            ParamValue.of(Map.of("a b", ParamValue.of(Map.of("c", ParamValue.of(2.5))))));

    private ParamFileFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length < HEADER) {
            return;
        }
        var name = NAMES.get(Math.floorMod(bytes[0], NAMES.size()));
        var content = Arrays.copyOfRange(bytes, HEADER, bytes.length);
        try {
            var file = ParamFile.parse(name, content);
            assertThat(file.toBytes()).isEqualTo(content);
            var paths = ParamCase.paths(file.values());
            var value = VALUES.get(Math.floorMod(bytes[1], VALUES.size()));
            var path = paths.isEmpty() ? List.of("new") : paths.get(Math.floorMod(bytes[2], paths.size()));
            edit(name, file, path, value);
        } catch (ParamFileException e) {
            assertThat(e.getMessage()).startsWith("conf.");
        }
    }

    private static void edit(String name, ParamFile file, List<String> path, ParamValue value) {
        var edited = file.with(path, value);
        assertThat(edited.values()).isEqualTo(ParamPaths.with(file.values(), path, value));
        assertThat(ParamFile.parse(name, edited.toBytes()).values()).isEqualTo(edited.values());
        assertThat(edited.get(path)).contains(value);
        assertThat(edited.with(path, value)).isSameAs(edited);
        file.get(path)
                .ifPresent(old -> assertThat(edited.with(path, old).values()).isEqualTo(file.values()));
    }

    public static List<byte[]> seeds() {
        var yaml = List.of(
                "lr: 0.01 # a rate\nnet:\n  layers: [1, 2, {a: b}]\n  'q k': \"x\\ty\"\n",
                "a:\n- 1\n- b: |\n    text\n    more\n- >-\n  folded\n  on\n",
                "? x\n: &a 1\ny: *a\nz: {k: !!str 1, m: ~}\n",
                "---\n# only\na: 1_000\nb: 0o14\nc: 2001-01-01\nd: .inf\n...\n");
        var json = List.of(
                "{\n  \"lr\": 0.01,\n  \"net\": {\"layers\": [1, 2], \"q k\": \"x\\u00e9\"}\n}\n",
                "{\"a\":{\"b\":{\"c\":[{\"d\":null},true,-1e9]}}}");
        var toml = List.of(
                "lr = 0.01 # a rate\n[net]\nlayers = [1, 2]\n\"q k\" = 'x'\n[net.deep]\nd = 1979-05-27T07:32:00Z\n",
                "a.b = {c = 1, d = [\n  1, # one\n  2,\n]}\n[[t]]\nx = \"\"\"\ntext\"\"\"\n[[t]]\nx = 0xFF\n");
        return Stream.of(seeds(0, yaml), seeds(1, json), seeds(2, toml))
                .flatMap(each -> each)
                .toList();
    }

    private static Stream<byte[]> seeds(int format, List<String> texts) {
        return IntStream.range(0, texts.size())
                .boxed()
                .flatMap(number -> Stream.of(1, 2, 3).map(place -> {
                    var text = texts.get(number).getBytes(UTF_8);
                    var seed = new byte[HEADER + text.length];
                    seed[0] = (byte) format;
                    seed[1] = (byte) (number * 3 + place);
                    seed[2] = (byte) (place * 2);
                    System.arraycopy(text, 0, seed, HEADER, text.length);
                    return seed;
                }));
    }
}
