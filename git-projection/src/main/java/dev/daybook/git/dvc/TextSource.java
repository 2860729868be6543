package dev.daybook.git.dvc;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The text of a parameter file and the places in it: offsets are in chars, lines are counted from 1. */
class TextSource {

    static final char BOM = '\uFEFF';

    private final String fileName;
    private final String text;

    TextSource(String fileName, String text) {
        this.fileName = fileName;
        this.text = text;
        if (text.getBytes(StandardCharsets.UTF_8).length > ParamLimits.MAX_BYTES) {
            throw tooLarge(fileName);
        }
    }

    /**
     * A file without a byte order mark.
     *
     * @param format what the refusal of one calls the file's format
     */
    static TextSource decode(String fileName, byte[] content, String format) {
        var text = decodeUtf8(fileName, content);
        if (!text.isEmpty() && text.charAt(0) == BOM) {
            throw new ParamFileException(
                    fileName,
                    1,
                    "the file begins with a byte order mark, which DVC cannot read in " + format
                            + "; save it without one");
        }
        return new TextSource(fileName, text);
    }

    static String decodeUtf8(String fileName, byte[] content) {
        if (content.length > ParamLimits.MAX_BYTES) {
            throw tooLarge(fileName);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ParamFileException(fileName, "the file is not valid UTF-8; save it as UTF-8");
        }
    }

    private static ParamFileException tooLarge(String fileName) {
        return new ParamFileException(fileName, "the file is larger than 1 MiB; keep data out of parameter files");
    }

    /** DVC takes one for a line break, parsers leave it out of a string or see a line where DVC's sees another. */
    final void refuseLoneReturns() {
        for (int at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) {
            if (at + 1 == text.length() || text.charAt(at + 1) != '\n') {
                throw refusal(at, "a carriage return stands by itself; end the line with a line feed");
            }
        }
    }

    TextSource withText(String other) {
        return new TextSource(fileName, other);
    }

    final String fileName() {
        return fileName;
    }

    /** The text without the byte order mark. */
    final String text() {
        return text;
    }

    byte[] toBytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Where the line of this offset begins. */
    final int lineStart(int offset) {
        int start = offset;
        while (start > 0 && !isBreak(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    /** Where the line of this offset ends, before its line break. */
    final int lineEnd(int offset) {
        int end = offset;
        while (end < text.length() && !isBreak(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Where the next line begins; the end of the text if there is none. */
    final int nextLine(int offset) {
        int end = lineEnd(offset);
        if (end < text.length()) {
            end += text.startsWith("\r\n", end) ? 2 : 1;
        }
        return end;
    }

    final int column(int offset) {
        return offset - lineStart(offset);
    }

    /** The spaces and tabs that the line of this offset begins with. */
    final String indent(int offset) {
        int start = lineStart(offset);
        int end = start;
        while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
            end++;
        }
        return text.substring(start, end);
    }

    /** The file's own line break, that of its first line. */
    final String newline() {
        int end = lineEnd(0);
        return end == text.length() ? "\n" : text.substring(end, nextLine(0));
    }

    final boolean endsWithBreak() {
        return text.isEmpty() || isBreak(text.charAt(text.length() - 1));
    }

    final ParamFileException refusal(int offset, String problem) {
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
}
