package dev.daybook.git.dvc;

import dev.daybook.DaybookException;
import java.io.Serial;
import java.util.OptionalInt;

/**
 * A parameter file cannot be read, or cannot be edited without changing more than was asked for.
 *
 * <p>The message is one sentence: the file, the line, what is wrong and what to do. Nothing was changed.
 */
public final class ParamFileException extends DaybookException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String fileName;
    private final int line;

    ParamFileException(String fileName, String problem) {
        super(fileName + ": " + problem);
        this.fileName = fileName;
        this.line = 0;
    }

    ParamFileException(String fileName, String problem, Throwable cause) {
        super(fileName + ": " + problem, cause);
        this.fileName = fileName;
        this.line = 0;
    }

    ParamFileException(String fileName, int line, String problem) {
        super(fileName + ", line " + line + ": " + problem);
        this.fileName = fileName;
        this.line = line;
    }

    /** The file as the caller named it. */
    public String fileName() {
        return fileName;
    }

    /** The line that the problem is on, from 1; empty if it is not about a place. */
    public OptionalInt line() {
        return line == 0 ? OptionalInt.empty() : OptionalInt.of(line);
    }
}
