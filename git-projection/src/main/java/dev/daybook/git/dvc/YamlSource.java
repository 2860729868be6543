package dev.daybook.git.dvc;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** The text of a YAML file and the places in it: offsets are in chars, lines are counted from 1. */
final class YamlSource {

    static final int MAX_BYTES = 1 << 20;

    private static final char BOM = '\uFEFF';

    private final String fileName;
    private final boolean bom;
    private final String text;
    /** The char offset of each code point; empty where the two are the same. */
    private final int[] offsets;

    private YamlSource(String fileName, boolean bom, String text) {
        this.fileName = fileName;
        this.bom = bom;
        this.text = text;
        this.offsets = offsets(text);
        if (text.length() > MAX_BYTES || toBytes().length > MAX_BYTES) {
            throw new ParamFileException(fileName, "the file is larger than 1 MiB; keep data out of parameter files");
        }
        refuseForbiddenCharacters();
    }

    static YamlSource decode(String fileName, byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new ParamFileException(fileName, "the file is larger than 1 MiB; keep data out of parameter files");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ParamFileException(fileName, "the file is not valid UTF-8; save it as UTF-8");
        }
        boolean bom = !text.isEmpty() && text.charAt(0) == BOM;
        return new YamlSource(fileName, bom, bom ? text.substring(1) : text);
    }

    YamlSource withText(String other) {
        return new YamlSource(fileName, bom, other);
    }

    String fileName() {
        return fileName;
    }

    /** The text without the byte order mark. */
    String text() {
        return text;
    }

    byte[] toBytes() {
        return (bom ? BOM + text : text).getBytes(StandardCharsets.UTF_8);
    }

    int offset(Optional<Mark> mark) {
        int index = mark.orElseThrow().getIndex();
        return offsets.length == 0 ? index : offsets[index];
    }

    /** Where the line of this offset begins. */
    int lineStart(int offset) {
        int start = offset;
        while (start > 0 && !isBreak(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    /** Where the line of this offset ends, before its line break. */
    int lineEnd(int offset) {
        int end = offset;
        while (end < text.length() && !isBreak(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Where the next line begins; the end of the text if there is none. */
    int nextLine(int offset) {
        int end = lineEnd(offset);
        if (end < text.length()) {
            end += text.startsWith("\r\n", end) ? 2 : 1;
        }
        return end;
    }

    int column(int offset) {
        return offset - lineStart(offset);
    }

    /** The file's own line break, that of its first line. */
    String newline() {
        int end = lineEnd(0);
        return end == text.length() ? "\n" : text.substring(end, nextLine(0));
    }

    boolean endsWithBreak() {
        return text.isEmpty() || isBreak(text.charAt(text.length() - 1));
    }

    ParamFileException refusal(int offset, String problem) {
        int line = 1;
        for (int at = nextLine(0); at <= offset && at > 0 && isBreak(text.charAt(at - 1)); at = nextLine(at)) {
            line++;
            if (at == text.length()) {
                break;
            }
        }
        return new ParamFileException(fileName, line, problem);
    }

    static boolean isBreak(char c) {
        return c == '\n' || c == '\r';
    }

    private void refuseForbiddenCharacters() {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
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
