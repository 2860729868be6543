package dev.daybook.git.dvc;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** The text of a YAML file, which may begin with a byte order mark, and its parser's marks, which count code points. */
final class YamlSource extends TextSource {

    private final boolean bom;
    /** The char offset of each code point; empty where the two are the same. */
    private final int[] offsets;

    private YamlSource(String fileName, boolean bom, String text) {
        super(fileName, text);
        this.bom = bom;
        this.offsets = offsets(text);
        refuseForbiddenCharacters();
        refuseLoneReturns();
    }

    static YamlSource decode(String fileName, byte[] content) {
        var text = decodeUtf8(fileName, content);
        boolean bom = !text.isEmpty() && text.charAt(0) == BOM;
        return new YamlSource(fileName, bom, bom ? text.substring(1) : text);
    }

    @Override
    YamlSource withText(String other) {
        return new YamlSource(fileName(), bom, other);
    }

    @Override
    byte[] toBytes() {
        return (bom ? BOM + text() : text()).getBytes(StandardCharsets.UTF_8);
    }

    int offset(Optional<Mark> mark) {
        int index = mark.orElseThrow().getIndex();
        return offsets.length == 0 ? index : offsets[index];
    }

    private void refuseForbiddenCharacters() {
        for (int i = 0; i < text().length(); i++) {
            char c = text().charAt(i);
            boolean control = (c < ' ' && c != '\t' && !isBreak(c)) || (c >= 0x7F && c < 0xA0);
            boolean separator = c == 0x2028 || c == 0x2029 || c == BOM || c >= 0xFFFE;
            if (control || separator) {
                throw refusal(
                        i,
                        String.format(
                                "the character U+%04X may not stand here; write it as an escape in double quotes",
                                (int) c));
            }
        }
    }

    private static int[] offsets(String text) {
        int count = text.codePointCount(0, text.length());
        if (count == text.length()) {
            return new int[0];
        }
        var offsets = new int[count + 1];
        for (int i = 0, at = 0; i < count; i++) {
            offsets[i] = at;
            at += Character.charCount(text.codePointAt(at));
        }
        offsets[count] = text.length();
        return offsets;
    }
}
