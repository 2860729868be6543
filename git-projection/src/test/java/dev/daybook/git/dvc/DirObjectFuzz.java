package dev.daybook.git.dvc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.daybook.git.dvc.DvcCache.Stored;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** For Jazzer: any bytes are the list of a folder's files, or refused in one way. */
public final class DirObjectFuzz {

    private DirObjectFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        Map<String, String> files;
        try {
            files = DirObject.read(bytes);
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        assertThat(new String(bytes, UTF_8)).contains("[");
        assertThat(files.keySet()).doesNotContain("");
        assertThat(files.values()).allMatch(hash -> hash.matches("[0-9a-f]{32}"));
        var sorted = new TreeMap<String, Stored>(DirObject.ORDER);
        files.forEach((path, hash) -> sorted.put(path, new Stored(hash, 0, 1)));
        assertThat(DirObject.read(DirObject.of(sorted).content())).isEqualTo(files);
    }

    public static List<byte[]> seeds() {
        var one = "{\"md5\": \"7fc56270e7a70fa81a5935b72eacbe29\", \"relpath\": \"sub/A \\u00e9\"}";
        var other = "{\"md5\": \"0cc175b9c0f1b6a831c399e269772661\", \"relpath\": \"b\"}";
        return Stream.of("[]", "[" + one + "]", "[" + one + ", " + other + "]", "{\"x\": " + one + "}")
                .map(text -> text.getBytes(UTF_8))
                .toList();
    }
}
