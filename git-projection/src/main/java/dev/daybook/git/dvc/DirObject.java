package dev.daybook.git.dvc;

import dev.daybook.git.dvc.DvcCache.Stored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * The list of a folder's files as DVC hashes it: what Python's {@code json.dumps} makes of it, in ASCII, in the order of code points.
 *
 * @param hash of the text, with {@link #SUFFIX}
 */
record DirObject(String hash, String text) {

    static final String SUFFIX = ".dir";

    /** Python's: UTF-8 sorts by code points, UTF-16 does not. */
    static final Comparator<String> ORDER = (a, b) -> {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                return Integer.compare(weight(a.charAt(i)), weight(b.charAt(i)));
            }
        }
        return Integer.compare(a.length(), b.length());
    };

    /** Halves of characters beyond the first plane come after all others. */
    private static int weight(char c) {
        return Character.isSurrogate(c) ? c + 0x10000 : c;
    }

    /** @param files by path, in {@link #ORDER} */
    static DirObject of(SortedMap<String, Stored> files) {
        var out = new StringBuilder("[");
        files.forEach((path, stored) -> {
            out.append(out.length() > 1 ? ", " : "").append("{\"md5\": \"").append(stored.hash());
            out.append("\", \"relpath\": ");
            JsonWriter.quote(path, true, out).append('}');
        });
        var text = out.append(']').toString();
        return new DirObject(Md5.of(text.getBytes(StandardCharsets.US_ASCII)) + SUFFIX, text);
    }

    /**
     * The files of a list: their MD5s by their paths from the folder.
     *
     * @throws IOException if that is no list of a folder's files
     */
    static Map<String, String> read(byte[] content) throws IOException {
        var list = Json.read(content);
        if (!list.isArray()) {
            throw noList();
        }
        var files = new LinkedHashMap<String, String>();
        for (var entry : list) {
            var path = entry.path("relpath").textValue();
            var hash = entry.path("md5").textValue();
            boolean isFile = path != null && !path.isEmpty() && hash != null && hash.matches("[0-9a-f]{32}");
            if (!isFile || files.put(path, hash) != null) {
                throw noList();
            }
        }
        return files;
    }

    private static IOException noList() {
        return new IOException("it is no list of a folder's files");
    }

    byte[] content() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
