package dev.daybook.git;

import java.io.IOException;

/** There is no git that could be started. */
final class GitMissingException extends IOException {

    private static final long serialVersionUID = 1;

    GitMissingException(String message, IOException cause) {
        super(message, cause);
    }
}
